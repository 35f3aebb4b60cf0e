// SPDX-License-Identifier: Apache-2.0
#include "adapters/system/system_clock.h"

#include <gtest/gtest.h>

namespace attacca::system {
namespace {

TEST(SystemClock, MonotonicTimeNeverGoesBack) {
    const SystemClock clock;
    MonoTime last = clock.now().mono;
    for (int i = 0; i < 1000; ++i) {
        const MonoTime next = clock.now().mono;
        EXPECT_GE(next, last);
        last = next;
    }
}

TEST(SystemClock, WallTimeIsInMicrosecondsSince1970) {
    // Between 2025 and 2100: a wrong unit would miss this by a factor of 1000.
    const std::int64_t us = SystemClock{}.now().wall.us;
    EXPECT_GT(us, std::int64_t{1'735'689'600} * 1'000'000);
    EXPECT_LT(us, std::int64_t{4'102'444'800} * 1'000'000);
}

}  // namespace
}  // namespace attacca::system
