// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "core/tenant/settings.h"
#include "core/tenant/task_kind_counts.h"

// A tenant in the state, and the list of all of them.
//
// Settings and usage are folded from records and stored as a row. The counts are those of live jobs
// and leases and are stored nowhere: recount_tenants() makes them anew at a start. Numbers are
// given out in the order in which tenants become known, so they hold for one process only.

namespace attacca::core {

// What a tenant has used. Usage of the day begins at 0 with the first event of a new UTC day.
struct TenantUsage {
    std::uint64_t jobs = 0;     // created
    std::uint64_t slot_us = 0;  // slot time of attempts that ended
    std::int64_t day = 0;       // days since 1970
    std::uint64_t day_jobs = 0;
    std::uint64_t day_slot_us = 0;
    // Theoretical arrival times of the rate limits (schedule/gcra.h), in nanoseconds since 1970.
    std::int64_t job_tat_ns = 0;
    std::int64_t start_tat_ns = 0;
    friend bool operator==(const TenantUsage&, const TenantUsage&) = default;
};

struct Tenant {
    std::string name;
    std::uint32_t number = 0;
    TenantSettings settings;
    WallTime created_at;  // of its first record; 0 while it has none
    WallTime changed_at;
    TenantUsage usage;

    // Counts of what is live.
    std::uint64_t live_jobs = 0;
    std::uint64_t unstarted_jobs = 0;  // no attempt has begun
    std::uint64_t ready = 0;           // instances in the ready queue that will take a slot
    std::uint64_t running = 0;         // attempts that hold a slot
    // Sum of the begins of those attempts, modulo 2^64: running · now − this is their slot time.
    std::uint64_t begin_us_sum = 0;
    TaskKindCounts task_kinds;

    bool is_dirty = false;  // of the open batch

    // Slot time of the attempts that hold a slot now.
    [[nodiscard]] std::uint64_t open_slot_us(WallTime now) const {
        const std::uint64_t open = running * static_cast<std::uint64_t>(now.us) - begin_us_sum;
        return static_cast<std::int64_t>(open) < 0 ? 0 : open;  // the clock was set back
    }
};

[[nodiscard]] std::int64_t day_of(WallTime at);
// The first instant of the next day.
[[nodiscard]] WallTime end_of_day(WallTime at);
// Begins a new day when `at` lies in one.
void roll_day(TenantUsage& usage, WallTime at);

class Tenants {
  public:
    // With the default tenant alone.
    Tenants();

    // nullptr when there is none of this name.
    [[nodiscard]] const Tenant* find(std::string_view name) const;
    [[nodiscard]] Tenant* find(std::string_view name);
    // The tenant, made with default settings when there was none.
    Tenant& of(std::string_view name);
    [[nodiscard]] const Tenant& at(std::uint32_t number) const { return *all_[number]; }
    [[nodiscard]] Tenant& at(std::uint32_t number) { return *all_[number]; }
    [[nodiscard]] std::size_t size() const { return all_.size(); }
    // In ascending order of names.
    [[nodiscard]] const std::map<std::string, std::uint32_t, std::less<>>& by_name() const {
        return numbers_;
    }

  private:
    std::map<std::string, std::uint32_t, std::less<>> numbers_;
    std::vector<std::unique_ptr<Tenant>> all_;
};

}  // namespace attacca::core
