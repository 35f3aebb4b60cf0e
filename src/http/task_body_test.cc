// SPDX-License-Identifier: Apache-2.0
#include "http/task_body.h"

#include <gtest/gtest.h>

namespace attacca::http {
namespace {

constexpr const char* job = "0190c3a1-0000-7000-8000-000000000001";

TEST(AttemptId, ComesBackAsItWent) {
    for (const std::string& id : {std::string(job) + ".a-b_c.1", std::string(job) + ".n.7.12"}) {
        const auto name = parse_attempt_id(id);
        ASSERT_TRUE(name) << id;
        EXPECT_EQ(attempt_id(*name), id);
    }
}

TEST(AttemptId, IsRefusedWhenItIsNone) {
    const std::string of = job;
    for (const std::string& id : {std::string(), of, of + ".a", of + ".a.", of + ".a.x",
                                  of + ".a.1.", of + ".a.x.1", of + ".a.1.2.3",
                                  std::string("x.a.1"),
                                  of + ".a.4294967296", of + ".a.-1", of + ".a.01"}) {
        EXPECT_FALSE(parse_attempt_id(id)) << id;
    }
}

TEST(ClaimBody, HasDefaults) {
    const auto claim = parse_claim("gpu", R"({"worker":"w"})");
    ASSERT_TRUE(claim);
    EXPECT_EQ(claim->lanes, std::vector<std::string>{"gpu"});
    EXPECT_EQ(claim->max, 1U);
    EXPECT_EQ(claim->wait, Duration{0});
    EXPECT_EQ(claim->ttl_ms, 30000);
}

TEST(ClaimBody, NamesEachLaneOnce) {
    const auto claim = parse_claim("b", R"({"worker":"w","lanes":["a","b","a"]})");
    ASSERT_TRUE(claim);
    EXPECT_EQ(claim->lanes, (std::vector<std::string>{"b", "a"}));
}

TEST(FailureBody, SaysItsClass) {
    const auto none = parse_failure(R"({"fence":3})");
    ASSERT_TRUE(none);
    EXPECT_EQ(none->attempt.fence.value, 3U);
    EXPECT_FALSE(none->report.is_transient || none->report.is_permanent);
    EXPECT_TRUE(parse_failure(R"({"fence":3,"class":"transient"})")->report.is_transient);
    EXPECT_TRUE(parse_failure(R"({"fence":3,"class":"permanent"})")->report.is_permanent);
}

}  // namespace
}  // namespace attacca::http
