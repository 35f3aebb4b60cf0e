// SPDX-License-Identifier: Apache-2.0
#include "core/ledger/origin.h"

#include <cstdint>
#include <optional>

#include "base/bytes.h"

namespace attacca::core {
namespace {

constexpr std::uint64_t restores_max = 1'000'000;

}  // namespace

std::string next_origin(std::string_view origin) {
    const std::size_t slash = origin.rfind('/');
    const std::optional<std::uint64_t> number =
        slash == origin.npos ? std::nullopt : parse_u64(origin.substr(slash + 1));
    if (number && *number >= 1 && *number + 1 < restores_max) {
        return std::string(origin.substr(0, slash + 1)) + std::to_string(*number + 1);
    }
    return std::string(origin) + "/2";
}

bool is_former_origin(std::string_view origin, std::string_view later) {
    // Of two in one line, the earlier is not the longer, and they part at the last number only.
    const std::size_t slash = later.rfind('/');
    const std::optional<std::uint64_t> number =
        slash == later.npos ? std::nullopt : parse_u64(later.substr(slash + 1));
    if (!number || *number < 2 || *number >= restores_max) {
        return false;
    }
    const std::string_view base = later.substr(0, slash);
    if (origin == base) {
        // What itself ends in a number goes on by that number.
        return next_origin(origin) == std::string(base) + "/2";
    }
    if (origin.size() <= slash || origin.substr(0, slash + 1) != later.substr(0, slash + 1)) {
        return false;
    }
    const std::optional<std::uint64_t> earlier = parse_u64(origin.substr(slash + 1));
    return earlier && *earlier >= 1 && *earlier < *number;
}

}  // namespace attacca::core
