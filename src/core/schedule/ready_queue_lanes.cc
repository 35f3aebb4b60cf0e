// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <optional>

#include "base/check.h"
#include "core/schedule/ready_queue.h"

// The lanes that workers outside the server claim from.

namespace attacca::core {

bool is_same_lane(const LaneKey& a, const LaneKey& b) {
    return a.tenant == b.tenant && a.lane == b.lane;
}

bool may_serve(const LaneKey& worker, const LaneKey& lane) {
    return is_same_lane(worker, lane) &&
           std::ranges::includes(worker.capabilities, lane.capabilities);
}

fair::FlowIndex ReadyQueue::flow_of(const ReadyNode& node) {
    know(node.tenant);
    if (!node.lane) {
        return fair_.flow_of(node.tenant, local_lane);
    }
    const auto [it, is_added] = flow_of_lane_.try_emplace(*node.lane, fair::none);
    if (is_added) {
        it->second = fair_.add_flow(node.tenant, claimed_lane);
        lane_of_flow_[it->second] = *node.lane;
        catch_up(it->second, *node.lane);
    }
    return it->second;
}

// A lane that was idle goes on from the one that had the least of those with its name, or else it
// would come before them for as long as it was idle.
void ReadyQueue::catch_up(fair::FlowIndex flow, const LaneKey& key) {
    std::optional<fair::Virtual> least;
    auto other = flow_of_lane_.lower_bound({key.tenant, key.lane});
    for (; other != flow_of_lane_.end() && is_same_lane(other->first, key); ++other) {
        if (other->second != flow) {
            const fair::Virtual had = fair_.settled(other->second, clock_us_);
            least = least && fair::ahead(*least, had) < 0 ? *least : had;
        }
    }
    if (least) {
        fair_.restore_lag(flow, fair::ahead(*least, fair_.lane(claimed_lane).clock), clock_us_);
    }
}

// A lane that workers claim from takes no memory while nothing of it is queued or runs.
void ReadyQueue::leave(fair::FlowIndex index) {
    const fair::Flow& flow = fair_.flow(index);
    if (flow.lane == claimed_lane && flow.running == 0 &&
        (flow.reasons & fair::because_empty) != 0) {
        const auto it = lane_of_flow_.find(index);
        ATTACCA_CHECK(it != lane_of_flow_.end());
        flow_of_lane_.erase(it->second);
        lane_of_flow_.erase(it);
        fair_.drop_flow(index);
    }
}

// Looks at each lane of the name: there are task_kinds_max of them, at most.
ReadyQueue::Handle ReadyQueue::choose_of(const LaneKey& worker, WallTime at) {
    const std::int64_t now = clock(at);
    Handle chosen = no_handle;
    fair::Virtual least = 0;
    auto lane = flow_of_lane_.lower_bound({worker.tenant, worker.lane});
    for (; lane != flow_of_lane_.end() && is_same_lane(lane->first, worker); ++lane) {
        if (!may_serve(worker, lane->first)) {
            continue;
        }
        const Handle entry = fair_.choose_of(lane->second, now);
        const fair::Virtual had = fair_.settled(lane->second, now);
        if (entry != no_handle && (chosen == no_handle || fair::ahead(had, least) < 0)) {
            chosen = entry;
            least = had;
        }
    }
    return chosen;
}

ReadyQueue::Handle ReadyQueue::choose_of_owner(const LaneKey& worker, const std::string& owner,
                                               WallTime at) {
    const std::int64_t now = clock(at);
    const OwnedEntries::Place* chosen = nullptr;
    auto lane = flow_of_lane_.lower_bound({worker.tenant, worker.lane});
    for (; lane != flow_of_lane_.end() && is_same_lane(lane->first, worker); ++lane) {
        const OwnedEntries::Place* first =
            may_serve(worker, lane->first) ? owned_.first(lane->first, owner) : nullptr;
        // What the tenant's limits hold is not chosen for anybody.
        if (first != nullptr && (chosen == nullptr || *first < *chosen) &&
            fair_.choose_of(lane->second, now) != no_handle) {
            chosen = first;
        }
    }
    return chosen == nullptr ? no_handle : chosen->entry;
}

void ReadyQueue::stir_all(const LaneKey& name) {
    auto lane = flow_of_lane_.lower_bound({name.tenant, name.lane});
    for (; lane != flow_of_lane_.end() && is_same_lane(lane->first, name); ++lane) {
        stirred_.insert(lane->first);
    }
}

bool ReadyQueue::has_stirred() {
    for (const fair::FlowIndex flow : fair_.take_stirred()) {
        const auto it = lane_of_flow_.find(flow);
        if (it != lane_of_flow_.end()) {
            stirred_.insert(it->second);
        }
    }
    return !stirred_.empty();
}

std::set<LaneKey> ReadyQueue::take_stirred() {
    (void)has_stirred();
    return std::exchange(stirred_, {});
}

}  // namespace attacca::core
