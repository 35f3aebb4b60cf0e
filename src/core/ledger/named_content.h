// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "core/job/record.h"

// What a record names by SHA-256 instead of holding it.

namespace attacca::core {

struct NamedContent {
    Sha256 digest;
    std::optional<std::uint64_t> bytes;  // of files; of bodies the record does not tell
    std::string name;                    // for people
    [[nodiscard]] bool is_body() const { return !bytes.has_value(); }
    friend bool operator==(const NamedContent&, const NamedContent&) = default;
};

// In the order of the record's members, the same one perhaps twice.
[[nodiscard]] std::vector<NamedContent> named_content(const Payload& payload);

}  // namespace attacca::core
