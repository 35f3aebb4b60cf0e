// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "core/job/ids.h"

// A legal hold: while it stands, nothing of its scope is erased or deleted, whatever else says so.
// A scope is one job, or everything of a tenant. Several matters may hold the same scope; it is
// free when the last of them is released.

namespace attacca::core {

inline constexpr std::size_t holds_max = 10'000;         // of one tenant
inline constexpr std::size_t matter_bytes_max = 200;
inline constexpr std::size_t person_bytes_max = 200;

struct HoldPlaced {
    std::optional<JobId> job;  // nothing: everything of the tenant
    std::string matter;
    std::string by;  // the person who ordered it
    friend bool operator==(const HoldPlaced&, const HoldPlaced&) = default;
};
struct HoldReleased {
    std::optional<JobId> job;
    std::string matter;
    std::string by;
    friend bool operator==(const HoldReleased&, const HoldReleased&) = default;
};

struct PlaceHold {
    std::string tenant;
    std::string actor;
    std::optional<JobId> job;
    std::string matter;
    std::string by;
};
struct ReleaseHold {
    std::string tenant;
    std::string actor;
    std::optional<JobId> job;
    std::string matter;
    std::string by;
};

struct Hold {
    std::optional<JobId> job;
    std::string matter;
    std::string by;
    WallTime at;
    friend bool operator==(const Hold&, const Hold&) = default;
};

// The holds of one tenant, in the order in which they were placed.
class Holds {
  public:
    [[nodiscard]] const std::vector<Hold>& all() const { return holds_; }
    [[nodiscard]] const Hold* find(const std::optional<JobId>& job, std::string_view matter) const;
    // The first hold that covers this job; null when it is free.
    [[nodiscard]] const Hold* over(const JobId& job) const;

    // False when it does not fit: placed before, or never placed.
    [[nodiscard]] bool place(Hold hold);
    [[nodiscard]] bool release(const std::optional<JobId>& job, std::string_view matter);

  private:
    std::vector<Hold> holds_;
};

// `hold/<tenant>`
[[nodiscard]] std::string hold_entity(std::string_view tenant);

// The scope as records and answers write it: `job/<id>`, or `tenant`.
[[nodiscard]] std::string scope_text(const std::optional<JobId>& job);
// Errors: invalid_value.
[[nodiscard]] Result<std::optional<JobId>> parse_scope(std::string_view text);

// The folded state as JSON text, as the store keeps it.
[[nodiscard]] std::string image_of(const Holds& holds);
// Errors: corrupt.
[[nodiscard]] Result<Holds> load_holds(std::string_view image);

}  // namespace attacca::core
