// SPDX-License-Identifier: Apache-2.0
#include "core/schedule/retry.h"

#include <algorithm>

#include <gtest/gtest.h>

#include <set>

namespace attacca::core {
namespace {

AttemptReport failed_with(std::int64_t exit_code) {
    AttemptReport report;
    report.outcome = Outcome::failed;
    report.exit_code = exit_code;
    return report;
}

RetryPolicy given(RetryStrategy strategy) {
    RetryPolicy policy;
    policy.is_given = true;
    policy.strategy = strategy;
    policy.max_attempts = 100;
    policy.max_delay_ms = 300000;
    policy.jitter = false;
    return policy;
}

TEST(RetryDelay, ACommandThatSaidNoIsNotTriedAgainUnlessTheNodeSaysSo) {
    EXPECT_FALSE(retry_delay_ms(RetryPolicy{}, failed_with(1), 1, 0));
    EXPECT_EQ(retry_delay_ms(given(RetryStrategy::linear), failed_with(1), 1, 0), 1000);
}

TEST(RetryDelay, FollowsTheStrategy) {
    const auto delays = [](RetryStrategy strategy) {
        std::vector<std::int64_t> values;
        for (std::uint32_t counted = 1; counted <= 5; ++counted) {
            values.push_back(*retry_delay_ms(given(strategy), failed_with(1), counted, 0));
        }
        return values;
    };
    using V = std::vector<std::int64_t>;
    EXPECT_EQ(delays(RetryStrategy::immediate), (V{0, 0, 0, 0, 0}));
    EXPECT_EQ(delays(RetryStrategy::linear), (V{1000, 2000, 3000, 4000, 5000}));
    EXPECT_EQ(delays(RetryStrategy::exponential), (V{1000, 2000, 4000, 8000, 16000}));
    EXPECT_EQ(delays(RetryStrategy::fibonacci), (V{1000, 1000, 2000, 3000, 5000}));
}

TEST(RetryDelay, ExceedsItsCapByItsJitterOnlyAndNeverOverflows) {
    RetryPolicy policy = given(RetryStrategy::exponential);
    policy.delay_ms = 365LL * 86400 * 1000;
    policy.max_delay_ms = policy.delay_ms;
    policy.multiplier_thousandths = 1'000'000;
    policy.jitter = true;
    for (std::uint32_t counted = 1; counted < 100; ++counted) {
        const auto delay = retry_delay_ms(policy, failed_with(1), counted, counted);
        ASSERT_TRUE(delay);
        EXPECT_GE(*delay, policy.max_delay_ms);
        EXPECT_LE(*delay, policy.max_delay_ms + policy.max_delay_ms / 5);
    }
}

TEST(RetryDelay, JitterStaysWhenTheCapIsReached) {
    RetryPolicy policy = given(RetryStrategy::exponential);
    policy.max_delay_ms = policy.delay_ms;
    policy.jitter = true;
    std::set<std::int64_t> delays;
    for (std::uint64_t seed = 0; seed < 100; ++seed) {
        delays.insert(*retry_delay_ms(policy, failed_with(1), 3, seed));
    }
    EXPECT_GT(delays.size(), 10U);
}

TEST(RetryDelay, JitterAddsAtMostAFifthAndIsDecidedByTheSeed) {
    RetryPolicy policy = given(RetryStrategy::linear);
    policy.jitter = true;
    for (std::uint64_t seed = 0; seed < 1000; ++seed) {
        const auto delay = retry_delay_ms(policy, failed_with(1), 1, seed);
        ASSERT_TRUE(delay);
        EXPECT_GE(*delay, 1000);
        EXPECT_LE(*delay, 1200);
        EXPECT_EQ(delay, retry_delay_ms(policy, failed_with(1), 1, seed));
    }
}

TEST(RetryDelay, ObeysTheExitCodesThatAreNamed) {
    RetryPolicy policy = given(RetryStrategy::linear);
    policy.exit_codes = {75};
    EXPECT_TRUE(retry_delay_ms(policy, failed_with(75), 1, 0));
    EXPECT_FALSE(retry_delay_ms(policy, failed_with(1), 1, 0));
    policy.exit_codes.clear();
    policy.never_exit_codes = {2};
    EXPECT_FALSE(retry_delay_ms(policy, failed_with(2), 1, 0));
    EXPECT_TRUE(retry_delay_ms(policy, failed_with(1), 1, 0));
}

// I13, against the formula in plain arithmetic.
TEST(RetryDelay, LiesBetweenTheBaseAndTheCappedPowerWithItsJitter) {
    for (const RetryStrategy strategy :
         {RetryStrategy::exponential, RetryStrategy::circuit_breaker}) {
        for (const bool is_transient : {false, true}) {
            RetryPolicy policy = given(strategy);
            policy.jitter = true;
            AttemptReport report = failed_with(1);
            report.is_transient = is_transient;
            for (std::uint32_t counted = 1; counted < 60; ++counted) {
                const std::uint32_t step = is_transient ? counted - 2 : counted - 1;
                const auto delay = retry_delay_ms(policy, report, counted, counted * 77U);
                ASSERT_TRUE(delay);
                if (is_transient && counted == 1) {
                    EXPECT_EQ(*delay, 0);  // at once
                    continue;
                }
                const std::int64_t power = step < 20 ? 1000LL << step : 300'000;
                const std::int64_t plain = std::min<std::int64_t>(300'000, power);
                EXPECT_GE(*delay, plain);
                EXPECT_LE(*delay, plain + plain / 5);
            }
        }
    }
}

TEST(RetryDelay, EndsWithTheLastAttempt) {
    RetryPolicy policy = given(RetryStrategy::immediate);
    policy.max_attempts = 3;
    EXPECT_TRUE(retry_delay_ms(policy, failed_with(1), 2, 0));
    EXPECT_FALSE(retry_delay_ms(policy, failed_with(1), 3, 0));
}

TEST(RetryDelay, TakesTheListOfTheCustomStrategyAndStaysAtItsLast) {
    RetryPolicy policy = given(RetryStrategy::custom);
    policy.delays_ms = {10, 500};
    EXPECT_EQ(retry_delay_ms(policy, failed_with(1), 1, 0), 10);
    EXPECT_EQ(retry_delay_ms(policy, failed_with(1), 2, 0), 500);
    EXPECT_EQ(retry_delay_ms(policy, failed_with(1), 9, 0), 500);
}

}  // namespace
}  // namespace attacca::core
