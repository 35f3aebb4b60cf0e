// SPDX-License-Identifier: Apache-2.0
#include "core/tenant/admission.h"

#include <gtest/gtest.h>

#include "core/decide_parts.h"
#include "core/definition_for_test.h"
#include "core/tenant/accounts.h"

namespace attacca::core {
namespace {

constexpr std::string_view one_run = R"({"nodes":[{"id":"n","run":["x"]}]})";

class Admission : public testing::Test {
  protected:
    void set(const std::string& tenant, const TenantSettings& settings) {
        ASSERT_TRUE(bench.run(SetTenant{tenant, "usr:1", settings}));
    }
    Answer submit(const std::string& tenant, std::size_t count = 1) {
        return submit_all(tenant, std::vector<std::string>(count, std::string(one_run)));
    }
    Answer submit_all(const std::string& tenant, const std::vector<std::string>& dags) {
        SubmitJobs command{tenant, "usr:1", {}, {}};
        for (const std::string& dag : dags) {
            NewJob job;
            job.id = bench.next_id();
            job.definition = definition_for_test(dag);
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

// A job with one task for each of these numbers, each for workers of their own kind.
std::string dag_of_kinds(std::size_t from, std::size_t to, std::string_view members = {}) {
    std::string nodes;
    for (std::size_t i = from; i < to; ++i) {
        const std::string number = std::to_string(i);
        nodes += (nodes.empty() ? "" : ",") + (R"({"id":"n)" + number) +
                 R"(","task":{"lane":"l","capabilities":["c)" + number + R"("]})" +
                 std::string(members) + "}";
    }
    return R"({"nodes":[)" + nodes + "]}";
}

std::size_t kinds_of(const BenchForTest& bench) {
    return bench.state.tenants.find("default")->task_kinds.kinds_of("l");
}

TEST_F(Admission, SetsOfCapabilitiesOnALaneAreLimited) {
    ASSERT_TRUE(std::holds_alternative<Submitted>(*submit_all("default", {dag_of_kinds(0, 60)})));
    const std::size_t before = bench.records.size();
    const Answer more = submit_all("default", {dag_of_kinds(58, 62), dag_of_kinds(62, 65)});
    ASSERT_TRUE(more && std::holds_alternative<Throttled>(*more));
    const Throttled refusal = std::get<Throttled>(*more);
    EXPECT_EQ(refusal.error.problem, Problem::rate_limited);
    EXPECT_EQ(refusal.policy, policy_capabilities);
    EXPECT_EQ(refusal.retry_after_s, 60);
    EXPECT_NE(refusal.error.detail.find("ask for 60 different sets of capabilities on the lane "
                                        "`l`, the request for 5 more"),
              std::string::npos)
        << refusal.error.detail;
    EXPECT_EQ(bench.records.size(), before);
    // What asks for what others ask for already is let in, and so is who has another name.
    EXPECT_TRUE(std::holds_alternative<Submitted>(*submit_all("default", {dag_of_kinds(3, 40)})));
    set("blue", {});
    EXPECT_TRUE(std::holds_alternative<Submitted>(*submit_all("blue", {dag_of_kinds(90, 99)})));
    const Answer never = submit_all("default", {dag_of_kinds(0, 40), dag_of_kinds(100, 130)});
    EXPECT_EQ(std::get<Throttled>(*never).error.problem, Problem::out_of_range);
    EXPECT_EQ(std::get<Throttled>(*never).retry_after_s, 0);
}

TEST_F(Admission, AJobThatEndsGivesItsSetsBack) {
    const Answer first = submit_all("default", {dag_of_kinds(0, 64)});
    EXPECT_TRUE(std::holds_alternative<Throttled>(*submit_all("default", {dag_of_kinds(64, 65)})));
    const JobId id = std::get<Submitted>(*first).ids.front();
    ASSERT_TRUE(bench.run(CancelJob{id, "default", "usr:1"}));
    EXPECT_EQ(kinds_of(bench), 0U);
    EXPECT_TRUE(std::holds_alternative<Submitted>(*submit_all("default", {dag_of_kinds(64, 65)})));
}

// What is in the ledger was let in: more than this release would let in is folded like anything
// else, counted, and begins again when it says so.
TEST_F(Admission, WhatTheLedgerTellsIsNeverRefused) {
    for (const std::size_t from : {0U, 60U}) {
        const auto definition =
            definition_for_test(dag_of_kinds(from, from + 60, R"(,"on_failure":"requeue_job")"));
        bench.know(definition);
        JobCreated created;
        created.definition = definition->digest;
        created.name = "old";
        created.sem = sem_newest;
        const Record record{Entity{bench.next_id(), {}}, "default", "usr:1", bench.now.wall,
                            created};
        ASSERT_TRUE(apply(bench.state, record, bench));
    }
    EXPECT_EQ(kinds_of(bench), 120U);
    const TaskKindCounts counted = bench.state.tenants.find("default")->task_kinds;
    recount_tenants(bench.state);
    EXPECT_EQ(bench.state.tenants.find("default")->task_kinds, counted);
    const Answer more = submit_all("default", {dag_of_kinds(200, 201)});
    EXPECT_TRUE(std::holds_alternative<Throttled>(*more));

    Job& job = *bench.state.slots[bench.state.slot_of.begin()->second];
    job.recovery = OnFailure::requeue_job;
    JobEnded ended;
    ended.reason = JobReason::node_failed;
    EXPECT_TRUE(is_to_begin_again(bench.state, job, ended, bench.now.wall));
}

}  // namespace
}  // namespace attacca::core
