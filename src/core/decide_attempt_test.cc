// SPDX-License-Identifier: Apache-2.0
#include "core/decide.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/definition_for_test.h"

namespace attacca::core {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::string_view chain =
    R"({"nodes":[{"id":"a","run":["true"]},{"id":"b","run":["true"],"needs":["a"]}]})";

TEST(Dispatch, StartsANodeOnlyWhenItsNeedsSucceeded) {
    BenchForTest bench;
    const JobId id = bench.submit(chain);
    EXPECT_THAT(bench.running_nodes(), ElementsAre("a"));
    bench.end("a");
    EXPECT_THAT(bench.running_nodes(), ElementsAre("b"));
    bench.end("b");
    ASSERT_TRUE(bench.end_of(id));
    EXPECT_EQ(bench.end_of(id)->state, JobState::completed);
    EXPECT_EQ(bench.state.slots_used, 0U);
    EXPECT_EQ(bench.state.ready_nodes, 0U);
}

TEST(Dispatch, MarksTheFirstAttemptOfAJob) {
    BenchForTest bench;
    bench.submit(chain);
    bench.end("a");
    const auto started = bench.all<AttemptStarted>();
    ASSERT_EQ(started.size(), 2U);
    EXPECT_TRUE(started[0].is_first);
    EXPECT_FALSE(started[1].is_first);
    EXPECT_LT(started[0].fence, started[1].fence);
}

TEST(Dispatch, KeepsTheJobsOwnLimit) {
    BenchForTest bench;
    bench.submit(R"({"limits":{"parallel":2},"nodes":[{"id":"a","run":["x"]},
        {"id":"b","run":["x"]},{"id":"c","run":["x"]}]})");
    EXPECT_THAT(bench.running_nodes(), ElementsAre("a", "b"));
    bench.end("a");
    EXPECT_THAT(bench.running_nodes(), ElementsAre("b", "c"));
}

TEST(Dispatch, PrefersHighPriority) {
    BenchForTest bench(0);
    SubmitJobs command{"default", "usr:test", {}, {}};
    for (const Priority priority : {Priority::low, Priority::high}) {
        NewJob job;
        job.id = bench.next_id();
        job.definition = definition_for_test(R"({"nodes":[{"id":"n","run":["x"]}]})");
        bench.know(job.definition);
        job.priority = priority;
        command.jobs.push_back(job);
    }
    (void)bench.run(command);
    choose_next(bench.state, true, bench.now);
    const Decision decision = decide(bench.state, Dispatch{true, "w", "/w"}, bench.now);
    ASSERT_EQ(decision.records.size(), 1U);
    EXPECT_EQ(decision.records[0].entity.job, command.jobs[1].id);
}

TEST(Retry, OfATransientFailureIsImmediateOnceThenDelayed) {
    BenchForTest bench;
    const JobId id = bench.submit(R"({"nodes":[{"id":"a","run":["x"],
        "retry":{"max_attempts":3,"delay":"1s","jitter":false}}]})");
    bench.end("a", Outcome::timeout);
    EXPECT_THAT(bench.running, IsEmpty());
    bench.fire(FireTimer::Kind::retry);
    bench.end("a", Outcome::timeout);
    bench.fire(FireTimer::Kind::retry);
    bench.end("a", Outcome::timeout);
    const auto ended = bench.all<AttemptEnded>();
    ASSERT_EQ(ended.size(), 3U);
    EXPECT_EQ(ended[0].retry_in_ms, 0);
    EXPECT_EQ(ended[1].retry_in_ms, 1000);
    EXPECT_EQ(ended[2].retry_in_ms, std::nullopt);
    EXPECT_EQ(bench.end_of(id)->state, JobState::failed);
}

TEST(Retry, OfALostAttemptIsNotCounted) {
    BenchForTest bench;
    bench.submit(R"({"nodes":[{"id":"a","run":["x"],"retry":{"max_attempts":1}}]})");
    for (int i = 0; i < 2; ++i) {
        bench.end("a", Outcome::lost);
        bench.fire(FireTimer::Kind::retry);
    }
    EXPECT_THAT(bench.running_nodes(), ElementsAre("a"));
    EXPECT_EQ(bench.all<AttemptStarted>().back().attempt, 3U);
}

TEST(Retry, IsNotForWhatStillRunsOfAMapThatIsStopped) {
    BenchForTest bench;
    const JobId id = bench.submit(
        R"({"nodes":[{"id":"m","run":["x"],"map":{"over":[1,2,3],"on_error":"stop"}}]})");
    ASSERT_THAT(bench.running_nodes(), ElementsAre("m", "m", "m"));
    bench.end("m", Outcome::failed);
    bench.end("m", Outcome::timeout);
    EXPECT_EQ(bench.all<AttemptEnded>().back().retry_in_ms, std::nullopt);
    bench.end("m", Outcome::lost);
    EXPECT_EQ(bench.all<AttemptEnded>().back().retry_in_ms, std::nullopt);
    EXPECT_EQ(bench.all<AttemptEnded>().back().outcome, Outcome::cancelled);
    ASSERT_TRUE(bench.end_of(id));
    EXPECT_EQ(bench.end_of(id)->state, JobState::failed);
}

TEST(Retry, IsForItemsOfAMapThatGoesOn) {
    BenchForTest bench;
    bench.submit(R"({"nodes":[{"id":"m","run":["x"],"map":{"over":[1,2]}}]})");
    bench.end("m", Outcome::failed);
    bench.end("m", Outcome::timeout);
    EXPECT_EQ(bench.all<AttemptEnded>().back().retry_in_ms, 0);
}

TEST(Fence, AnOlderTokenIsRefusedAndChangesNothing) {
    BenchForTest bench;
    const JobId id = bench.submit(chain);
    AttemptReport late;
    late.job = id;
    late.fence = bench.running[0].fence;
    bench.end("a", Outcome::lost);
    bench.fire(FireTimer::Kind::retry);
    const std::size_t before = bench.records.size();
    const Answer answer = bench.run(ReportAttempt{late, 1});
    ASSERT_FALSE(answer.has_value());
    EXPECT_EQ(answer.error().problem, Problem::fenced);
    EXPECT_EQ(bench.records.size(), before);
}

TEST(Fence, TheSameReportAgainIsAcceptedAndChangesNothing) {
    BenchForTest bench;
    const JobId id = bench.submit(chain);
    AttemptReport report;
    report.job = id;
    report.fence = bench.running[0].fence;
    bench.end("a");
    const std::size_t before = bench.records.size();
    EXPECT_TRUE(bench.run(ReportAttempt{report, 1}).has_value());
    EXPECT_EQ(bench.records.size(), before);
}

TEST(Wait, HoldsNoSlotAndEndsAtItsTime) {
    BenchForTest bench(1);
    const JobId id = bench.submit(R"({"nodes":[{"id":"w","wait":{"for":"10s"}},
        {"id":"a","run":["x"]}]})");
    EXPECT_EQ(bench.state.slots_used, 1U);
    EXPECT_EQ(bench.state.find(id)->instances[0].state, NodeState::waiting);
    bench.end("a");
    bench.fire(FireTimer::Kind::wait_until);
    EXPECT_EQ(bench.end_of(id)->state, JobState::completed);
}

TEST(Wait, OfALengthIsCountedFromNowWhenTheClockWasSetBack) {
    BenchForTest bench(0);
    bench.submit(R"({"nodes":[{"id":"a","run":["x"]}]})");
    bench.now.wall.us -= seconds(3 * 3600).us;
    bench.submit(R"({"nodes":[{"id":"w","wait":{"for":"10s"}}]})");
    ASSERT_EQ(bench.timers.size(), 2U);  // the deadline, and the wait
    EXPECT_EQ(bench.timers[1].timer.kind, FireTimer::Kind::wait_until);
    EXPECT_EQ(bench.timers[1].at, bench.now.mono + seconds(10));
}

TEST(Deadline, IsArmedWhenTheFirstAttemptFailsAtItsStart) {
    BenchForTest bench;
    bench.submit(R"({"nodes":[{"id":"a","run":["x"],"if":"length(1) > 0"},
        {"id":"b","run":["x"]}]})");
    ASSERT_EQ(bench.all<AttemptStarted>().size(), 2U);
    ASSERT_EQ(bench.timers.size(), 1U);
    EXPECT_EQ(bench.timers[0].timer.kind, FireTimer::Kind::job_deadline);
}

}  // namespace
}  // namespace attacca::core
