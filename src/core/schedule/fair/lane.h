// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <limits>
#include <vector>

#include "core/schedule/fair/bucket_wheel.h"
#include "core/schedule/fair/parts.h"

// A lane: what workers with certain capabilities serve, an independent fair server with its own
// clock. And the settings of a fair queue.

namespace attacca::core::fair {

struct FairOptions {
    // False: every start costs the same and time costs nothing: plain start-time fair queueing.
    bool is_slot_time = true;
    std::int64_t floor_us = 1000;            // the least that a start costs
    std::int64_t reserve_us = 0;             // h; 0: tuned to the lengths that were seen
    std::int64_t reserve_max_us = 600'000'000;
    std::int64_t debt_window_us = 300'000'000;  // 0: debts are kept for ever
    unsigned bucket_shift = 12;
};

struct LaneOptions {
    Capabilities needs = 0;      // what a worker must have
    std::uint32_t slots = 0;     // as far as known: for debts and headroom
    std::uint32_t headroom = 0;  // slots that one tenant alone may not take
    // Its workers ask for the work of one flow, and nobody shares them: limits and priorities hold,
    // but flows do not stand in line with each other, and take no part of their tenant's weight.
    bool is_claimed = false;
};

struct NewEntry {
    std::uint64_t id = 0;
    FlowIndex flow = none;
    std::size_t priority = 1;  // 0 high, 1 medium, 2 low
    std::int64_t since_us = 0;
    KeyIndex key = none;
};

struct Lane {
    Lane(const LaneOptions& wanted, unsigned shift) : options(wanted), wheel(shift) {}

    LaneOptions options;
    BucketWheel wheel;
    Virtual clock = 0;                // V
    std::int64_t reserve_us = 0;      // h
    std::uint64_t active_weight = 0;  // of flows that are eligible or hold slots
    std::uint32_t running = 0;
    FlowIndex fresh_head = none;
    FlowIndex fresh_tail = none;
    std::uint32_t fresh_count = 0;
    bool is_fresh_next = true;        // when both the fresh list and the wheel have work
    // Lengths seen, in units of 64 µs, decayed by halving: their sum, and that of their squares.
    std::uint64_t sum = 0;
    std::uint64_t sum_of_squares = 0;
    std::uint32_t lengths = 0;
    FlowIndex sweep = none;           // from here on flows are keyed anew after h shrank
    std::uint64_t debts_capped = 0;
    std::vector<FlowIndex> held_back;  // for headroom
    // How far a flow may be ahead of the clock: what `debt_window_us` of all slots is worth now.
    std::int64_t debt_cap = std::numeric_limits<std::int64_t>::max();

    // The mean length, weighted by slot time. Precondition: sum > 0.
    [[nodiscard]] std::int64_t mean_us() const {
        return static_cast<std::int64_t>((sum_of_squares / sum) << 6U);
    }
    [[nodiscard]] bool has_work() const { return fresh_count > 0 || !wheel.empty(); }
};

}  // namespace attacca::core::fair
