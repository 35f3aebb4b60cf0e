// SPDX-License-Identifier: Apache-2.0
#include "core/retention/pruning.h"

#include <algorithm>
#include <array>

namespace attacca::core {

bool is_kept_for_ever(std::string_view type) {
    constexpr std::array<std::string_view, 8> types = {
        "anchor_timestamped", "entries_pruned", "erase_refused", "erased",
        "hold_placed",        "hold_released",  "key_rotated",   "ledger_restored"};
    return std::find(types.begin(), types.end(), type) != types.end();
}

std::optional<Duration> shortest(const RetentionPolicy& policy) {
    return policy.least && policy.usual ? std::min(policy.least, policy.usual)
           : policy.least               ? policy.least
                                        : policy.usual;
}

std::optional<Duration> retention_of(const RetentionPolicy& policy, std::string_view asked) {
    if (asked.empty()) {
        return policy.usual;
    }
    const auto parsed = parse_retention(asked);
    const std::optional<Duration>& least = policy.least ? policy.least : policy.usual;
    return parsed && *parsed && least ? std::max(*parsed, least) : std::nullopt;
}

Result<std::optional<Duration>> parse_retention(std::string_view text) {
    if (text == "forever") {
        return std::optional<Duration>();
    }
    constexpr std::string_view units = "smhdy";
    constexpr std::array<std::int64_t, 5> lengths = {1, 60, 3600, 86'400, 31'557'600};
    constexpr std::int64_t seconds_max = 100 * lengths.back();
    const std::size_t unit = text.empty() ? text.npos : units.find(text.back());
    const std::optional<std::uint64_t> number =
        unit == text.npos ? std::nullopt : parse_u64(text.substr(0, text.size() - 1));
    if (!number || *number < 1 ||
        *number > static_cast<std::uint64_t>(seconds_max / lengths[unit])) {
        return fail(Problem::invalid_value,
                    "expected a retention such as `400d` or `7y`, of at most 100 years, or "
                    "`forever`");
    }
    return std::optional(seconds(static_cast<std::int64_t>(*number) * lengths[unit]));
}

}  // namespace attacca::core
