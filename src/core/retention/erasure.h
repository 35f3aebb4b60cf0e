// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "core/job/ids.h"

// The erasure of a sealed job: its key is destroyed, and the record says so. What the ledger holds
// of the job stays as it was, and can be read by nobody. A hold forbids it, which is recorded too.
//
// A job's chain is closed by its end, so these records have an entity of their own.

namespace attacca::core {

inline constexpr std::string_view erasure_prefix = "erasure/";
inline constexpr std::size_t reason_bytes_max = 500;

struct Erased {
    JobId job;
    std::string by;      // who ordered it
    std::string reason;
    friend bool operator==(const Erased&, const Erased&) = default;
};

struct EraseRefused {
    JobId job;
    std::string by;
    std::string matter;  // of the hold that stands
    std::string reason;
    friend bool operator==(const EraseRefused&, const EraseRefused&) = default;
};

// Folded from them.
struct Erasure {
    std::optional<WallTime> erased_at;
    std::string by;
    std::string reason;
    std::uint32_t refused = 0;  // times
    friend bool operator==(const Erasure&, const Erasure&) = default;
};

// `erasure/` and the job's UUID.
[[nodiscard]] std::string erasure_entity(const JobId& job);
[[nodiscard]] std::string image_of(const Erasure& erasure);
// Errors: corrupt.
[[nodiscard]] Result<Erasure> load_erasure(std::string_view image);

}  // namespace attacca::core
