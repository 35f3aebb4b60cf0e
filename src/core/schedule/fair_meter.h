// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/schedule/fair/fair_queue.h"

// How fair it was of late, on the slots of this server: figures of the last window of 15 s.
//
// Measured are tenants that had work which might start through all of the window, and that were due
// at least ten entries' lengths in it: what each held, against what its weight gave it of all that
// those with work held. One is what is due. Ratios tell whether somebody is wronged; Jain's index
// hides a few who are starved, so those are counted.
//
// Costs O(1) at an event, and when a window ends at most `measured_max` flows are looked at.
// Volatile, like all of the queue.

namespace attacca::core {

struct FairFigures {
    std::uint64_t tenants = 0;               // measured
    std::int64_t ratio_min_ppm = 1'000'000;  // held / due, in millionths
    std::int64_t ratio_p01_ppm = 1'000'000;
    std::int64_t ratio_p99_ppm = 1'000'000;
    std::int64_t jain_ppm = 1'000'000;
    // How far the last one is behind, in millionths of an entry's length and the reserve.
    std::int64_t max_lag_quanta_ppm = 0;
    std::uint64_t starved = 0;  // might have started something all the time, and nothing happened
};

class FairMeter {
  public:
    static constexpr std::int64_t window_us = 15'000'000;
    static constexpr std::size_t measured_max = 4096;
    static constexpr std::int64_t due_lengths_min = 10;

    // To be called before and after each event of a flow.
    void note(const fair::FairQueue& queue, fair::FlowIndex flow, std::int64_t now);
    // Ends the window whose time is over.
    void roll(const fair::FairQueue& queue, std::int64_t now);
    [[nodiscard]] const FairFigures& figures() const { return figures_; }

  private:
    struct Mark {
        std::int64_t window = -1;
        std::int64_t held_us = 0;  // when the window began
        bool had_pause = false;    // for a moment nothing of it might start
    };
    struct Share {
        std::int64_t held_us = 0;
        std::int64_t weight = 0;
    };

    void measure(const fair::FairQueue& queue, std::int64_t now);
    void measure_ratios(const std::vector<Share>& shares, std::int64_t length_us);

    std::int64_t window_ = 0;
    std::vector<Mark> marks_;               // by flow
    std::vector<fair::FlowIndex> touched_;  // in this window
    FairFigures figures_;
};

}  // namespace attacca::core
