// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "core/tenant/tenant.h"

// What can be asked about tenants, and the answers. Parts of Command and Acceptance (command.h).

namespace attacca::core {

// Makes a tenant, or changes one: the settings replace what was set before.
struct SetTenant {
    std::string name;
    std::string actor;
    TenantSettings settings;
};
// Asks for tenants in ascending order of names; changes nothing.
struct ReadTenants {
    std::string name;   // only this one; empty: all
    std::string after;  // only greater names
    std::uint32_t limit = 1000;
};

// A tenant as it is now: a copy of what the state holds.
struct TenantReport {
    std::string name;
    TenantSettings settings;
    WallTime created_at;  // 0 while nothing was set
    WallTime changed_at;
    TenantUsage usage;    // slot time of attempts that still run included
    std::uint64_t live_jobs = 0;
    std::uint64_t queued = 0;   // node instances that wait for a slot
    std::uint64_t running = 0;  // attempts that hold one
    // Of the fair queue: the share of slot time that the tenant got of late, in millionths, and by
    // how much slot time it is behind (ahead, when negative). Nothing while it had no work.
    std::optional<std::int64_t> share_ppm;
    std::optional<std::int64_t> lag_us;
};
struct TenantReports {
    std::vector<TenantReport> tenants;
    bool has_more = false;
    bool is_created = false;  // the answer to a SetTenant that made it
};

// A limit of new jobs, as an answer's headers tell it.
struct LimitNotice {
    std::string_view policy;     // `jobs`, `queued`, …
    std::uint64_t limit = 0;
    std::int64_t window_s = 0;   // 0: it does not count by time
    std::uint64_t left = 0;
    std::int64_t reset_s = 0;    // until all of it is there again
};

inline constexpr std::string_view policy_rate = "jobs";
inline constexpr std::string_view policy_jobs = "jobs-per-day";
inline constexpr std::string_view policy_slot_time = "slot-seconds-per-day";
inline constexpr std::string_view policy_queued = "queued";
inline constexpr std::string_view policy_water = "all-queued";
inline constexpr std::string_view policy_capabilities = "capability-sets";

// New jobs were not let in.
struct Throttled {
    Error error;
    std::string policy;              // the limit that was met
    std::int64_t retry_after_s = 0;  // 0: waiting does not help
    std::vector<LimitNotice> limits = {};
};

}  // namespace attacca::core
