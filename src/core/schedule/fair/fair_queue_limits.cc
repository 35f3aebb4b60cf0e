// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/check.h"
#include "core/schedule/fair/fair_queue.h"

// What keeps a tenant's flows out of the queues, and the event that lets them in again.

namespace attacca::core::fair {

void FairQueue::set_reason(TenantIndex index, Reasons reason, bool holds, std::int64_t now) {
    Tenant& tenant = tenants_[index];
    if (((tenant.reasons & reason) != 0) == holds) {
        return;
    }
    tenant.reasons = static_cast<Reasons>(tenant.reasons ^ reason);
    for (FlowIndex i = tenant.first_flow; i != none; i = flows_[i].next_of_tenant) {
        holds ? block(i, reason, now) : unblock(i, reason, now);
    }
}

// Compares the tenant with its limits. Called at each event that can change the answer.
void FairQueue::check_tenant(TenantIndex index, std::int64_t now) {
    Tenant& tenant = tenants_[index];
    set_reason(index, because_full, tenant.running >= tenant.max_running, now);
    if (tenant.theoretical_at == 0 && tenant.quota_max == 0 && tenant.held_until == 0 &&
        (tenant.reasons & (because_rate | because_quota)) == 0) {
        return;
    }
    if (tenant.quota_max > 0 && now >= tenant.quota_until) {
        const std::int64_t missed = (now - tenant.quota_until) / tenant.quota_period_us;
        tenant.quota_until += (missed + 1) * tenant.quota_period_us;
        tenant.quota_left = tenant.quota_max;
    }
    const std::int64_t rate_until = tenant.theoretical_at - tenant.rate_burst_us;
    const bool is_slowed = rate_until > now;
    std::int64_t used_until = tenant.held_until > now ? tenant.held_until : 0;
    if (tenant.quota_max > 0 && tenant.quota_left == 0) {
        used_until = std::max(used_until, tenant.quota_until);
    }
    set_reason(index, because_rate, is_slowed, now);
    set_reason(index, because_quota, used_until > 0, now);
    if (is_slowed || used_until > 0) {
        wakes_.set(tenants_, index, std::min(is_slowed ? rate_until : never,
                                             used_until > 0 ? used_until : never));
    } else {
        wakes_.drop(tenants_, index);
    }
}

void FairQueue::wake(std::int64_t now) {
    for (TenantIndex due = wakes_.take_due(tenants_, now); due != none;
         due = wakes_.take_due(tenants_, now)) {
        check_tenant(due, now);
    }
}

void FairQueue::set_max_running(TenantIndex tenant, std::uint32_t max, std::int64_t now) {
    tenants_[tenant].max_running = max;
    check_tenant(tenant, now);
}

void FairQueue::set_rate(TenantIndex index, std::int64_t interval_us, std::uint32_t burst,
                         std::int64_t now) {
    Tenant& tenant = tenants_[index];
    ATTACCA_CHECK(interval_us >= 0 && (interval_us == 0 || burst >= 1));
    tenant.rate_interval_us = interval_us;
    tenant.rate_burst_us = interval_us == 0 ? 0 : interval_us * (std::int64_t{burst} - 1);
    // What was used under the old limit is no debt under the new one.
    tenant.theoretical_at =
        interval_us == 0
            ? 0
            : std::min(tenant.theoretical_at, now + tenant.rate_burst_us + interval_us);
    check_tenant(index, now);
}

void FairQueue::set_quota(TenantIndex index, std::uint64_t max, std::int64_t period_us,
                          std::int64_t now) {
    Tenant& tenant = tenants_[index];
    ATTACCA_CHECK(max == 0 || period_us > 0);
    const std::uint64_t used = tenant.quota_max - tenant.quota_left;
    const bool is_same_period = tenant.quota_max > 0 && tenant.quota_period_us == period_us;
    tenant.quota_max = max;
    tenant.quota_period_us = period_us;
    if (is_same_period) {
        tenant.quota_left = max > used ? max - used : 0;
    } else {
        tenant.quota_left = max;
        tenant.quota_until = now + period_us;
    }
    check_tenant(index, now);
}

void FairQueue::hold_until(TenantIndex tenant, std::int64_t until, std::int64_t now) {
    tenants_[tenant].held_until = until;
    check_tenant(tenant, now);
}

void FairQueue::slow_until(TenantIndex tenant, std::int64_t until, std::int64_t now) {
    ATTACCA_CHECK(tenants_[tenant].rate_interval_us == 0);
    tenants_[tenant].theoretical_at = until;
    check_tenant(tenant, now);
}

void FairQueue::set_paused(TenantIndex tenant, bool is_paused, std::int64_t now) {
    set_reason(tenant, because_paused, is_paused, now);
}

void FairQueue::set_loading(FlowIndex flow, bool is_loading, std::int64_t now) {
    is_loading ? block(flow, because_loading, now) : unblock(flow, because_loading, now);
}

// Without preemption a newcomer waits for somebody's entry to end. Slots that no tenant alone may
// take bound that wait: one of them is soon free.
void FairQueue::check_headroom(FlowIndex index, std::int64_t now) {
    Flow& flow = flows_[index];
    Lane& lane = lane_of(flow);
    const LaneOptions& options = lane.options;
    if (options.headroom == 0) {
        return;
    }
    const std::uint32_t most =
        options.slots > options.headroom ? options.slots - options.headroom : 1;
    const bool is_held = (flow.reasons & because_headroom) != 0;
    if (flow.running >= most && !is_held) {
        lane.held_back.push_back(index);
        block(index, because_headroom, now);
    } else if (flow.running < most && is_held) {
        lane.held_back.erase(std::find(lane.held_back.begin(), lane.held_back.end(), index));
        unblock(index, because_headroom, now);
    }
}

void FairQueue::set_slots(LaneIndex index, std::uint32_t slots, std::int64_t now) {
    Lane& lane = *lanes_[index];
    lane.options.slots = slots;
    set_debt_cap(lane);
    const std::vector<FlowIndex> held_back = lane.held_back;  // a copy: some leave the list
    for (const FlowIndex flow : held_back) {
        check_headroom(flow, now);
    }
}

}  // namespace attacca::core::fair
