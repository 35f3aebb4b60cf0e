// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "core/graph/definition_parts.h"

namespace attacca::core {
namespace {

std::string retry_fault_of(std::string_view json) {
    Faults faults;
    RetryPolicy policy;
    const Json parsed = parse_json(json).value();
    if (read_retry(Input(parsed, ""), policy, faults)) {
        return "";
    }
    const Error error = faults.take();
    return std::string(slug_of(error.problem)) + " " + error.fields[0].pointer;
}

RetryPolicy policy_of(std::string_view json) {
    Faults faults;
    RetryPolicy policy;
    const Json parsed = parse_json(json).value();
    EXPECT_TRUE(read_retry(Input(parsed, ""), policy, faults));
    return policy;
}

TEST(Retry, DefaultsFillWhatIsNotSaid) {
    const RetryPolicy policy = policy_of("{}");
    EXPECT_TRUE(policy.is_given);
    EXPECT_EQ(policy.strategy, RetryStrategy::exponential);
    EXPECT_EQ(policy.max_attempts, 3U);
    EXPECT_EQ(policy.delay_ms, 1000);
    EXPECT_EQ(policy.max_delay_ms, 30000);
    EXPECT_EQ(policy.multiplier_thousandths, 2000);
    EXPECT_TRUE(policy.jitter);
}

TEST(Retry, EveryFieldIsRead) {
    const RetryPolicy policy = policy_of(R"({"strategy":"linear","max_attempts":100,"delay":"2s",
        "max_delay":"1m","multiplier":1.5,"jitter":false,"exit_codes":[75,1,75],
        "never_exit_codes":[2]})");
    EXPECT_EQ(policy.strategy, RetryStrategy::linear);
    EXPECT_EQ(policy.max_attempts, 100U);
    EXPECT_EQ(policy.delay_ms, 2000);
    EXPECT_EQ(policy.max_delay_ms, 60000);
    EXPECT_EQ(policy.multiplier_thousandths, 1500);
    EXPECT_FALSE(policy.jitter);
    EXPECT_EQ(policy.exit_codes, (std::vector<std::int64_t>{1, 75}));
    EXPECT_EQ(policy.never_exit_codes, (std::vector<std::int64_t>{2}));
}

TEST(Retry, OneDelayAloneMovesTheOther) {
    EXPECT_EQ(policy_of(R"({"delay":"5m"})").max_delay_ms, 300000);
    EXPECT_EQ(policy_of(R"({"max_delay":"200ms"})").delay_ms, 200);
}

TEST(Retry, ListedDelaysAreTheCustomStrategy) {
    const RetryPolicy policy = policy_of(R"({"delays":["1s","5s"]})");
    EXPECT_EQ(policy.strategy, RetryStrategy::custom);
    EXPECT_EQ(policy.delays_ms, (std::vector<std::int64_t>{1000, 5000}));
    EXPECT_EQ(retry_fault_of(R"({"strategy":"custom"})"), "retry-policy ");
    EXPECT_EQ(retry_fault_of(R"({"delays":[]})"), "retry-policy /delays");
    EXPECT_EQ(retry_fault_of(R"({"strategy":"linear","delays":["1s"]})"), "retry-policy /delays");
    EXPECT_EQ(retry_fault_of(R"({"delays":["1 s"]})"), "out-of-range /delays/0");
}

TEST(Retry, BoundsAreKept) {
    EXPECT_EQ(retry_fault_of(R"({"max_attempts":0})"), "retry-policy /max_attempts");
    EXPECT_EQ(retry_fault_of(R"({"max_attempts":1000000000})"), "retry-policy /max_attempts");
    EXPECT_EQ(retry_fault_of(R"({"max_attempts":101})"), "retry-policy /max_attempts");
    EXPECT_EQ(retry_fault_of(R"({"max_attempts":"3"})"), "wrong-type /max_attempts");
    EXPECT_EQ(retry_fault_of(R"({"delay":"1m","max_delay":"30s"})"), "retry-policy /delay");
    for (const char* multiplier : {"0", "0.5", "-1", "1001", "1.0001", "1e300", "\"NaN\"",
                                   "\"2\"", "null"}) {
        EXPECT_EQ(retry_fault_of(R"({"multiplier":)" + std::string(multiplier) + "}"),
                  "retry-policy /multiplier")
            << multiplier;
    }
    EXPECT_EQ(retry_fault_of(R"({"exit_codes":[256]})"), "retry-policy /exit_codes/0");
    EXPECT_EQ(retry_fault_of(R"({"never_exit_codes":[-1]})"), "retry-policy /never_exit_codes/0");
    EXPECT_EQ(retry_fault_of(R"({"jitter":"no"})"), "wrong-type /jitter");
}

TEST(Retry, StrategiesAreKnownByName) {
    for (const char* name : {"none", "immediate", "linear", "exponential", "fibonacci",
                             "circuit_breaker"}) {
        EXPECT_EQ(retry_fault_of(R"({"strategy":")" + std::string(name) + "\"}"), "") << name;
    }
    EXPECT_EQ(retry_fault_of(R"({"strategy":"expo"})"), "invalid-value /strategy");
    EXPECT_EQ(retry_fault_of(R"({"max_tries":3})"), "unknown-field /max_tries");
}

}  // namespace
}  // namespace attacca::core
