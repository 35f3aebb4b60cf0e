// SPDX-License-Identifier: Apache-2.0
#include "core/schedule/fair/fair_queue.h"

#include <algorithm>
#include <bit>
#include <limits>
#include <utility>

#include "base/check.h"

// Who stands where: settling, eligibility.

namespace attacca::core::fair {
namespace {

constexpr Reasons with_credit = because_full | because_rate | because_keys | because_headroom;

}  // namespace

LaneIndex FairQueue::add_lane(const LaneOptions& options) {
    lanes_.push_back(std::make_unique<Lane>(options, options_.bucket_shift));
    Lane& lane = *lanes_.back();
    if (options_.is_slot_time) {
        lane.reserve_us = options_.reserve_us > 0 ? options_.reserve_us : options_.floor_us;
    }
    return static_cast<LaneIndex>(lanes_.size() - 1);
}

TenantIndex FairQueue::add_tenant(std::uint32_t weight) {
    ATTACCA_CHECK(weight >= 1 && weight <= weight_max);
    const TenantIndex index = tenants_.add();
    tenants_[index].weight = weight;
    return index;
}

FlowIndex FairQueue::flow_of(TenantIndex tenant, LaneIndex lane) {
    for (FlowIndex i = tenants_[tenant].first_flow; i != none; i = flows_[i].next_of_tenant) {
        if (flows_[i].lane == lane) {
            return i;
        }
    }
    const FlowIndex index = add_flow(tenant, lane);
    ATTACCA_CHECK(!lanes_[lane]->options.is_claimed);
    return index;
}

FlowIndex FairQueue::add_flow(TenantIndex tenant, LaneIndex lane) {
    FlowIndex index = none;
    if (free_flows_.empty()) {
        index = flows_.add();
    } else {
        index = free_flows_.back();
        free_flows_.pop_back();
        const bool is_marked = flows_[index].is_marked;  // it stands in the list of them
        flows_[index] = {};
        flows_[index].is_marked = is_marked;
    }
    Flow& flow = flows_[index];
    FlowIndex& first = tenants_[tenant].first_flow;
    if (first == none) {
        first = index;
    } else {
        flow.next_of_tenant = std::exchange(flows_[first].next_of_tenant, index);
    }
    flow.tenant = tenant;
    flow.lane = lane;
    flow.weight = std::max(1U, tenants_[tenant].weight /
                                   std::max(1U, tenants_[tenant].active_lanes));
    flow.inverse = inverse_of(flow.weight);
    flow.service.move_to(lanes_[lane]->clock);
    flow.reasons |= tenants_[tenant].reasons;
    return index;
}

void FairQueue::drop_flow(FlowIndex index) {
    const Flow& flow = flows_[index];
    ATTACCA_CHECK(lane_of(flow).options.is_claimed && flow.running == 0 &&
                  (flow.reasons & because_empty) != 0);
    FlowIndex* link = &tenants_[flow.tenant].first_flow;
    while (*link != index) {
        link = &flows_[*link].next_of_tenant;
    }
    *link = flow.next_of_tenant;
    free_flows_.push_back(index);
}

void FairQueue::note_worker(Capabilities worker) {
    if (std::find(workers_.begin(), workers_.end(), worker) == workers_.end()) {
        workers_.push_back(worker);
    }
}

std::int64_t FairQueue::floor_us() const {
    // Counting starts: the unit is large, so that buckets are small against it.
    return options_.is_slot_time ? options_.floor_us : 1'000'000;
}

void FairQueue::settle(Flow& flow, std::int64_t now) {
    if (now > flow.settled_at) {
        if (flow.running > 0) {
            const std::int64_t held = (now - flow.settled_at) * std::int64_t{flow.running};
            flow.held_us += held;
            if (options_.is_slot_time) {
                flow.service.charge(static_cast<std::uint64_t>(held), flow.inverse);
            }
        }
        flow.settled_at = now;
    }
    Lane& lane = lane_of(flow);
    if (ahead(flow.service.v, lane.clock) > lane.debt_cap) {
        flow.service.move_to(lane.clock + static_cast<Virtual>(lane.debt_cap));
        ++lane.debts_capped;
    }
}

Virtual FairQueue::settled(FlowIndex index, std::int64_t now) const {
    const Flow& flow = flows_[index];
    Service service = flow.service;
    if (now > flow.settled_at && options_.is_slot_time) {
        service.charge(static_cast<std::uint64_t>(now - flow.settled_at) * flow.running,
                       flow.inverse);
    }
    const Lane& lane = *lanes_[flow.lane];
    if (ahead(service.v, lane.clock) > lane.debt_cap) {
        return lane.clock + static_cast<Virtual>(lane.debt_cap);
    }
    return service.v;
}

Virtual FairQueue::key_of(FlowIndex index, std::int64_t now) const {
    const Flow& flow = flows_[index];
    const auto reserve = static_cast<std::uint64_t>(lanes_[flow.lane]->reserve_us);
    return settled(index, now) + virtual_of(reserve * flow.running, flow.inverse);
}

Virtual FairQueue::key_now(const Flow& flow, const Lane& lane) const {
    return flow.service.v +
           virtual_of(static_cast<std::uint64_t>(lane.reserve_us) * flow.running, flow.inverse);
}

void FairQueue::mark(FlowIndex index) {
    if (!flows_[index].is_marked) {
        flows_[index].is_marked = true;
        marked_.push_back(index);
    }
}

void FairQueue::set_debt_cap(Lane& lane) const {
    lane.debt_cap = std::numeric_limits<std::int64_t>::max();
    if (options_.is_slot_time && options_.debt_window_us > 0 && lane.options.slots > 0 &&
        lane.active_weight > 0) {
        const Wide cap = Wide{static_cast<std::uint64_t>(options_.debt_window_us)} * unit_scale *
                         lane.options.slots / lane.active_weight;
        lane.debt_cap = static_cast<std::int64_t>(cap);
    }
}

// Out of the queue that it stands in.
void FairQueue::leave(FlowIndex index) {
    Flow& flow = flows_[index];
    Lane& lane = lane_of(flow);
    if (flow.place != Flow::Place::fresh) {
        lane.wheel.remove(flows_, index);
        return;
    }
    (flow.prev == none ? lane.fresh_head : flows_[flow.prev].next) = flow.next;
    (flow.next == none ? lane.fresh_tail : flows_[flow.next].prev) = flow.prev;
    flow.next = none;
    flow.prev = none;
    flow.place = Flow::Place::out;
    --lane.fresh_count;
}

void FairQueue::push_fresh(FlowIndex index) {
    Flow& flow = flows_[index];
    Lane& lane = lane_of(flow);
    flow.place = Flow::Place::fresh;
    flow.prev = lane.fresh_tail;
    flow.next = none;
    (lane.fresh_tail == none ? lane.fresh_head : flows_[lane.fresh_tail].next) = index;
    lane.fresh_tail = index;
    ++lane.fresh_count;
}

// To where its key says, when it stands in the wheel.
void FairQueue::requeue(FlowIndex index) {
    Flow& flow = flows_[index];
    if (flow.place == Flow::Place::wheel || flow.place == Flow::Place::under) {
        Lane& lane = lane_of(flow);
        lane.wheel.update(flows_, index, key_now(flow, lane));
    }
}

void FairQueue::set_reasons(Flow& flow, Reasons reasons) {
    const auto counted = [](Reasons all) { return (all & because_empty) != 0 ? Reasons{0} : all; };
    const Reasons before = counted(flow.reasons);
    const Reasons after = counted(reasons);
    flow.reasons = reasons;
    for (unsigned changed = before ^ after; changed != 0; changed &= changed - 1) {
        const auto bit = static_cast<std::size_t>(std::countr_zero(changed));
        blocked_[bit] += (after >> bit & 1U) != 0 ? 1U : ~0U;
    }
}

void FairQueue::block(FlowIndex index, Reasons reason, std::int64_t now) {
    Flow& flow = flows_[index];
    const bool was_eligible = flow.reasons == 0;
    set_reasons(flow, static_cast<Reasons>(flow.reasons | reason));
    if (was_eligible) {
        settle(flow, now);
        if (flow.place != Flow::Place::out) {
            leave(index);
        }
        note_active(index, now);
    }
}

void FairQueue::unblock(FlowIndex index, Reasons reason, std::int64_t now) {
    Flow& flow = flows_[index];
    const auto ended = static_cast<Reasons>(flow.reasons & reason);
    if (ended != 0) {
        set_reasons(flow, static_cast<Reasons>(flow.reasons & ~ended));
        admit(index, ended, now);
    }
}

// A reason ended. Nobody gains by having waited: the flow starts from the lane's clock, or at most
// one entry's length below it when it was us who kept it waiting.
void FairQueue::admit(FlowIndex index, Reasons ended, std::int64_t now) {
    Flow& flow = flows_[index];
    Lane& lane = lane_of(flow);
    settle(flow, now);
    if (lane.active_weight == 0) {
        wake_lane(lane);
    }
    const bool is_below = flow.running == 0 && ahead(flow.service.v, lane.clock) <= 0;
    std::uint64_t credit = 0;
    if ((ended & with_credit) != 0 && (ended & ~with_credit) == 0) {
        credit = credit_of(flow, lane);
    }
    if (ahead(lane.clock - credit, flow.service.v) > 0) {
        flow.service.move_to(lane.clock - credit);
    }
    if (flow.reasons != 0) {
        return;
    }
    if (lane.options.is_claimed) {
        stirred_.push_back(index);
    } else if (is_below) {
        push_fresh(index);
    } else {
        lane.wheel.insert(flows_, index, key_now(flow, lane));
    }
    note_active(index, now);
}

std::uint64_t FairQueue::credit_of(const Flow& flow, const Lane& lane) const {
    std::int64_t us = lane.reserve_us;
    if (lane.sum > 0) {
        us = std::min(us, lane.mean_us());
    }
    return virtual_of(static_cast<std::uint64_t>(us), flow.inverse);
}

// An idle lane's clock stood still: it goes on from the slowest of those that share its workers, or
// else its flows would come before all of them for as long as it was idle.
void FairQueue::wake_lane(Lane& lane) {
    bool is_found = false;
    Virtual slowest = 0;
    for (const Capabilities worker : workers_) {
        if ((lane.options.needs & ~worker) != 0) {
            continue;
        }
        for (const auto& other : lanes_) {
            if ((other->options.needs & ~worker) == 0 && other->active_weight > 0 &&
                (!is_found || ahead(other->clock, slowest) < 0)) {
                slowest = other->clock;
                is_found = true;
            }
        }
    }
    if (is_found) {
        lane.clock = later(lane.clock, slowest);
    }
}

// A tenant that is active on k lanes has a k-th of its weight on each.
void FairQueue::note_active(FlowIndex index, std::int64_t now) {
    Flow& flow = flows_[index];
    const bool is_active = flow.reasons == 0 || flow.running > 0;
    if (is_active == flow.is_active) {
        return;
    }
    flow.is_active = is_active;
    Lane& lane = lane_of(flow);
    if (lane.options.is_claimed) {
        return;
    }
    Tenant& tenant = tenants_[flow.tenant];
    const std::uint32_t lanes = std::max(1U, tenant.active_lanes);
    if (is_active) {
        lane.active_weight += flow.weight;
        ++tenant.active_lanes;
    } else {
        lane.active_weight -= flow.weight;
        --tenant.active_lanes;
    }
    set_debt_cap(lane);
    if (std::max(1U, tenant.active_lanes) != lanes) {
        share_weight(tenant, now);
    }
}

void FairQueue::share_weight(const Tenant& tenant, std::int64_t now) {
    const std::uint32_t weight =
        std::max(1U, tenant.weight / std::max(1U, tenant.active_lanes));
    for (FlowIndex i = tenant.first_flow; i != none; i = flows_[i].next_of_tenant) {
        reweight(i, weight, now);
    }
}

// Keeps the lag in slot time, so that a change acts on what waits already, and nobody gains by it.
void FairQueue::reweight(FlowIndex index, std::uint32_t weight, std::int64_t now) {
    Flow& flow = flows_[index];
    if (flow.weight == weight) {
        return;
    }
    settle(flow, now);
    Lane& lane = lane_of(flow);
    flow.service.move_to(reweighted(flow.service.v, lane.clock, flow.weight, weight));
    if (flow.is_active && !lane.options.is_claimed) {
        lane.active_weight += weight;
        lane.active_weight -= flow.weight;
        set_debt_cap(lane);
    }
    flow.weight = weight;
    flow.inverse = inverse_of(weight);
    requeue(index);
    mark(index);
}

void FairQueue::set_weight(TenantIndex tenant, std::uint32_t weight, std::int64_t now) {
    ATTACCA_CHECK(weight >= 1 && weight <= weight_max);
    tenants_[tenant].weight = weight;
    share_weight(tenants_[tenant], now);
}

}  // namespace attacca::core::fair
