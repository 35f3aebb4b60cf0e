// SPDX-License-Identifier: Apache-2.0
#include "core/schedule/gcra.h"

#include <algorithm>

#include "base/check.h"

namespace attacca::core {
namespace {

constexpr std::int64_t ns_per_us = 1000;

std::int64_t ns_of(WallTime at) {
    constexpr std::int64_t us_max = 8'836'000'000'000'000;  // early in 2250
    return std::clamp<std::int64_t>(at.us, 0, us_max) * ns_per_us;
}

// Towards later: nothing may happen early.
WallTime wall_of(std::int64_t ns) {
    return {(ns + ns_per_us - 1) / ns_per_us};
}

}  // namespace

std::int64_t interval_ns(const RateLimit& rate) {
    constexpr std::int64_t ns_per_ms = 1'000'000;
    const std::int64_t count = rate.count;
    return (rate.per_ms * ns_per_ms + count - 1) / count;
}

WallTime fits_at(const RateLimit& rate, std::int64_t tat_ns, std::uint32_t cost, WallTime now) {
    ATTACCA_CHECK(cost <= rate.burst);
    const std::int64_t ahead = (std::int64_t{rate.burst} - cost) * interval_ns(rate);
    return tat_ns - ahead <= ns_of(now) ? now : wall_of(tat_ns - ahead);
}

std::int64_t charged(const RateLimit& rate, std::int64_t tat_ns, std::uint32_t cost,
                     WallTime now) {
    // A TAT further ahead than the burst allows comes from events before the limit was lowered, or
    // from a clock that was set back; kept in bounds, it can neither overflow nor block for ever.
    const std::int64_t at = ns_of(now);
    const std::int64_t interval = interval_ns(rate);
    return std::clamp(tat_ns, at, at + rate.burst * interval) + cost * interval;
}

std::uint32_t left_of(const RateLimit& rate, std::int64_t tat_ns, WallTime now) {
    const std::int64_t interval = interval_ns(rate);
    const std::int64_t taken = std::max<std::int64_t>(0, tat_ns - ns_of(now));
    const std::int64_t left = std::int64_t{rate.burst} - (taken + interval - 1) / interval;
    return static_cast<std::uint32_t>(std::max<std::int64_t>(0, left));
}

Duration full_in(const RateLimit& rate, std::int64_t tat_ns, WallTime now) {
    return fits_at(rate, tat_ns, rate.burst, now) - now;
}

}  // namespace attacca::core
