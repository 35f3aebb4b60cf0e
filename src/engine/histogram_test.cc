// SPDX-License-Identifier: Apache-2.0
#include "engine/histogram.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace attacca::engine {
namespace {

constexpr std::array<std::int64_t, 2> bounds = {1000, 2000};

TEST(Histogram, CountsEachDurationInTheFirstBucketThatHoldsIt) {
    Histogram<2> times;
    for (const std::int64_t us : {0, 1000, 1001, 2001}) {
        times.observe(bounds, Duration{us});
    }
    EXPECT_THAT(times.buckets, testing::ElementsAre(2U, 1U));
    EXPECT_EQ(times.count, 4U);
    EXPECT_EQ(times.sum_us, 4002);
}

TEST(Histogram, AddsAnother) {
    Histogram<2> times;
    times.observe(bounds, Duration{5});
    Histogram<2> more;
    more.observe(bounds, Duration{1500});
    times.add(more);
    EXPECT_THAT(times.buckets, testing::ElementsAre(1U, 1U));
    EXPECT_EQ(times.count, 2U);
    EXPECT_EQ(times.sum_us, 1505);
}

}  // namespace
}  // namespace attacca::engine
