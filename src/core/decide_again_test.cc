// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/digest.h"
#include "core/definition_for_test.h"

namespace attacca::core {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::string_view again_dag = R"({"nodes":[
    {"id":"a","run":["x"]},{"id":"c","checkpoint":{"n":"1"},"needs":["a"]},
    {"id":"b","run":["x"],"needs":["c"]},
    {"id":"d","run":["x"],"needs":["b"],"on_failure":"ACTION"},
    {"id":"e","run":["x"],"needs":["c"]}],"finally":[{"id":"f","run":["x"]}]})";

std::string dag_with(std::string_view action) {
    std::string dag{again_dag};
    dag.replace(dag.find("ACTION"), 6, action);
    return dag;
}

// The job up to the failure of `d`, while `e` runs.
JobId failed_at_d(BenchForTest& bench, std::string_view action) {
    const JobId id = bench.submit(dag_with(action), R"({"tags":["t"]})");
    bench.end("a");
    bench.end("b");
    bench.end("d", Outcome::failed);
    return id;
}

void finish(BenchForTest& bench) {
    bench.end("e", Outcome::cancelled);
    bench.end("f");
}

TEST(Abort, StopsTheRestRunsFinallyAndFails) {
    BenchForTest bench;
    const JobId id = failed_at_d(bench, "abort_execution");
    EXPECT_EQ(bench.all<RecoveryTaken>().back().action, OnFailure::abort_execution);
    ASSERT_EQ(bench.all<CancelRequested>().size(), 1U);
    EXPECT_EQ(bench.all<CancelRequested>()[0].cause, CancelCause::failure);
    EXPECT_EQ(bench.stopped.size(), 1U);
    bench.end("e", Outcome::cancelled);
    EXPECT_THAT(bench.running_nodes(), ElementsAre("f"));
    bench.end("f");
    ASSERT_TRUE(bench.end_of(id));
    EXPECT_EQ(bench.end_of(id)->state, JobState::failed);
    EXPECT_EQ(bench.end_of(id)->reason, JobReason::node_failed);
    EXPECT_TRUE(bench.state.slot_of.empty());
    EXPECT_EQ(bench.state.slots_used, 0U);
}

TEST(Abort, OfAPausedJobWaitsForTheResume) {
    BenchForTest bench;
    const JobId id = bench.submit(dag_with("abort_execution"));
    bench.end("a");
    bench.end("b");
    (void)bench.run(PauseJob{id, "default", "usr:ann"});
    bench.end("d", Outcome::failed);
    EXPECT_THAT(bench.all<CancelRequested>(), IsEmpty());
    (void)bench.run(ResumeJob{id, "default", "usr:ann"});
    EXPECT_EQ(bench.all<CancelRequested>().size(), 1U);
}

TEST(Requeue, EndsTheJobAndRunsAllOfItAgainAsAnother) {
    BenchForTest bench;
    const JobId id = failed_at_d(bench, "requeue_job");
    finish(bench);
    EXPECT_EQ(bench.end_of(id)->state, JobState::failed);
    ASSERT_EQ(bench.all<JobCreated>().size(), 2U);
    const JobCreated next = bench.all<JobCreated>().back();
    EXPECT_EQ(next.retry_of, id);
    EXPECT_EQ(next.tries, 1U);
    EXPECT_EQ(next.details.text, R"({"tags":["t"]})");
    EXPECT_THAT(bench.running_nodes(), ElementsAre("a"));
    EXPECT_EQ(bench.state.slots_used, 1U);
}

TEST(Requeue, BringsTextsAlongThatAreTooLongForARecord) {
    BenchForTest bench;
    const std::string details = R"({"description":")" + std::string(2000, 'd') + R"("})";
    const JobId id = bench.submit(
        R"({"nodes":[{"id":"a","run":["x"],"on_failure":"requeue_job"}]})", details);
    bench.end("a", Outcome::failed);
    ASSERT_TRUE(bench.end_of(id));
    const JobCreated next = bench.all<JobCreated>().back();
    EXPECT_EQ(next.details.body, sha256(details));
    ASSERT_EQ(bench.state.slot_of.size(), 1U);
    const Job& live = *bench.state.slots[bench.state.slot_of.begin()->second];
    EXPECT_EQ(live.details_json(), details);
}

TEST(RetryJob, KeepsWhatSucceeded) {
    BenchForTest bench;
    failed_at_d(bench, "retry_job");
    finish(bench);
    EXPECT_THAT(bench.running_nodes(), testing::UnorderedElementsAre("d", "e"));
}

TEST(Rollback, KeepsWhatTheLastCheckpointStandsOn) {
    BenchForTest bench;
    failed_at_d(bench, "rollback_state");
    finish(bench);
    EXPECT_THAT(bench.running_nodes(), testing::UnorderedElementsAre("b", "e"));
}

TEST(Rollback, WithoutACheckpointBeginsAtTheBeginning) {
    BenchForTest bench;
    bench.submit(R"({"nodes":[{"id":"a","run":["x"]},
        {"id":"b","run":["x"],"needs":["a"],"on_failure":"rollback_state"}]})");
    bench.end("a");
    bench.end("b", Outcome::failed);
    EXPECT_THAT(bench.running_nodes(), ElementsAre("a"));
}

// What a new job keeps has no times, and the order of a file need not be that of the graph.
TEST(Rollback, ToWhatWasKeptGoesToTheLastOfSeveralCheckpoints) {
    BenchForTest bench;
    bench.submit(R"({"nodes":[{"id":"late","checkpoint":{"n":"1"},"needs":["b"]},
        {"id":"early","checkpoint":{"n":"1"},"needs":["a"]},
        {"id":"a","run":["x"]},{"id":"b","run":["x"],"needs":["early"]},
        {"id":"d","run":["x"],"needs":["late"],"on_failure":"rollback_state"}]})");
    bench.end("a");
    bench.end("b");
    bench.end("d", Outcome::failed);
    EXPECT_THAT(bench.running_nodes(), ElementsAre("d"));
    bench.end("d", Outcome::failed);
    EXPECT_EQ(bench.all<JobCreated>().size(), 3U);
    EXPECT_THAT(bench.running_nodes(), ElementsAre("d"));
}

// Or the new job would keep the failure, and fail however often it began again.
TEST(Rollback, DoesNotKeepWhatFailed) {
    BenchForTest bench;
    bench.submit(R"({"nodes":[{"id":"a","run":["x"]},
        {"id":"b","run":["x"],"on_failure":"rollback_state"},
        {"id":"c","checkpoint":{"n":"1"},"needs":["a","b"],"needs_when":"any_succeeded"}]})");
    bench.end("a");
    bench.end("b", Outcome::failed);
    ASSERT_EQ(bench.all<JobCreated>().size(), 2U);
    EXPECT_THAT(bench.running_nodes(), ElementsAre("a", "b"));
}

TEST(Requeue, IsDoneTwiceAndThenLeavesADeadLetter) {
    BenchForTest bench;
    bench.submit(R"({"nodes":[{"id":"a","run":["x"],"on_failure":"requeue_job"}]})");
    bench.end("a", Outcome::failed);
    bench.end("a", Outcome::failed);
    EXPECT_THAT(bench.all<DeadLettered>(), IsEmpty());
    bench.end("a", Outcome::failed);
    EXPECT_THAT(bench.running, IsEmpty());
    EXPECT_EQ(bench.all<JobCreated>().size(), 3U);
    ASSERT_EQ(bench.all<DeadLettered>().size(), 1U);
    EXPECT_EQ(bench.all<DeadLettered>()[0].cause, Parked::exhausted);
}

TEST(Requeue, IsNotDoneOfACancelledJob) {
    BenchForTest bench;
    const JobId id = failed_at_d(bench, "requeue_job");
    (void)bench.run(CancelJob{id, "default", "usr:ann"});
    bench.end("e", Outcome::cancelled);
    EXPECT_EQ(bench.end_of(id)->state, JobState::cancelled);
    EXPECT_EQ(bench.all<JobCreated>().size(), 1U);
}

TEST(Requeue, OfAChildIsLeftToItsParent) {
    BenchForTest bench;
    const JobId id = bench.submit(R"({"nodes":[{"id":"p","job":{"definition":{"nodes":[
        {"id":"a","run":["x"],"on_failure":"requeue_job"}]}}}]})");
    bench.end("a", Outcome::failed);
    EXPECT_EQ(bench.end_of(id)->state, JobState::failed);
    EXPECT_EQ(bench.all<JobCreated>().size(), 2U) << "the parent and its one child";
}

constexpr std::string_view fallback_dag = R"({"nodes":[
    {"id":"a","run":["x"],"on_failure":"fallback_strategy","fallback":"b"},
    {"id":"b","run":["x"]},{"id":"d","run":["x"],"needs":["a"]}]})";

TEST(Fallback, RunsWhenTheOtherFailedAndHoldsUpWhatNeedsIt) {
    BenchForTest bench;
    const JobId id = bench.submit(fallback_dag);
    EXPECT_THAT(bench.running_nodes(), ElementsAre("a"));
    bench.end("a", Outcome::failed);
    EXPECT_THAT(bench.running_nodes(), ElementsAre("b"));
    bench.end("b");
    EXPECT_THAT(bench.running_nodes(), ElementsAre("d"));
    bench.end("d");
    EXPECT_EQ(bench.end_of(id)->state, JobState::completed);
}

TEST(Fallback, IsSkippedWhenTheOtherSucceeds) {
    BenchForTest bench;
    const JobId id = bench.submit(fallback_dag);
    bench.end("a");
    EXPECT_EQ(bench.state.find(id)->instances[1].state, NodeState::skipped);
    EXPECT_THAT(bench.running_nodes(), ElementsAre("d"));
}

TEST(Fallback, ThatFailsFailsTheJob) {
    BenchForTest bench;
    const JobId id = bench.submit(fallback_dag);
    bench.end("a", Outcome::failed);
    bench.end("b", Outcome::failed);
    EXPECT_EQ(bench.end_of(id)->state, JobState::failed);
    EXPECT_EQ(bench.all<AttemptStarted>().size(), 2U) << "`d` never starts";
}

TEST(Fallback, ThatFailedIsRunAgainByARerun) {
    BenchForTest bench;
    bench.submit(fallback_dag, {},
                 R"([{"node":"a","status":"skipped","by_if":true,"fell_back":true}])");
    EXPECT_THAT(bench.running_nodes(), ElementsAre("b"));
    bench.end("b");
    EXPECT_THAT(bench.running_nodes(), ElementsAre("d"));
}

}  // namespace
}  // namespace attacca::core
