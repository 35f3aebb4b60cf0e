// SPDX-License-Identifier: Apache-2.0
#include <vector>

#include "base/check.h"
#include "core/schedule/fair/fair_queue.h"

// The choice: which flow is served next, and which of its entries.

namespace attacca::core::fair {

void FairQueue::grow_buckets(Lane& lane) {
    std::vector<FlowIndex> all;
    all.reserve(lane.wheel.count());
    while (!lane.wheel.empty()) {
        all.push_back(lane.wheel.first());
        lane.wheel.remove(flows_, all.back());
    }
    lane.wheel.widen();
    for (const FlowIndex index : all) {
        lane.wheel.insert(flows_, index, key_now(flows_[index], lane));
    }
}

// Brings into the cache what the next choices will look at, two ahead: a flow of a million, its
// tenant and its entries are nowhere near. Changes nothing.
void FairQueue::look_ahead(const Flow& flow) const {
    if (flow.next == none) {
        return;
    }
    const Flow& next = flows_[flow.next];  // asked for by the choice before this one
    __builtin_prefetch(&tenants_[next.tenant]);
    for (const EntryList& list : next.lists) {
        if (list.head != none) {
            __builtin_prefetch(&entries_[list.head]);
        }
    }
    if (next.next != none) {
        const Flow& after = flows_[next.next];
        __builtin_prefetch(&after);
        __builtin_prefetch(&after.lists);
    }
}

// The flow that is served next. Stored places are lower bounds: a key that grew since, because
// slots were held, is inserted again. Precondition: the lane has work.
FlowIndex FairQueue::first_of(Lane& lane, std::int64_t now) {
    if (lane.wheel.wants_more()) {
        grow_buckets(lane);
    }
    while (!lane.wheel.empty() && (lane.fresh_count == 0 || !lane.is_fresh_next)) {
        const FlowIndex index = lane.wheel.first();
        Flow& flow = flows_[index];
        settle(flow, now);
        const Virtual key = key_now(flow, lane);
        if (lane.wheel.bucket_of(key) <= flow.bucket) {
            if (flow.place == Flow::Place::wheel) {
                look_ahead(flow);
            }
            return index;
        }
        lane.wheel.remove(flows_, index);
        lane.wheel.insert(flows_, index, key);
    }
    return lane.fresh_head;
}

Lane* FairQueue::slowest_lane(Capabilities worker) {
    Lane* slowest = nullptr;
    for (const auto& lane : lanes_) {
        if ((lane->options.needs & ~worker) == 0 && lane->has_work() &&
            (slowest == nullptr || ahead(lane->clock, slowest->clock) < 0)) {
            slowest = lane.get();
        }
    }
    return slowest;
}

EntryIndex FairQueue::choose(Capabilities worker, std::int64_t now) {
    wake(now);
    for (Lane* lane = slowest_lane(worker); lane != nullptr; lane = slowest_lane(worker)) {
        const FlowIndex index = first_of(*lane, now);
        check_headroom(index, now);
        if (flows_[index].reasons == 0) {
            return pick(flows_[index], now);
        }
    }
    return none;
}

EntryIndex FairQueue::choose_in(LaneIndex index, std::int64_t now) {
    wake(now);
    Lane& lane = *lanes_[index];
    while (lane.has_work()) {
        const FlowIndex flow = first_of(lane, now);
        check_headroom(flow, now);
        if (flows_[flow].reasons == 0) {
            return pick(flows_[flow], now);
        }
    }
    return none;
}

EntryIndex FairQueue::choose_of(FlowIndex index, std::int64_t now) {
    wake(now);
    const Flow& flow = flows_[index];
    ATTACCA_CHECK(lane_of(flow).options.is_claimed);
    return flow.reasons == 0 ? pick(flow, now) : none;
}

}  // namespace attacca::core::fair
