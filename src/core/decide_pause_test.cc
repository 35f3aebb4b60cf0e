// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/definition_for_test.h"

namespace attacca::core {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

PauseJob pause_now(const JobId& id) { return {id, "default", "usr:ann", true}; }

constexpr std::string_view pair_dag = R"({"nodes":[
    {"id":"a","run":["x"],"retry":{"max_attempts":1}},{"id":"b","run":["x"],"needs":["a"]}]})";

TEST(PauseNow, StopsWhatRunsAndRunsItAgainAfterTheResume) {
    BenchForTest bench;
    const JobId id = bench.submit(pair_dag);
    const FenceToken fence = bench.running[0].fence;
    ASSERT_TRUE(bench.run(pause_now(id)).has_value());
    EXPECT_THAT(bench.stopped, ElementsAre(fence));
    bench.end("a", Outcome::cancelled);
    bench.fire(FireTimer::Kind::retry);
    EXPECT_THAT(bench.running, IsEmpty());
    EXPECT_EQ(bench.state.slots_used, 0U);
    EXPECT_EQ(bench.all<AttemptEnded>().back().outcome, Outcome::stopped);
    EXPECT_EQ(bench.state.find(id)->state, JobState::paused);
    ASSERT_TRUE(bench.run(ResumeJob{id, "default", "usr:ann"}).has_value());
    EXPECT_THAT(bench.running_nodes(), ElementsAre("a"));
    bench.end("a");
    bench.end("b");
    EXPECT_EQ(bench.end_of(id)->state, JobState::completed);
}

TEST(PauseNow, DoesNotCountWhatItStops) {
    BenchForTest bench;
    const JobId id = bench.submit(pair_dag);
    for (int i = 0; i < 5; ++i) {
        (void)bench.run(pause_now(id));
        bench.end("a", Outcome::cancelled);
        bench.fire(FireTimer::Kind::retry);
        (void)bench.run(ResumeJob{id, "default", "usr:ann"});
    }
    EXPECT_THAT(bench.running_nodes(), ElementsAre("a"));
    EXPECT_EQ(bench.all<AttemptStarted>().back().attempt, 6U);
}

TEST(PauseNow, HoldsForAnAttemptThatStopsAfterTheResume) {
    BenchForTest bench;
    const JobId id = bench.submit(pair_dag);
    (void)bench.run(pause_now(id));
    (void)bench.run(ResumeJob{id, "default", "usr:ann"});
    bench.end("a", Outcome::cancelled);
    bench.fire(FireTimer::Kind::retry);
    EXPECT_THAT(bench.running_nodes(), ElementsAre("a"));
}

TEST(PauseNow, TakesWhatEndedByItselfAsItEnded) {
    BenchForTest bench;
    const JobId id = bench.submit(pair_dag);
    (void)bench.run(pause_now(id));
    bench.end("a");
    EXPECT_EQ(bench.state.find(id)->instances[0].state, NodeState::succeeded);
    (void)bench.run(ResumeJob{id, "default", "usr:ann"});
    EXPECT_THAT(bench.running_nodes(), ElementsAre("b"));
}

TEST(PauseNow, StopsWhatStillRunsOfAPausedJob) {
    BenchForTest bench;
    const JobId id = bench.submit(pair_dag);
    (void)bench.run(PauseJob{id, "default", "usr:ann"});
    EXPECT_THAT(bench.stopped, IsEmpty());
    (void)bench.run(pause_now(id));
    EXPECT_EQ(bench.stopped.size(), 1U);
    EXPECT_EQ(bench.all<JobPaused>().size(), 2U);
    (void)bench.run(pause_now(id));
    EXPECT_EQ(bench.stopped.size(), 1U) << "it is being stopped already";
    EXPECT_EQ(bench.all<JobPaused>().size(), 2U);
}

TEST(PauseNow, ThenACancelEndsTheJob) {
    BenchForTest bench;
    const JobId id = bench.submit(pair_dag);
    (void)bench.run(pause_now(id));
    (void)bench.run(CancelJob{id, "default", "usr:ann"});
    bench.end("a", Outcome::cancelled);
    ASSERT_TRUE(bench.end_of(id));
    EXPECT_EQ(bench.end_of(id)->state, JobState::cancelled);
    EXPECT_EQ(bench.all<AttemptEnded>().back().outcome, Outcome::cancelled);
}

TEST(PauseNow, ReachesChildJobs) {
    BenchForTest bench;
    const JobId id = bench.submit(R"({"nodes":[{"id":"p","job":{"definition":{"nodes":[
        {"id":"a","run":["x"]}]}}}]})");
    (void)bench.run(pause_now(id));
    EXPECT_EQ(bench.stopped.size(), 1U);
    bench.end("a", Outcome::cancelled);
    bench.fire(FireTimer::Kind::retry);
    EXPECT_THAT(bench.running, IsEmpty());
    (void)bench.run(ResumeJob{id, "default", "usr:ann"});
    bench.end("a");
    EXPECT_EQ(bench.end_of(id)->state, JobState::completed);
}

TEST(PauseNow, TellsAWorkerAndTakesItsLeaseWhenItDoesNotStop) {
    BenchForTest bench;
    const JobId id = bench.submit(R"({"nodes":[{"id":"t","task":{"lane":"gpu","type":"t"}}]})");
    Claim claim;
    claim.tenant = "default";
    claim.actor = "usr:w";
    claim.worker = "w1";
    claim.lanes = {"gpu"};
    claim.ttl_ms = 30'000;
    const Answer given = bench.run(claim);
    const AttemptName name = std::get<Leased>(*given).offers.front().attempt;
    (void)bench.run(pause_now(id));
    const Answer beat = bench.run(Heartbeat{name, "default"});
    EXPECT_TRUE(std::get<Alive>(*beat).must_stop);
    bench.fire(FireTimer::Kind::lease_grace);
    EXPECT_EQ(bench.all<AttemptEnded>().back().outcome, Outcome::stopped);
    EXPECT_TRUE(bench.state.leases.empty());
    EXPECT_EQ(bench.state.find(id)->state, JobState::paused);
}

}  // namespace
}  // namespace attacca::core
