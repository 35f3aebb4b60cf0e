// SPDX-License-Identifier: Apache-2.0
#include "core/breaker/calls.h"

#include <gtest/gtest.h>

namespace attacca::core {
namespace {

constexpr WallTime begin{1'700'000'000'000'000};

TEST(RetryBudget, AllowsSoManyOrATenthOfTheFirstAttempts) {
    BreakerRules rules;
    rules.retries_min = 3;
    RetryBudget budget;
    for (int i = 0; i < 3; ++i) {
        EXPECT_TRUE(budget.has_room(begin, rules));
        budget.note_retry(begin);
    }
    EXPECT_FALSE(budget.has_room(begin, rules));
    for (int i = 0; i < 39; ++i) {
        budget.note_first(begin);
    }
    EXPECT_FALSE(budget.has_room(begin, rules));
    budget.note_first(begin);
    EXPECT_TRUE(budget.has_room(begin, rules));
}

TEST(RetryBudget, ForgetsAfterAMinute) {
    BreakerRules rules;
    rules.retries_min = 1;
    RetryBudget budget;
    budget.note_retry(begin);
    EXPECT_FALSE(budget.has_room(begin + seconds(49), rules));
    EXPECT_TRUE(budget.has_room(begin + seconds(60), rules));
    EXPECT_EQ(budget.retries(begin + seconds(60)), 0U);
}

TEST(Calls, CountTheErrorsOfTheWindowOnly) {
    Calls calls;
    Dependency& seen = calls.of("e", begin);
    seen.errors = {begin, begin + seconds(30), begin + seconds(50)};
    EXPECT_EQ(calls.errors("e", begin + seconds(60)), 3U);
    EXPECT_EQ(calls.errors("e", begin + seconds(61)), 2U);
    EXPECT_EQ(calls.errors("e", begin + seconds(111)), 0U);
    EXPECT_EQ(calls.errors("other", begin), 0U);
}

TEST(Calls, ForgetWhatNothingCountsOfAnyMore) {
    Calls calls;
    for (int i = 0; i < 20'000; ++i) {
        calls.of("e" + std::to_string(i), begin + seconds(i));
    }
    EXPECT_LT(calls.dependencies.size(), 2'100U);
    EXPECT_NE(calls.find("e19999"), nullptr);
}

}  // namespace
}  // namespace attacca::core
