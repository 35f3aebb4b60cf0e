// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/job/record.h"
#include "invariants/violations.h"
#include "marks.h"
#include "ports/store_batch.h"
#include "prng.h"

// The reference model of tenants: what is set, and what was used, recounted from durable records.
//
// I22: a job stays with the tenant that asked for it. I23: the stored usage equals a recount.

namespace attacca::sim {

[[nodiscard]] inline std::string tenant_name(std::uint32_t number) {
    return number == 0 ? "default" : "tenant-" + std::to_string(number);
}

inline core::TenantSettings draw_settings(Prng& prng) {
    core::TenantSettings settings;
    settings.weight = 1 + prng.below(100);
    if (prng.chance(300)) {
        settings.max_concurrency = 1 + prng.below(4);
    }
    if (prng.chance(200)) {
        settings.max_queued = 1 + prng.below(20);
    }
    if (prng.chance(200)) {
        const std::uint32_t count = 1 + prng.below(200);
        settings.rate_limit = core::RateLimit{count, 1000, 1 + prng.below(count)};
    }
    if (prng.chance(200)) {
        const std::uint32_t count = 20 + prng.below(180);
        settings.start_rate = core::RateLimit{count, 1000, 1 + prng.below(count)};
    }
    if (prng.chance(50)) {
        settings.jobs_per_day = 1 + prng.below(200);
    }
    return settings;
}

struct RefTenant {
    core::TenantSettings settings;
    std::uint64_t jobs = 0;
    std::uint64_t slot_us = 0;
    std::uint64_t running = 0;
    std::uint64_t waiting = 0;     // jobs that have not started
    std::int64_t day = 0;
    std::uint64_t day_jobs = 0;
    std::deque<WallTime> created;  // the last ones since the settings changed
    std::deque<WallTime> started;  // attempts, the same
};

class RefTenants {
  public:
    // The rows that are stored, and the tenants for which somebody may act.
    [[nodiscard]] std::vector<ports::TenantRow> rows() const {
        std::vector<ports::TenantRow> all;
        for (const auto& [name, row] : rows_) {
            all.push_back(row);
        }
        return all;
    }
    [[nodiscard]] bool exists(const std::string& name) const {
        return name == "default" || rows_.contains(name);
    }
    // The tenant of this number when there is one, else the default.
    [[nodiscard]] std::string existing(std::uint32_t number) const {
        return exists(tenant_name(number)) ? tenant_name(number) : tenant_name(0);
    }

    void set(const core::Record& record, const core::TenantSet& set) {
        all_[record.tenant].settings = set.settings;
        all_[record.tenant].created.clear();
        all_[record.tenant].started.clear();
    }
    [[nodiscard]] bool is_limited(const std::string& tenant) const {
        const auto own = all_.find(tenant);
        return own != all_.end() &&
               (own->second.settings.rate_limit || own->second.settings.jobs_per_day ||
                own->second.settings.max_queued || own->second.settings.slot_seconds_per_day);
    }
    // I23: nobody gets in beyond the limits that hold at that moment.
    void created(Violations& violations, const std::string& tenant, WallTime at) {
        RefTenant& own = all_[tenant];
        constexpr std::int64_t day_us = 86'400'000'000;
        own.day_jobs = own.day == at.us / day_us ? own.day_jobs : 0;
        own.day = at.us / day_us;
        ++own.jobs;
        ++own.day_jobs;
        ++own.waiting;
        const bool is_early = is_too_early(own.created, own.settings.rate_limit, at);
        if (is_early || own.day_jobs > own.settings.jobs_per_day.value_or(own.day_jobs) ||
            own.waiting > own.settings.max_queued.value_or(own.waiting)) {
            violations.report("I23", tenant + " made a job beyond its limits");
        }
    }
    void left_queue(const std::string& tenant) { --all_[tenant].waiting; }
    // I23: nothing starts beyond the limits that hold at that moment.
    void started(Violations& violations, Marks& marks, const std::string& tenant,
                 std::uint64_t fence, WallTime at) {
        RefTenant& own = all_[tenant];
        ++own.running;
        begins_[fence] = at;
        const std::uint64_t most = own.settings.max_concurrency.value_or(own.running + 1);
        if (own.running == most) {
            marks.hit(Mark::tenant_at_its_limit);
        }
        if (own.running > most || is_too_early(own.started, own.settings.start_rate, at)) {
            violations.report("I23", tenant + " started an attempt beyond its limits");
        }
        if (own.settings.start_rate && own.started.size() == own.settings.start_rate->burst) {
            marks.hit(Mark::tenant_at_its_rate);
        }
    }
    // Of an attempt that took no slot nothing is known here.
    void ended(const std::string& tenant, std::uint64_t fence, WallTime at) {
        const auto begin = begins_.find(fence);
        if (begin != begins_.end()) {
            RefTenant& own = all_[tenant];
            --own.running;
            own.slot_us += static_cast<std::uint64_t>((at - begin->second).us);
            begins_.erase(begin);
        }
    }
    // The attempt's job was set aside: nobody runs it, and nobody will tell its end.
    void set_aside(const std::string& tenant, std::uint64_t fence) {
        if (begins_.erase(fence) != 0) {
            --all_[tenant].running;
        }
    }

    // The last row of a batch whose records were told.
    void store(Violations& violations, const ports::TenantRow& row) {
        const RefTenant& own = all_[row.name];
        if (row.settings != own.settings || row.usage.jobs != own.jobs ||
            row.usage.slot_us != own.slot_us) {
            violations.report("I23", "the row of " + row.name + " disagrees with its records");
        }
        rows_[row.name] = row;
    }
    void check_running(Violations& violations, const std::string& name, std::uint64_t running) {
        if (all_[name].running != running) {
            violations.report("I23", name + " runs " + std::to_string(running) +
                                         " attempts, its records tell " +
                                         std::to_string(all_[name].running));
        }
    }

  private:
    // One event more, and whether it is one too many. Keeps as many as may come at once.
    static bool is_too_early(std::deque<WallTime>& events,
                             const std::optional<core::RateLimit>& rate, WallTime at) {
        if (!rate) {
            events.clear();
            return false;
        }
        events.push_back(at);
        if (events.size() <= rate->burst) {
            return false;
        }
        const std::int64_t span_us = (at - events.front()).us;
        events.pop_front();
        return span_us * rate->count < std::int64_t{rate->per_ms} * 1000 - rate->count;
    }

    std::map<std::string, RefTenant> all_;
    std::map<std::string, ports::TenantRow> rows_;
    std::map<std::uint64_t, WallTime> begins_;  // of attempts that hold a slot, by fence token
};

}  // namespace attacca::sim
