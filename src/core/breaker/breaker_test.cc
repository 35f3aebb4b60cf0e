// SPDX-License-Identifier: Apache-2.0
#include "core/breaker/breaker.h"

#include <gtest/gtest.h>

namespace attacca::core {
namespace {

constexpr BreakerState states[] = {BreakerState::closed, BreakerState::open,
                                   BreakerState::half_open};
constexpr BreakerMode modes[] = {BreakerMode::automatic, BreakerMode::open, BreakerMode::closed};

Breaker breaker_in(BreakerState state, BreakerMode mode) {
    Breaker breaker;
    breaker.tenant = "t";
    breaker.dependency = "http:h";
    breaker.state = state;
    breaker.mode = mode;
    return breaker;
}

TEST(Breaker, MovesAlongItsArrowsOnlyAndNotWhileSomebodyHoldsIt) {
    for (const BreakerState from : states) {
        for (const BreakerMode mode : modes) {
            const bool is_own = mode == BreakerMode::automatic;
            Breaker one = breaker_in(from, mode);
            EXPECT_EQ(fold_breaker(one, BreakerOpened{BreakerCause::errors, 5, 10}, {}),
                      is_own && from == BreakerState::closed);
            one = breaker_in(from, mode);
            EXPECT_EQ(fold_breaker(one, BreakerOpened{BreakerCause::probe, 1, 10}, {}),
                      is_own && from == BreakerState::half_open);
            one = breaker_in(from, mode);
            EXPECT_EQ(fold_breaker(one, BreakerHalfOpened{}, {}),
                      is_own && from == BreakerState::open);
            one = breaker_in(from, mode);
            EXPECT_EQ(fold_breaker(one, BreakerClosed{}, {}),
                      is_own && from == BreakerState::half_open);
        }
    }
}

TEST(Breaker, CountsOpeningsInARowUntilItCloses) {
    Breaker one = breaker_in(BreakerState::closed, BreakerMode::automatic);
    ASSERT_TRUE(fold_breaker(one, BreakerOpened{BreakerCause::errors, 5, 30'000}, {1'000'000}));
    EXPECT_EQ(one.probe_at, WallTime{31'000'000});
    EXPECT_TRUE(one.waits_for_probe(1));
    EXPECT_FALSE(one.waits_for_probe(2));
    ASSERT_TRUE(fold_breaker(one, BreakerHalfOpened{}, {31'000'000}));
    ASSERT_TRUE(fold_breaker(one, BreakerOpened{BreakerCause::probe, 1, 60'000}, {32'000'000}));
    EXPECT_EQ(one.in_a_row, 2U);
    ASSERT_TRUE(fold_breaker(one, BreakerHalfOpened{}, {92'000'000}));
    ASSERT_TRUE(fold_breaker(one, BreakerClosed{}, {93'000'000}));
    EXPECT_EQ(one.in_a_row, 0U);
    EXPECT_EQ(one.openings, 2U);
}

TEST(Breaker, DoesWhatAnOperatorSaysAndIsClosedWhenGivenBack) {
    Breaker one = breaker_in(BreakerState::half_open, BreakerMode::automatic);
    ASSERT_TRUE(fold_breaker(one, BreakerSet{BreakerMode::open, "why"}, {5}));
    EXPECT_EQ(one.state, BreakerState::open);
    EXPECT_EQ(one.reason, "why");
    EXPECT_FALSE(one.waits_for_probe(one.openings));
    ASSERT_TRUE(fold_breaker(one, BreakerSet{BreakerMode::closed, ""}, {6}));
    EXPECT_EQ(one.state, BreakerState::closed);
    ASSERT_TRUE(fold_breaker(one, BreakerSet{BreakerMode::automatic, "gone"}, {7}));
    EXPECT_EQ(one.state, BreakerState::closed);
    EXPECT_EQ(one.reason, "");
}

TEST(Breaker, IsTheSameAfterItsImage) {
    for (const BreakerState state : states) {
        for (const BreakerMode mode : modes) {
            Breaker one = breaker_in(state, mode);
            one.since_at = {7};
            one.probe_at = {9};
            one.openings = 3;
            one.in_a_row = 2;
            one.errors = 5;
            one.reason = "r";
            const Result<Breaker> again = load_breaker(image_of(one));
            ASSERT_TRUE(again);
            EXPECT_EQ(image_of(*again), image_of(one));
        }
    }
    EXPECT_EQ(load_breaker("{}").error().problem, Problem::corrupt);
    EXPECT_FALSE(load_breaker("["));
}

}  // namespace
}  // namespace attacca::core
