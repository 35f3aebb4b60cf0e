// SPDX-License-Identifier: Apache-2.0
#include "adapters/system/system_clock.h"

#include <cstdint>

#include <time.h>

#include "base/check.h"

namespace attacca::system {
namespace {

std::int64_t read_us(clockid_t clock) {
    timespec at{};
    ATTACCA_CHECK(::clock_gettime(clock, &at) == 0);
    return std::int64_t{at.tv_sec} * 1'000'000 + at.tv_nsec / 1000;
}

}  // namespace

Now SystemClock::now() const {
    return {{read_us(CLOCK_REALTIME)}, {read_us(CLOCK_MONOTONIC)}};
}

}  // namespace attacca::system
