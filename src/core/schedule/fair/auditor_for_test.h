// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "core/schedule/fair/fair_queue.h"

// Looks at everything in a fair queue and compares it with what must hold between two calls. O(N).

namespace attacca::core::fair {

class Auditor {
  public:
    explicit Auditor(const FairQueue& queue) : queue_(queue) {}

    // `is_exact`: no h shrinks and no debt is capped, so stored places are lower bounds.
    // Empty when all is well, or else the first thing that is not.
    [[nodiscard]] std::string check(std::int64_t now, bool is_exact = true) {
        lanes_.assign(queue_.lanes(), {});
        running_.assign(queue_.tenants(), 0);
        blocked_ = {};
        for (FlowIndex i = 0; i < queue_.flows(); ++i) {
            check_flow(i, now, is_exact);
        }
        check_entries();
        for (LaneIndex i = 0; i < queue_.lanes(); ++i) {
            check_lane(i);
        }
        for (TenantIndex i = 0; i < queue_.tenants(); ++i) {
            check_tenant(i, now);
        }
        check_keys();
        must(blocked_ == queue_.blocked(), __LINE__);
        return found_;
    }

  private:
    void must(bool holds, int line) {
        if (!holds && found_.empty()) {
            found_ = "auditor_for_test.h:" + std::to_string(line);
        }
    }

    struct Sums {
        std::uint64_t active_weight = 0;
        std::uint32_t running = 0;
        std::uint32_t fresh = 0;
        std::uint32_t wheel = 0;
    };

    void check_flow(FlowIndex index, std::int64_t now, bool is_exact) {
        const Flow& flow = queue_.flow(index);
        const bool stands = flow.place != Flow::Place::out;
        must((stands) == (flow.reasons == 0), __LINE__);
        must((flow.is_active) == (flow.reasons == 0 || flow.running > 0), __LINE__);
        std::uint32_t queued = 0;
        for (std::size_t p = 0; p < priorities; ++p) {
            std::uint32_t count = 0;
            EntryIndex prev = none;
            for (EntryIndex e = flow.lists[p].head; e != none; e = queue_.entry(e).next) {
                must((queue_.entry(e).prev) == (prev), __LINE__);
                must((queue_.entry(e).place()) == (Entry::Place::queued), __LINE__);
                must((queue_.entry(e).priority()) == (p), __LINE__);
                prev = e;
                ++count;
            }
            must(flow.lists[p].tail == prev, __LINE__);
            must(flow.lists[p].count == count, __LINE__);
            queued += count;
        }
        const bool is_empty = (flow.reasons & because_empty) != 0;
        const bool waits = (flow.reasons & because_keys) != 0;
        for (std::size_t bit = 0; bit < reasons_count; ++bit) {
            blocked_[bit] += !is_empty && (flow.reasons >> bit & 1U) != 0 ? 1U : 0U;
        }
        must((is_empty) == (queued == 0 && flow.parked == 0), __LINE__);
        must((waits) == (queued == 0 && flow.parked > 0), __LINE__);
        if (is_exact && flow.place == Flow::Place::wheel) {
            const Lane& lane = queue_.lane(flow.lane);
            must((flow.bucket) <= (lane.wheel.bucket_of(queue_.key_of(index, now))), __LINE__);
        }
        Sums& sums = lanes_[flow.lane];
        sums.active_weight += flow.is_active ? flow.weight : 0U;
        sums.running += flow.running;
        sums.fresh += flow.place == Flow::Place::fresh ? 1U : 0U;
        sums.wheel += stands && flow.place != Flow::Place::fresh ? 1U : 0U;
        running_[flow.tenant] += flow.running;
    }

    void check_entries() {
        std::vector<std::uint32_t> running(queue_.flows(), 0);
        key_running_.assign(queue_.keys(), 0);
        for (EntryIndex e = 0; e < queue_.entries_.size(); ++e) {
            const Entry& entry = queue_.entry(e);
            if (entry.place() == Entry::Place::running) {
                ++running[entry.flow];
                must((entry.next) == (queue_.flow(entry.flow).tenant), __LINE__);
                if (entry.key != none) {
                    ++key_running_[entry.key];
                }
            }
        }
        for (FlowIndex i = 0; i < queue_.flows(); ++i) {
            must((queue_.flow(i).running) == (running[i]), __LINE__);
        }
    }

    void check_lane(LaneIndex index) {
        const Lane& lane = queue_.lane(index);
        const Sums& sums = lanes_[index];
        must(lane.active_weight == sums.active_weight, __LINE__);
        must(lane.running == sums.running, __LINE__);
        must(lane.fresh_count == sums.fresh, __LINE__);
        must((lane.wheel.count()) == (sums.wheel), __LINE__);
        clocks_.resize(queue_.lanes(), lane.clock);
        must((ahead(lane.clock, clocks_[index])) >= (0), __LINE__);
        clocks_[index] = lane.clock;
    }

    void check_tenant(TenantIndex index, std::int64_t now) {
        const Tenant& tenant = queue_.tenant(index);
        must(tenant.running == running_[index], __LINE__);
        const bool is_full = (tenant.reasons & because_full) != 0;
        must(is_full == (tenant.running >= tenant.max_running), __LINE__);
        const bool is_ahead = tenant.theoretical_at - tenant.rate_burst_us > now;
        if (tenant.rate_interval_us > 0 && is_ahead) {
            must((tenant.reasons & because_rate) != (0), __LINE__);
        }
        if ((tenant.reasons & (because_rate | because_quota)) != 0) {
            must(tenant.wake_slot != 0, __LINE__);
        }
        std::uint32_t active = 0;
        for (FlowIndex i = tenant.first_flow; i != none; i = queue_.flow(i).next_of_tenant) {
            active += queue_.flow(i).is_active ? 1U : 0U;
            must((queue_.flow(i).reasons & tenant.reasons) == (tenant.reasons), __LINE__);
        }
        must(tenant.active_lanes == active, __LINE__);
    }

    void check_keys() {
        std::vector<std::uint32_t> parked(queue_.flows(), 0);
        for (KeyIndex k = 0; k < queue_.keys(); ++k) {
            const Key& key = queue_.key(k);
            must(key.running == key_running_[k], __LINE__);
            for (const auto& [number, line] : key.lines) {
                must(line.offered != none || line.parked.head != none, __LINE__);
                // A key with room holds nobody back, a full one has nobody at the head of a list.
                must((line.offered != none) == (key.running < key.limit), __LINE__);
                parked[number / 4] += line.parked.count;
            }
        }
        for (FlowIndex i = 0; i < queue_.flows(); ++i) {
            must((queue_.flow(i).parked) == (parked[i]), __LINE__);
        }
    }

    const FairQueue& queue_;
    std::vector<Sums> lanes_;
    std::vector<std::uint32_t> running_;
    std::vector<std::uint32_t> key_running_;
    std::vector<Virtual> clocks_;
    std::array<std::uint32_t, reasons_count> blocked_{};
    std::string found_;
};

}  // namespace attacca::core::fair
