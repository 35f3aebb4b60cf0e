// SPDX-License-Identifier: Apache-2.0
#include "core/schedule/fair_meter.h"

#include <algorithm>

namespace attacca::core {
namespace {

constexpr std::int64_t millionths = 1'000'000;
constexpr fair::LaneIndex measured_lane = 0;

// What the flow has held until that instant, from which on it has held the same slots.
std::int64_t held_at(const fair::Flow& flow, std::int64_t at) {
    return flow.held_us + (at - flow.settled_at) * std::int64_t{flow.running};
}

std::int64_t ppm_of(fair::SignedWide value, fair::SignedWide of) {
    return of == 0 ? 0 : static_cast<std::int64_t>(value * millionths / of);
}

}  // namespace

void FairMeter::note(const fair::FairQueue& queue, fair::FlowIndex index, std::int64_t now) {
    roll(queue, now);
    if (marks_.size() <= index) {
        marks_.resize(index + std::size_t{1});
    }
    Mark& mark = marks_[index];
    const fair::Flow& flow = queue.flow(index);
    if (mark.window != window_) {
        mark = {window_, held_at(flow, window_ * window_us), false};
        touched_.push_back(index);
    }
    mark.had_pause = mark.had_pause || flow.reasons != 0;
}

void FairMeter::roll(const fair::FairQueue& queue, std::int64_t now) {
    const std::int64_t window = now / window_us;
    if (window == window_) {
        return;
    }
    // After a pause of a whole window nothing is known of the one that would count.
    figures_ = {};
    if (window == window_ + 1) {
        measure(queue, now);
    }
    window_ = window;
    touched_.clear();
}

void FairMeter::measure(const fair::FairQueue& queue, std::int64_t now) {
    const fair::Lane& lane = queue.lane(measured_lane);
    const std::int64_t length = std::max(lane.sum > 0 ? lane.mean_us() : 0, queue.floor_us());
    const std::int64_t end = (window_ + 1) * window_us;
    std::vector<Share> shares;
    std::uint64_t eligible = lane.wheel.count() + lane.fresh_count;
    for (const fair::FlowIndex index : touched_) {
        const fair::Flow& flow = queue.flow(index);
        const Mark& mark = marks_[index];
        eligible -= flow.lane == measured_lane && flow.reasons == 0 && eligible > 0 ? 1U : 0U;
        if (mark.had_pause || flow.lane != measured_lane || shares.size() == measured_max) {
            continue;
        }
        shares.push_back({held_at(flow, end) - mark.held_us, flow.weight});
        const std::int64_t behind = fair::ahead(lane.clock, queue.settled(index, now));
        const fair::SignedWide lag_us = fair::SignedWide{behind} * flow.weight /
                                        static_cast<std::int64_t>(fair::unit_scale);
        figures_.max_lag_quanta_ppm =
            std::max(figures_.max_lag_quanta_ppm, ppm_of(lag_us, length + lane.reserve_us));
    }
    figures_.starved = eligible;
    measure_ratios(shares, length);
}

void FairMeter::measure_ratios(const std::vector<Share>& shares, std::int64_t length_us) {
    fair::SignedWide held = 0;
    fair::SignedWide weights = 0;
    for (const Share& share : shares) {
        held += share.held_us;
        weights += share.weight;
    }
    std::vector<std::int64_t> ratios;
    fair::SignedWide sum = 0;
    fair::SignedWide squares = 0;
    for (const Share& share : shares) {
        const fair::SignedWide due = held * share.weight / weights;
        if (due < fair::SignedWide{length_us} * due_lengths_min) {
            continue;
        }
        ratios.push_back(ppm_of(share.held_us, due));
        sum += ratios.back();
        squares += fair::SignedWide{ratios.back()} * ratios.back();
    }
    if (ratios.empty()) {
        return;
    }
    std::sort(ratios.begin(), ratios.end());
    figures_.tenants = ratios.size();
    figures_.ratio_min_ppm = ratios.front();
    figures_.ratio_p01_ppm = ratios[ratios.size() / 100];
    figures_.ratio_p99_ppm = ratios[ratios.size() - 1 - ratios.size() / 100];
    figures_.jain_ppm =
        ppm_of(sum * sum, squares * static_cast<std::int64_t>(ratios.size()));
}

}  // namespace attacca::core
