// SPDX-License-Identifier: Apache-2.0
#include "core/schedule/gcra.h"

#include <limits>
#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace attacca::core {
namespace {

constexpr WallTime start{1'772'366'400'000'000};

TEST(Gcra, LetsABurstThroughAndThenOneForEachInterval) {
    const RateLimit rate{10, 1000, 3};
    std::int64_t tat = 0;
    for (int i = 0; i < 3; ++i) {
        EXPECT_EQ(fits_at(rate, tat, 1, start), start);
        tat = charged(rate, tat, 1, start);
    }
    EXPECT_EQ(left_of(rate, tat, start), 0U);
    EXPECT_EQ(fits_at(rate, tat, 1, start), start + milliseconds(100));
    EXPECT_EQ(fits_at(rate, tat, 2, start), start + milliseconds(200));
    EXPECT_EQ(full_in(rate, tat, start), milliseconds(300));
    EXPECT_EQ(left_of(rate, tat, start + milliseconds(99)), 0U);
    EXPECT_EQ(left_of(rate, tat, start + milliseconds(100)), 1U);
}

TEST(Gcra, SavesNothingUpBeyondTheBurst) {
    const RateLimit rate{10, 1000, 3};
    const std::int64_t tat = charged(rate, 0, 1, start);
    const WallTime later = start + seconds(3600);
    EXPECT_EQ(left_of(rate, tat, later), 3U);
    EXPECT_EQ(full_in(rate, charged(rate, tat, 3, later), later), milliseconds(300));
}

TEST(Gcra, IsNeverEarlyWhereTheIntervalIsNoWholeNumber) {
    const RateLimit rate{3, 1000, 1};
    std::int64_t tat = 0;
    WallTime now = start;
    for (int i = 0; i < 3'000; ++i) {
        now = fits_at(rate, tat, 1, now);
        tat = charged(rate, tat, 1, now);
    }
    // 2,999 intervals of a third of a second: not earlier, and at most a microsecond each later.
    EXPECT_GE((now - start).us, 2'999 * 1'000'000LL / 3);
    EXPECT_LE((now - start).us, 2'999 * 1'000'000LL / 3 + 2'999);
}

// Whatever is asked, in every window there are at most burst + window / interval events; and the
// instant that was promised is the first that fits.
TEST(Gcra, AdmitsNoMoreThanItsRateOnRandomTraces) {
    std::mt19937_64 random(20260301);
    for (int round = 0; round < 50; ++round) {
        RateLimit rate;
        rate.count = static_cast<std::uint32_t>(1 + random() % 50);
        rate.burst = static_cast<std::uint32_t>(1 + random() % rate.count);
        rate.per_ms = static_cast<std::uint32_t>(1 + random() % 5'000);
        std::vector<WallTime> admitted;
        std::int64_t tat = 0;
        WallTime now = start;
        for (int i = 0; i < 500; ++i) {
            now = now + Duration{static_cast<std::int64_t>(random() % 100'000)};
            const auto cost = static_cast<std::uint32_t>(1 + random() % rate.burst);
            const WallTime at = fits_at(rate, tat, cost, now);
            if (at > now) {
                EXPECT_GT(fits_at(rate, tat, cost, at + Duration{-1}), at + Duration{-1});
                EXPECT_EQ(fits_at(rate, tat, cost, at), at);
                EXPECT_LT(left_of(rate, tat, now), cost);
                continue;
            }
            EXPECT_GE(left_of(rate, tat, now), cost);
            tat = charged(rate, tat, cost, now);
            admitted.insert(admitted.end(), cost, now);
        }
        for (std::size_t first = 0; first < admitted.size(); first += 7) {
            const std::int64_t window_ns = (admitted.back() - admitted[first]).us * 1'000;
            const std::int64_t most = rate.burst + window_ns / interval_ns(rate);
            EXPECT_LE(static_cast<std::int64_t>(admitted.size() - first), most);
        }
    }
}

TEST(Gcra, StaysInBoundsAtTheEndsOfTime) {
    const RateLimit slow{1, rate_per_ms_max, 1};
    const RateLimit wide{rate_count_max, rate_per_ms_max, rate_count_max};
    constexpr std::int64_t us_max = std::numeric_limits<std::int64_t>::max();
    for (const WallTime at : {WallTime{-5}, WallTime{0}, WallTime{us_max}}) {
        for (const RateLimit& rate : {slow, wide}) {
            const std::int64_t tat = charged(rate, std::numeric_limits<std::int64_t>::max(),
                                             rate.burst, at);
            EXPECT_GT(tat, 0);
            EXPECT_EQ(left_of(rate, tat, at), 0U);
        }
    }
}

}  // namespace
}  // namespace attacca::core
