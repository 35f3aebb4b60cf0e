// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "base/time.h"

// Durations counted in buckets, for /metrics. Plain data: whoever owns one guards it.

namespace attacca::engine {

template <std::size_t N>
struct Histogram {
    std::array<std::uint64_t, N> buckets{};  // each bound's own; what is above all is not here
    std::uint64_t count = 0;
    std::int64_t sum_us = 0;

    // `bounds_us` ascend, and are the same at each call.
    void observe(const std::array<std::int64_t, N>& bounds_us, Duration duration) {
        ++count;
        sum_us += duration.us;
        for (std::size_t i = 0; i < N; ++i) {
            if (duration.us <= bounds_us[i]) {
                ++buckets[i];
                return;
            }
        }
    }
    void add(const Histogram& other) {
        for (std::size_t i = 0; i < N; ++i) {
            buckets[i] += other.buckets[i];
        }
        count += other.count;
        sum_us += other.sum_us;
    }
};

}  // namespace attacca::engine
