// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/json.h"
#include "base/result.h"

// What an operator sets for a tenant. Plain data: the record `tenant_set` carries all of it, so the
// newest record of a tenant says everything.

namespace attacca::core {

// The tenant of whoever names none; it always exists.
inline constexpr std::string_view default_tenant = "default";
// The server's own records, which every tenant may see. Nobody acts for it.
inline constexpr std::string_view system_tenant = "system";

inline constexpr std::uint32_t weight_default = 1000;
inline constexpr std::uint32_t weight_max = 1'000'000;
// The bounds keep every product of a rate below 2^63 nanoseconds (schedule/gcra.h).
inline constexpr std::uint32_t rate_count_max = 1'000'000;
inline constexpr std::uint32_t rate_per_ms_max = 86'400'000;
inline constexpr std::uint64_t quota_max = 1'000'000'000'000;

// `count` in every `per_ms`, at most `burst` of them at once.
struct RateLimit {
    std::uint32_t count = 1;
    std::uint32_t per_ms = 1000;
    std::uint32_t burst = 1;
    friend bool operator==(const RateLimit&, const RateLimit&) = default;
};

struct TenantSettings {
    std::uint32_t weight = weight_default;
    std::optional<std::uint32_t> max_concurrency;  // attempts that hold a slot at the same time
    std::optional<std::uint32_t> max_queued;       // jobs that have not started
    std::optional<RateLimit> rate_limit;           // of new jobs: refused beyond it
    std::optional<RateLimit> start_rate;           // of attempts that take a slot: they wait
    std::optional<std::uint64_t> jobs_per_day;     // UTC days
    std::optional<std::uint64_t> slot_seconds_per_day;
    friend bool operator==(const TenantSettings&, const TenantSettings&) = default;
};

// 1 to 63 of [A-Za-z0-9._-], the first a letter or a digit, and not `system`.
[[nodiscard]] bool is_tenant_name(std::string_view text);

// The body of a request: what is absent or null is not limited, and the weight is the default.
// Errors: wrong_type, unknown_field, out_of_range, invalid_value.
[[nodiscard]] Result<TenantSettings> parse_tenant_settings(const Json& json);
// The same form; parsing it gives equal settings.
[[nodiscard]] Json json_of(const TenantSettings& settings);

}  // namespace attacca::core
