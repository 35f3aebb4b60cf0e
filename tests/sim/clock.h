// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "base/time.h"

// Virtual time. The monotonic clock is honest and starts anew with each process; the wall clock
// drifts and jumps.

namespace attacca::sim {

class SimClock {
  public:
    void begin_process(std::int64_t virtual_us, std::int64_t mono_start_us) {
        mono_offset_ = mono_start_us - virtual_us;
    }
    void set(std::int64_t virtual_us) { virtual_us_ = virtual_us; }
    void set_drift(std::int64_t parts_per_million) { drift_ppm_ = parts_per_million; }
    void jump(std::int64_t by_us) { wall_offset_ += by_us; }

    [[nodiscard]] Now now() const {
        const std::int64_t drift = virtual_us_ / 1'000'000 * drift_ppm_;
        return {WallTime{epoch_us + virtual_us_ + drift + wall_offset_},
                MonoTime{virtual_us_ + mono_offset_}};
    }
    [[nodiscard]] std::int64_t virtual_of(MonoTime mono) const { return mono.us - mono_offset_; }

  private:
    static constexpr std::int64_t epoch_us = 1'772'366'400'000'000;  // 2026-03-01T12:00:00Z

    std::int64_t virtual_us_ = 0;
    std::int64_t mono_offset_ = 0;
    std::int64_t wall_offset_ = 0;
    std::int64_t drift_ppm_ = 0;
};

}  // namespace attacca::sim
