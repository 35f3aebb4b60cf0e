// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include "base/check.h"
#include "core/schedule/fair/fair_queue.h"

// What a restart needs: leases hold their slots at once, debts are kept, nobody gains.

namespace attacca::core::fair {

EntryIndex FairQueue::restore_running(const NewEntry& wanted, std::int64_t from_us,
                                      std::int64_t now) {
    const EntryIndex index = new_entry(wanted, from_us, Entry::Place::running);
    Flow& flow = flows_[wanted.flow];
    entries_[index].next = flow.tenant;
    settle(flow, now);
    charge(wanted.flow, std::max(floor_us(), now - from_us), now);
    if (wanted.key != none) {
        Key& key = keys_[wanted.key];
        ++key.running;
        if (key.running >= key.limit) {
            withdraw_all(wanted.key, none, now);
        }
    }
    hold_slot(wanted.flow, now);
    check_tenant(flow.tenant, now);
    check_headroom(wanted.flow, now);
    requeue(wanted.flow);
    return index;
}

void FairQueue::restore_lag(FlowIndex index, std::int64_t lag, std::int64_t now) {
    Flow& flow = flows_[index];
    const Lane& lane = lane_of(flow);
    const auto credit = static_cast<std::int64_t>(credit_of(flow, lane));
    const std::int64_t kept = std::clamp(lag, -credit, lane.debt_cap);
    settle(flow, now);
    flow.service.move_to(lane.clock + static_cast<Virtual>(kept));
    requeue(index);
}

void FairQueue::charge(FlowIndex index, std::int64_t us, std::int64_t now) {
    Flow& flow = flows_[index];
    settle(flow, now);
    if (options_.is_slot_time && us > 0) {
        flow.service.charge(static_cast<std::uint64_t>(us), flow.inverse);
        flow.held_us += us;
        requeue(index);
    }
}

std::vector<FlowIndex> FairQueue::take_marked() {
    for (const FlowIndex index : marked_) {
        flows_[index].is_marked = false;
    }
    return std::exchange(marked_, {});
}

std::int64_t FairQueue::outlying_lag(FlowIndex index, std::int64_t now) {
    Flow& flow = flows_[index];
    settle(flow, now);
    const Lane& lane = lane_of(flow);
    const std::int64_t lag = ahead(flow.service.v, lane.clock);
    const std::int64_t length = lane.sum > 0 ? lane.mean_us() : 0;
    const auto quantum = static_cast<std::int64_t>(
        virtual_of(static_cast<std::uint64_t>(lane.reserve_us + length), flow.inverse));
    return lag > quantum ? lag : 0;
}

}  // namespace attacca::core::fair
