// SPDX-License-Identifier: Apache-2.0
#include "core/tenant/admission.h"

#include <gtest/gtest.h>

#include "core/definition_for_test.h"

namespace attacca::core {
namespace {

constexpr std::string_view one_run = R"({"nodes":[{"id":"n","run":["x"]}]})";

class Admission : public testing::Test {
  protected:
    void set(const std::string& tenant, const TenantSettings& settings) {
        ASSERT_TRUE(bench.run(SetTenant{tenant, "usr:1", settings}));
    }
    Answer submit(const std::string& tenant, std::size_t count = 1) {
        SubmitJobs command{tenant, "usr:1", {}, {}};
        for (std::size_t i = 0; i < count; ++i) {
            NewJob job;
            job.id = bench.next_id();
            job.definition = definition_for_test(one_run);
            bench.know(job.definition);
            command.jobs.push_back(job);
        }
        return bench.run(command);
    }
    // The refusal, which changed nothing.
    Throttled refused(const std::string& tenant, std::size_t count = 1) {
        const std::size_t before = bench.records.size();
        const Answer answer = submit(tenant, count);
        EXPECT_EQ(bench.records.size(), before);
        ATTACCA_CHECK(answer && std::holds_alternative<Throttled>(*answer));
        return std::get<Throttled>(*answer);
    }
    bool is_in(const std::string& tenant, std::size_t count = 1) {
        const Answer answer = submit(tenant, count);
        return answer && std::holds_alternative<Submitted>(*answer);
    }

    BenchForTest bench{0};
};

TEST_F(Admission, WithoutLimitsEveryJobIsLetIn) {
    EXPECT_TRUE(is_in("default", 100));
    EXPECT_TRUE(notices_of(*bench.state.tenants.find("default"), 0, bench.now.wall).empty());
}

TEST_F(Admission, TheRateOfNewJobsIsKeptExactly) {
    TenantSettings rate;
    rate.rate_limit = RateLimit{10, 1000, 3};
    set("blue", rate);
    EXPECT_TRUE(is_in("blue", 3));
    const Throttled refusal = refused("blue");
    EXPECT_EQ(refusal.error.problem, Problem::rate_limited);
    EXPECT_EQ(refusal.policy, policy_rate);
    EXPECT_EQ(refusal.retry_after_s, 1);
    ASSERT_EQ(refusal.limits.size(), 1U);
    EXPECT_EQ(refusal.limits[0].left, 0U);
    bench.now.wall = bench.now.wall + Duration{99'999};
    refused("blue");
    bench.now.wall = bench.now.wall + Duration{1};
    EXPECT_TRUE(is_in("blue"));
    refused("blue");
    EXPECT_TRUE(is_in("default"));
}

TEST_F(Admission, ABatchThatNeverFitsIsNotToldToWait) {
    TenantSettings rate;
    rate.rate_limit = RateLimit{10, 1000, 3};
    rate.jobs_per_day = 2;
    set("blue", rate);
    const Throttled refusal = refused("blue", 4);
    EXPECT_EQ(refusal.error.problem, Problem::out_of_range);
    EXPECT_EQ(refusal.retry_after_s, 0);
    EXPECT_EQ(refused("blue", 3).error.problem, Problem::out_of_range);
    EXPECT_TRUE(is_in("blue", 2));
}

TEST_F(Admission, JobsOfTheDayEndAtMidnightUtc) {
    TenantSettings quota;
    quota.jobs_per_day = 2;
    set("blue", quota);
    EXPECT_TRUE(is_in("blue", 2));
    const Throttled refusal = refused("blue");
    EXPECT_EQ(refusal.error.problem, Problem::rate_limited);
    EXPECT_EQ(refusal.retry_after_s, (end_of_day(bench.now.wall) - bench.now.wall).us / 1'000'000);
    bench.now.wall = end_of_day(bench.now.wall) + Duration{-1};
    refused("blue");
    bench.now.wall = bench.now.wall + Duration{1};
    EXPECT_TRUE(is_in("blue", 2));
}

TEST_F(Admission, TheQueuedCapCountsJobsThatHaveNotStarted) {
    TenantSettings cap;
    cap.max_queued = 2;
    set("blue", cap);
    EXPECT_TRUE(is_in("blue", 2));
    const Throttled refusal = refused("blue");
    EXPECT_EQ(refusal.error.problem, Problem::rate_limited);
    EXPECT_EQ(refusal.policy, policy_queued);
    EXPECT_GE(refusal.retry_after_s, 1);
    bench.slots = 1;
    bench.dispatch_all();
    EXPECT_TRUE(is_in("blue"));
    refused("blue");
}

TEST_F(Admission, AFullQueueRefusesThoseAboveTheWaterLevelOnly) {
    bench.state.water.queued_max = 100;
    TenantSettings light;
    light.weight = 1000;
    set("blue", light);
    light.weight = 3000;
    set("red", light);
    set("green", light);
    EXPECT_TRUE(is_in("blue", 60));
    EXPECT_TRUE(is_in("red", 35));
    EXPECT_TRUE(is_in("green", 5));
    // Σ min(queued, X · weight) = 100 at X = 60 per thousand: blue stands at the level.
    const Throttled refusal = refused("blue");
    EXPECT_EQ(refusal.error.problem, Problem::rate_limited);
    EXPECT_EQ(refusal.policy, policy_water);
    EXPECT_TRUE(is_in("red"));
    EXPECT_TRUE(is_in("green", 10));
    refused("blue");
    // A newcomer always finds room.
    EXPECT_TRUE(is_in("default"));
}

TEST_F(Admission, AReplayedKeyIsAnsweredWithoutBeingLetInAgain) {
    TenantSettings rate;
    rate.rate_limit = RateLimit{1, 1000, 1};
    set("blue", rate);
    SubmitJobs command{"blue", "usr:1", {}, IdempotencyKey{}};
    NewJob job;
    job.id = bench.next_id();
    job.definition = definition_for_test(one_run);
    bench.know(job.definition);
    command.jobs.push_back(job);
    ASSERT_TRUE(bench.run(command));
    const Answer again = bench.run(command);
    ASSERT_TRUE(again && std::holds_alternative<Submitted>(*again));
    EXPECT_TRUE(std::get<Submitted>(*again).is_replayed);
}

}  // namespace
}  // namespace attacca::core
