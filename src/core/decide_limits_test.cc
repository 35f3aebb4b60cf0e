// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "core/definition_for_test.h"

namespace attacca::core {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

constexpr std::string_view one_run_dag = R"({"nodes":[{"id":"n","run":["x"]}]})";
constexpr std::string_view one_task_dag =
    R"({"nodes":[{"id":"n","task":{"lane":"gpu","type":"t"}}]})";

// Tenants with limits on a bench of few slots.
class StartLimits : public testing::Test {
  protected:
    void set(const std::string& tenant, const TenantSettings& settings) {
        ASSERT_TRUE(bench.run(SetTenant{tenant, "usr:1", settings}));
    }
    void submit(const std::string& tenant, std::size_t count, std::string_view dag = one_run_dag) {
        SubmitJobs command{tenant, "usr:1", {}, {}};
        for (std::size_t i = 0; i < count; ++i) {
            NewJob job;
            job.id = bench.next_id();
            job.definition = definition_for_test(dag);
            bench.know(job.definition);
            command.jobs.push_back(job);
        }
        ASSERT_TRUE(bench.run(command));
    }
    void pass(Duration length) {
        bench.now.wall = bench.now.wall + length;
        bench.now.mono = bench.now.mono + length;
        wake_limits(bench.state, bench.now);
        bench.dispatch_all();
    }
    std::size_t claim(const std::string& tenant) {
        Claim claim;
        claim.tenant = tenant;
        claim.lanes = {"cpu", "gpu"};
        claim.worker = "w";
        const Answer answer = bench.run(claim);
        return answer ? std::get<Leased>(*answer).offers.size() : 0;
    }
    // Starts so far, by tenant.
    std::map<std::string, std::size_t> starts() {
        std::map<std::string, std::size_t> counts;
        for (const Record& record : bench.records) {
            counts[record.tenant] += std::holds_alternative<AttemptStarted>(record.payload);
        }
        return counts;
    }

    BenchForTest bench{4};
};

TEST_F(StartLimits, NoMoreAttemptsRunThanTheTenantMay) {
    TenantSettings settings;
    settings.max_concurrency = 2;
    set("blue", settings);
    submit("blue", 5);
    EXPECT_THAT(bench.running, SizeIs(2));
    bench.end("n");
    EXPECT_THAT(bench.running, SizeIs(2));
    EXPECT_EQ(starts()["blue"], 3U);
}

TEST_F(StartLimits, ATenantAtItsLimitLeavesItsSlotsToOthers) {
    TenantSettings settings;
    settings.max_concurrency = 1;
    set("blue", settings);
    submit("blue", 10);
    submit("default", 10);
    EXPECT_EQ(starts()["blue"], 1U);
    EXPECT_EQ(starts()["default"], 3U);
}

TEST_F(StartLimits, WhatWorkersClaimCountsTowardsTheSameLimit) {
    TenantSettings settings;
    settings.max_concurrency = 1;
    set("blue", settings);
    submit("blue", 2, one_task_dag);
    EXPECT_EQ(claim("blue"), 1U);
    EXPECT_EQ(claim("blue"), 0U);
    submit("blue", 1);
    EXPECT_THAT(bench.running, IsEmpty());
    (void)bench.state.queue.take_stirred();
    settings.max_concurrency = 2;
    set("blue", settings);
    EXPECT_THAT(bench.running, SizeIs(1));
    settings.max_concurrency = 3;
    set("blue", settings);
    EXPECT_THAT(bench.state.queue.take_stirred(), SizeIs(1));  // waiting workers are served
    EXPECT_EQ(claim("blue"), 1U);
}

TEST_F(StartLimits, AWorkerIsNeverGivenAnotherTenantsWork) {
    submit("default", 1, one_task_dag);
    set("blue", {});
    EXPECT_EQ(claim("blue"), 0U);
    EXPECT_EQ(claim("default"), 1U);
}

TEST_F(StartLimits, StartsWaitForTheExactInstantOfTheirRate) {
    TenantSettings settings;
    settings.start_rate = RateLimit{10, 1000, 2};
    set("blue", settings);
    submit("blue", 4);
    EXPECT_EQ(starts()["blue"], 2U);
    const std::optional<WallTime> next = bench.state.queue.next_wake();
    ASSERT_TRUE(next);
    EXPECT_LE(*next, bench.now.wall + milliseconds(100));
    pass(milliseconds(99));
    EXPECT_EQ(starts()["blue"], 2U);
    pass(Duration{1256});  // and a tick of the wheel at most
    EXPECT_EQ(starts()["blue"], 3U);
    pass(milliseconds(100));
    EXPECT_EQ(starts()["blue"], 4U);
}

TEST_F(StartLimits, SlotTimeThatIsUsedUpComesBackWithTheDay) {
    TenantSettings settings;
    settings.slot_seconds_per_day = 5;
    set("blue", settings);
    submit("blue", 5);
    EXPECT_THAT(bench.running, SizeIs(4));
    bench.now.wall = bench.now.wall + seconds(2);
    bench.end("n");
    EXPECT_EQ(starts()["blue"], 4U);
    pass(end_of_day(bench.now.wall) + milliseconds(1) - bench.now.wall);
    while (!bench.running.empty()) {
        bench.end("n", Outcome::lost);
    }
    EXPECT_EQ(starts()["blue"], 4U);
    pass(seconds(86400));
    EXPECT_EQ(starts()["blue"], 5U);
}

TEST_F(StartLimits, ALargerWeightActsOnWhatWaitsAlready) {
    TenantSettings settings;
    settings.weight = 1000;
    set("blue", settings);
    set("red", settings);
    submit("blue", 400);
    submit("red", 400);
    settings.weight = 3000;
    set("red", settings);
    for (int i = 0; i < 400; ++i) {
        bench.now.wall = bench.now.wall + milliseconds(10);
        bench.end("n");
    }
    const std::size_t blue = starts()["blue"];
    const std::size_t red = starts()["red"];
    EXPECT_EQ(blue + red, 404U);
    EXPECT_NEAR(static_cast<double>(red) / static_cast<double>(blue), 3.0, 0.2);
}

TEST_F(StartLimits, AFloodDoesNotKeepANewcomerWaiting) {
    submit("default", 1000);
    for (int i = 0; i < 50; ++i) {
        bench.now.wall = bench.now.wall + milliseconds(10);
        bench.end("n");
    }
    const std::size_t before = starts()["default"];
    set("blue", {});
    submit("blue", 10);
    for (int i = 0; i < 30 && starts()["blue"] < 10; ++i) {
        bench.now.wall = bench.now.wall + milliseconds(10);
        bench.end("n");
    }
    EXPECT_EQ(starts()["blue"], 10U);
    EXPECT_LE(starts()["default"] - before, 20U);
}

TEST_F(StartLimits, ATenantsShareAndLagAreToldWhileItHasWork) {
    set("blue", {});
    submit("blue", 40);
    submit("default", 40);
    for (int i = 0; i < 40; ++i) {
        bench.now.wall = bench.now.wall + milliseconds(500);
        bench.end("n");
    }
    const Answer answer = bench.run(ReadTenants{"blue", {}, 10});
    ASSERT_TRUE(answer);
    const TenantReport blue = std::get<TenantReports>(*answer).tenants.front();
    ASSERT_TRUE(blue.share_ppm);
    EXPECT_NEAR(static_cast<double>(*blue.share_ppm), 500'000.0, 50'000.0);
    ASSERT_TRUE(blue.lag_us);
    EXPECT_LT(std::abs(*blue.lag_us), 2'000'000);
    set("red", {});
    const Answer idle = bench.run(ReadTenants{"red", {}, 10});
    ASSERT_TRUE(idle);
    EXPECT_FALSE(std::get<TenantReports>(*idle).tenants.front().share_ppm);
}

TEST_F(StartLimits, HoldOverARestart) {
    TenantSettings settings;
    settings.max_concurrency = 2;
    settings.start_rate = RateLimit{1, 60'000, 3};
    set("blue", settings);
    submit("blue", 5);
    EXPECT_THAT(bench.running, SizeIs(2));
    State again;
    for (const Record& record : bench.records) {
        ASSERT_TRUE(apply(again, record, bench));
    }
    rebuild_queue(again);
    choose_next(again, true, bench.now);
    EXPECT_FALSE(has_ready(again, true));
    EXPECT_EQ(again.queue.fair().tenant(again.tenants.find("blue")->number).running, 2U);
    settings.max_concurrency = 9;
    const Decision decision = decide(again, SetTenant{"blue", "usr:1", settings}, bench.now);
    ASSERT_TRUE(apply(again, decision.records.at(0), bench));
    choose_next(again, true, bench.now);
    EXPECT_TRUE(has_ready(again, true));  // the third start of its burst
}

TEST_F(StartLimits, APauseTakesWhatWaitsOutOfTheQueueAndBack) {
    bench.slots = 1;
    const JobId id = bench.submit(R"({"nodes":[{"id":"a","run":["x"]},{"id":"b","run":["x"]}]})");
    EXPECT_EQ(bench.state.queue.size(Priority::medium), 1U);
    ASSERT_TRUE(bench.run(PauseJob{id, "default", "usr:1"}));
    EXPECT_EQ(bench.state.queue.size(Priority::medium), 0U);
    bench.end("a");
    EXPECT_THAT(bench.running, IsEmpty());
    ASSERT_TRUE(bench.run(ResumeJob{id, "default", "usr:1"}));
    EXPECT_THAT(bench.running, SizeIs(1));
}

}  // namespace
}  // namespace attacca::core
