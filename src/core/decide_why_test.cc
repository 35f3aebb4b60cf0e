// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "core/definition_for_test.h"

namespace attacca::core {
namespace {

Explanation why(BenchForTest& bench, const JobId& id, std::uint32_t limit = 100) {
    const Answer answer = bench.run(ExplainJob{id, "default", limit}, false);
    ATTACCA_CHECK(answer.has_value());
    return std::get<Explanation>(*answer);
}

void set(BenchForTest& bench, const TenantSettings& settings) {
    ASSERT_TRUE(bench.run(SetTenant{"default", "usr:1", settings}, false));
}

TEST(Why, OfAReadyNodeIsTheSlotOrTheTenantsLimit) {
    BenchForTest bench(1);
    bench.submit(R"({"nodes":[{"id":"a","run":["x"]}]})");
    const WallTime ready_at = bench.now.wall;
    const JobId id = bench.submit(R"({"nodes":[{"id":"b","run":["x"]}]})");
    bench.now.wall = bench.now.wall + seconds(9);
    Explanation told = why(bench, id);
    ASSERT_EQ(told.waits.size(), 1U);
    EXPECT_EQ(told.waits[0].cause, WaitCause::slot);
    EXPECT_EQ(told.waits[0].node, "b");
    EXPECT_EQ(told.waits[0].state, NodeState::ready);
    EXPECT_EQ(told.waits[0].since, ready_at);
    EXPECT_EQ(told.waits[0].until, std::nullopt);
    TenantSettings settings;
    settings.max_concurrency = 1;
    set(bench, settings);
    EXPECT_EQ(why(bench, id).waits.at(0).cause, WaitCause::tenant_concurrency);
    settings.max_concurrency.reset();
    settings.slot_seconds_per_day = 5;
    set(bench, settings);
    told = why(bench, id);
    EXPECT_EQ(told.waits.at(0).cause, WaitCause::tenant_slot_time);
    EXPECT_EQ(told.waits.at(0).until, end_of_day(bench.now.wall));
}

TEST(Why, NamesThePlaceAmongWhatItsTenantHasOfItsPriority) {
    BenchForTest bench(0);
    bench.submit(R"({"nodes":[{"id":"a","run":["x"]},{"id":"b","run":["x"]}]})");
    const JobId id = bench.submit(R"({"nodes":[{"id":"c","run":["x"]},
        {"id":"t","task":{"lane":"gpu","type":"x"}}]})");
    const Explanation told = why(bench, id);
    ASSERT_EQ(told.waits.size(), 2U);
    EXPECT_EQ(told.waits[0].detail.find("2 wait before it; 4 of the tenant's nodes"), 0U)
        << told.waits[0].detail;
    EXPECT_EQ(told.waits[1].detail, "it is the next one; no worker has claimed it from `gpu`");
}

TEST(Why, OfAPendingNodeNamesWhatItNeeds) {
    BenchForTest bench;
    const JobId id = bench.submit(R"({"nodes":[{"id":"a","run":["x"]},{"id":"b","run":["x"]},
        {"id":"c","noop":true,"needs":["a","b"]}],"finally":[{"id":"f","noop":true}]})");
    bench.end("a");
    const Explanation told = why(bench, id);
    EXPECT_EQ(told.running, 1U);
    ASSERT_EQ(told.waits.size(), 2U);
    EXPECT_EQ(told.waits[0].cause, WaitCause::dependency);
    EXPECT_EQ(told.waits[0].detail, "waits for b");
    EXPECT_EQ(told.waits[1].detail, "waits for the main nodes");
}

TEST(Why, OfTheJobsOwnLimitsAndOfRetries) {
    BenchForTest bench;
    const JobId id = bench.submit(R"({"limits":{"parallel":1},"nodes":[
        {"id":"a","run":["x"],"retry":{"max_attempts":3,"delay":"10s","jitter":false}},
        {"id":"b","run":["x"]}]})");
    EXPECT_EQ(why(bench, id).waits.at(0).cause, WaitCause::job_parallel);
    bench.end("a", Outcome::failed);
    const Explanation told = why(bench, id);
    ASSERT_EQ(told.waits.size(), 1U);
    EXPECT_EQ(told.waits[0].cause, WaitCause::retry);
    EXPECT_GT(told.waits[0].until, bench.now.wall);
    EXPECT_EQ(told.waits[0].since, bench.now.wall);
}

TEST(Why, OfAPausedJobIsThePauseAlone) {
    BenchForTest bench(1);
    const JobId id = bench.submit(R"({"nodes":[{"id":"a","run":["x"]},{"id":"b","run":["x"]}]})");
    ASSERT_TRUE(bench.run(PauseJob{id, "default", "usr:1"}));
    const Explanation told = why(bench, id);
    ASSERT_EQ(told.waits.size(), 1U);
    EXPECT_EQ(told.waits[0].cause, WaitCause::paused);
    EXPECT_TRUE(told.waits[0].node.empty());
}

TEST(Why, TellsNoMoreThanWasAskedFor) {
    BenchForTest bench(0);
    const JobId id = bench.submit(
        R"({"nodes":[{"id":"a","run":["x"]},{"id":"b","run":["x"]},{"id":"c","run":["x"]}]})");
    const Explanation told = why(bench, id, 2);
    EXPECT_EQ(told.waits.size(), 2U);
    EXPECT_TRUE(told.has_more);
}

TEST(Why, IsNotToldToAnotherTenant) {
    BenchForTest bench(0);
    const JobId id = bench.submit(R"({"nodes":[{"id":"a","run":["x"]}]})");
    const Answer answer = bench.run(ExplainJob{id, "other", 10});
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().problem, Problem::not_live);
}

}  // namespace
}  // namespace attacca::core
