// SPDX-License-Identifier: Apache-2.0
#include "core/decide_parts.h"

// What waits and what runs, read from the state.

namespace attacca::core {
namespace {

QueueReport::Lane lane_report(const fair::FairQueue& queue, const LaneKey& key,
                              fair::FlowIndex index) {
    const fair::Flow& flow = queue.flow(index);
    QueueReport::Lane lane;
    lane.tenant = key.tenant;
    lane.lane = key.lane;
    lane.capabilities = key.capabilities;
    lane.running = flow.running;
    for (const fair::EntryList& list : flow.lists) {
        lane.queued += list.count;
    }
    return lane;
}

}  // namespace

Decision read_queue(const State& state, const ReadQueue& command) {
    QueueReport report;
    report.slots = state.queue.slots();
    report.slots_used = state.slots_used;
    for (std::size_t i = 0; i < report.queued.size(); ++i) {
        report.queued[i] = state.queue.size(static_cast<Priority>(i));
    }
    report.fair = state.queue.figures();
    const auto& lanes = state.queue.lanes();
    auto next = lanes.lower_bound(LaneKey{command.tenant, {}});
    const auto is_wanted = [&] {
        return next != lanes.end() &&
               (command.tenant.empty() || next->first.tenant == command.tenant);
    };
    for (; is_wanted() && report.lanes.size() < report_lanes_max; ++next) {
        report.lanes.push_back(lane_report(state.queue.fair(), next->first, next->second));
    }
    report.has_more = is_wanted();
    Decision decision;
    decision.answer = Acceptance{std::move(report)};
    return decision;
}

}  // namespace attacca::core
