// SPDX-License-Identifier: Apache-2.0
#include "core/decide.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/digest.h"
#include "core/definition_for_test.h"

namespace attacca::core {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

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
    const Decision decision = decide(bench.state, Dispatch{true, "w", "/w"}, bench.now);
    ASSERT_EQ(decision.records.size(), 1U);
    EXPECT_EQ(decision.records[0].entity.job, command.jobs[1].id);
}

TEST(Failure, SkipsWhatDependsOnItAndFailsTheJob) {
    BenchForTest bench;
    const JobId id = bench.submit(R"({"nodes":[{"id":"a","run":["x"]},
        {"id":"b","run":["x"],"needs":["a"]},{"id":"c","run":["x"]}]})");
    bench.end("a", Outcome::failed);
    EXPECT_THAT(bench.running_nodes(), ElementsAre("c"));
    EXPECT_EQ(bench.state.find(id)->instances[1].state, NodeState::skipped);
    bench.end("c");
    EXPECT_EQ(bench.end_of(id)->state, JobState::failed);
    EXPECT_EQ(bench.end_of(id)->reason, JobReason::node_failed);
}

TEST(Failure, OfAHundredThousandNodeChainNeedsNoRecursion) {
    std::string dag = R"({"nodes":[{"id":"n0","run":["x"]})";
    for (int i = 1; i < 100000; ++i) {
        dag += ",{\"id\":\"n" + std::to_string(i) + "\",\"noop\":true,\"needs\":[\"n" +
               std::to_string(i - 1) + "\"]}";
    }
    BenchForTest bench;
    const JobId id = bench.submit(dag + "]}");
    bench.end("n0", Outcome::failed);
    EXPECT_EQ(bench.end_of(id)->state, JobState::failed);
}

struct JoinCase {
    const char* join;
    Outcome first;
    Outcome second;
    bool is_run_after_first;
    bool is_run_at_all;
};

class Joins : public testing::TestWithParam<JoinCase> {};

TEST_P(Joins, DecideWhenTheNodeStarts) {
    const JoinCase& c = GetParam();
    BenchForTest bench;
    bench.submit(std::string(R"({"nodes":[{"id":"a","run":["x"]},{"id":"b","run":["x"]},
        {"id":"c","run":["x"],"needs":["a","b"],"needs_when":")") + c.join + "\"}]}");
    bench.end("a", c.first);
    const auto has_c = [&] {
        const auto nodes = bench.running_nodes();
        return std::find(nodes.begin(), nodes.end(), "c") != nodes.end();
    };
    EXPECT_EQ(has_c(), c.is_run_after_first);
    bench.end("b", c.second);
    EXPECT_EQ(has_c(), c.is_run_at_all);
}

INSTANTIATE_TEST_SUITE_P(
    All,
    Joins,
    testing::Values(
        JoinCase{"all_succeeded", Outcome::succeeded, Outcome::succeeded, false, true},
        JoinCase{"all_succeeded", Outcome::succeeded, Outcome::failed, false, false},
        JoinCase{"any_succeeded", Outcome::succeeded, Outcome::failed, true, true},
        JoinCase{"any_succeeded", Outcome::failed, Outcome::failed, false, false},
        JoinCase{"all_done", Outcome::failed, Outcome::succeeded, false, true},
        JoinCase{"any_failed", Outcome::failed, Outcome::succeeded, true, true},
        JoinCase{"any_failed", Outcome::succeeded, Outcome::succeeded, false, false}));

TEST(Condition, FalseSkipsTheNodeButSatisfiesItsDependents) {
    BenchForTest bench;
    const JobId id = bench.submit(R"({"nodes":[{"id":"a","run":["x"],"if":"${{ 1 > 2 }}"},
        {"id":"b","run":["x"],"needs":["a"]}]})");
    EXPECT_EQ(bench.state.find(id)->instances[0].state, NodeState::skipped);
    EXPECT_THAT(bench.running_nodes(), ElementsAre("b"));
}

TEST(Condition, ThatCannotBeEvaluatedFailsTheNodeWithItsReason) {
    BenchForTest bench;
    const JobId id = bench.submit(R"({"nodes":[{"id":"a","run":["x"],"if":"${{ 1 < 'x' }}"}]})");
    const auto ended = bench.all<AttemptEnded>();
    ASSERT_EQ(ended.size(), 1U);
    EXPECT_EQ(ended[0].outcome, Outcome::error);
    EXPECT_THAT(ended[0].detail, testing::HasSubstr("`if`"));
    EXPECT_EQ(bench.end_of(id)->state, JobState::failed);
}

TEST(Condition, ThatSkipsEverythingCompletesTheJobWithTheStepsItNeverTook) {
    BenchForTest bench;
    const JobId id = bench.submit(R"({"nodes":[{"id":"a","noop":true,"if":false}]})");
    ASSERT_TRUE(bench.end_of(id));
    EXPECT_EQ(bench.end_of(id)->state, JobState::completed);
    EXPECT_THAT(bench.end_of(id)->steps, ElementsAre(JobState::scheduled, JobState::running));
}

TEST(Outputs, PassFromNodeToNode) {
    BenchForTest bench;
    bench.submit(R"({"nodes":[{"id":"a","run":["x"],"outputs":{"v":{}}},
        {"id":"b","run":["echo","v=${{ nodes.a.outputs.v }}"],"needs":["a"]}]})");
    bench.end("a", Outcome::succeeded, R"({"v":"one two"})");
    ASSERT_EQ(bench.running.size(), 1U);
    EXPECT_THAT(bench.running[0].argv, ElementsAre("echo", "v=one two"));
}

TEST(Outputs, ThatLookLikeAnOptionFailTheNode) {
    BenchForTest bench;
    bench.submit(R"({"nodes":[{"id":"a","run":["x"],"outputs":{"v":{}}},
        {"id":"b","run":["cat","${{ nodes.a.outputs.v }}"],"needs":["a"]}]})");
    bench.end("a", Outcome::succeeded, R"({"v":"--help"})");
    EXPECT_THAT(bench.running, IsEmpty());
    EXPECT_THAT(bench.all<AttemptEnded>().back().detail, testing::HasSubstr("option"));
}

TEST(Map, RunsOneInstanceForEachItemAndJoins) {
    BenchForTest bench;
    const JobId id = bench.submit(R"({"nodes":[
        {"id":"m","run":["x","${{ host }}"],"map":{"over":["h1","h2","h3"],"as":"host",
         "parallel":2}},
        {"id":"after","run":["y"],"needs":["m"],
         "env":{"R":"${{ nodes.m.results_file }}","N":"${{ nodes.m.counts.total }}"}}]})");
    ASSERT_EQ(bench.running.size(), 2U);
    EXPECT_THAT(bench.running[0].argv, ElementsAre("x", "h1"));
    bench.end("m");
    bench.end("m");
    bench.end("m");
    ASSERT_THAT(bench.running_nodes(), ElementsAre("after"));
    ASSERT_EQ(bench.running[0].files.size(), 1U);
    EXPECT_EQ(bench.running[0].files[0].path, "results/m.jsonl");
    EXPECT_EQ(std::count(bench.running[0].files[0].content.begin(),
                         bench.running[0].files[0].content.end(), '\n'), 3);
    EXPECT_THAT(bench.running[0].env, testing::Contains(testing::Pair("N", "3")));
    bench.end("after");
    EXPECT_EQ(bench.end_of(id)->state, JobState::completed);
}

TEST(Map, OverNothingSucceeds) {
    BenchForTest bench;
    const JobId id = bench.submit(R"({"nodes":[{"id":"m","run":["x"],"map":{"over":[]}}]})");
    EXPECT_EQ(bench.end_of(id)->state, JobState::completed);
}

TEST(Map, FailsWhenAnItemFailedAndStopsTheRestWhenAsked) {
    BenchForTest bench;
    const JobId id = bench.submit(R"({"nodes":[{"id":"m","run":["x"],
        "map":{"over":[1,2,3],"parallel":1,"on_error":"stop"}}]})");
    bench.end("m", Outcome::failed);
    EXPECT_EQ(bench.end_of(id)->state, JobState::failed);
    EXPECT_EQ(bench.all<AttemptStarted>().size(), 1U);
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
    for (int i = 0; i < 5; ++i) {
        bench.end("a", Outcome::lost);
        bench.fire(FireTimer::Kind::retry);
    }
    EXPECT_THAT(bench.running_nodes(), ElementsAre("a"));
    EXPECT_EQ(bench.all<AttemptStarted>().back().attempt, 6U);
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

TEST(Cancel, BeforeTheFirstAttemptEndsTheJobWithoutFinally) {
    BenchForTest bench(0);
    const JobId id = bench.submit(R"({"nodes":[{"id":"a","run":["x"]}],
        "finally":[{"id":"f","run":["y"]}]})");
    EXPECT_TRUE(bench.run(CancelJob{id, "default", "usr:test"}).has_value());
    ASSERT_TRUE(bench.end_of(id));
    EXPECT_EQ(bench.end_of(id)->state, JobState::cancelled);
    EXPECT_THAT(bench.running, IsEmpty());
}

TEST(Cancel, StopsWhatRunsThenRunsFinally) {
    BenchForTest bench;
    const JobId id = bench.submit(R"({"nodes":[{"id":"a","run":["x"]},
        {"id":"b","run":["x"],"needs":["a"]}],"finally":[{"id":"f","run":["y"]}]})");
    (void)bench.run(CancelJob{id, "default", "usr:test"});
    EXPECT_EQ(bench.stopped.size(), 1U);
    EXPECT_THAT(bench.running_nodes(), ElementsAre("a"));
    bench.end("a", Outcome::cancelled);
    EXPECT_THAT(bench.running_nodes(), ElementsAre("f"));
    bench.end("f");
    EXPECT_EQ(bench.end_of(id)->state, JobState::cancelled);
}

TEST(Cancel, ASecondTimeStopsFinallyToo) {
    BenchForTest bench;
    const JobId id = bench.submit(R"({"nodes":[{"id":"a","run":["x"]}],
        "finally":[{"id":"f","run":["y"]}]})");
    (void)bench.run(CancelJob{id, "default", "usr:test"});
    bench.end("a", Outcome::cancelled);
    (void)bench.run(CancelJob{id, "default", "usr:test"});
    EXPECT_EQ(bench.stopped.size(), 2U);
    bench.end("f", Outcome::cancelled);
    EXPECT_EQ(bench.end_of(id)->state, JobState::cancelled);
}

TEST(Cancel, OfAnotherTenantsJobIsNotFound) {
    BenchForTest bench;
    const JobId id = bench.submit(chain);
    const Answer answer = bench.run(CancelJob{id, "other", "usr:test"});
    ASSERT_FALSE(answer.has_value());
    EXPECT_EQ(answer.error().problem, Problem::not_live);
}

TEST(Deadline, CancelsTheJobWithReasonTimeout) {
    BenchForTest bench;
    const JobId id = bench.submit(R"({"limits":{"timeout":"5s"},"nodes":[{"id":"a","run":["x"]}],
        "finally":[{"id":"f","run":["y"]}]})");
    bench.fire(FireTimer::Kind::job_deadline);
    bench.end("a", Outcome::cancelled);
    bench.end("f");
    EXPECT_EQ(bench.end_of(id)->state, JobState::failed);
    EXPECT_EQ(bench.end_of(id)->reason, JobReason::timeout);
}

TEST(Pause, StartsNothingNewAndWaitsWithTheEnd) {
    BenchForTest bench;
    const JobId id = bench.submit(chain);
    EXPECT_TRUE(bench.run(PauseJob{id, "default", "usr:test"}).has_value());
    bench.end("a");
    EXPECT_THAT(bench.running, IsEmpty());
    EXPECT_TRUE(bench.run(ResumeJob{id, "default", "usr:test"}).has_value());
    bench.end("b");
    EXPECT_EQ(bench.end_of(id)->state, JobState::completed);
}

TEST(Pause, OfAQueuedJobIsRefused) {
    BenchForTest bench(0);
    const JobId id = bench.submit(chain);
    const Answer answer = bench.run(PauseJob{id, "default", "usr:test"});
    ASSERT_FALSE(answer.has_value());
    EXPECT_EQ(answer.error().problem, Problem::state_conflict);
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

TEST(Finally, RunsAfterAFailureAndSeesTheStatus) {
    BenchForTest bench;
    const JobId id = bench.submit(R"({"nodes":[{"id":"a","run":["x"]}],
        "finally":[{"id":"f","run":["echo","is ${{ job.status }}"]}]})");
    bench.end("a", Outcome::failed);
    ASSERT_THAT(bench.running_nodes(), ElementsAre("f"));
    EXPECT_EQ(bench.running[0].argv[1], "is failed");
    bench.end("f");
    EXPECT_EQ(bench.end_of(id)->state, JobState::failed);
}

TEST(Idempotency, TheSameKeyReplaysTheFirstAnswer) {
    BenchForTest bench;
    SubmitJobs command{"default", "usr:test", {}, IdempotencyKey{sha256("k"), sha256("r"), 0}};
    NewJob job;
    job.id = bench.next_id();
    job.definition = definition_for_test(R"({"nodes":[{"id":"n","noop":true}]})");
    bench.know(job.definition);
    command.jobs.push_back(job);
    ASSERT_TRUE(bench.run(command).has_value());
    command.jobs[0].id = bench.next_id();
    const Answer again = bench.run(command);
    ASSERT_TRUE(again.has_value());
    const auto& submitted = std::get<Submitted>(*again);
    EXPECT_TRUE(submitted.is_replayed);
    EXPECT_THAT(submitted.ids, ElementsAre(job.id));
    command.key->request_hash = sha256("other");
    const Answer mismatch = bench.run(command);
    ASSERT_FALSE(mismatch.has_value());
    EXPECT_EQ(mismatch.error().problem, Problem::idempotency_mismatch);
}

// Folding the records again gives the same state: what `verify --replay` relies on.
TEST(Fold, OfTheRecordsGivesTheSameState) {
    BenchForTest bench;
    const JobId id = bench.submit(R"({"nodes":[{"id":"m","run":["x"],"map":{"over":[1,2,3]}},
        {"id":"b","run":["x"],"needs":["m"]},{"id":"w","wait":{"for":"1s"}}]})");
    bench.end("m");
    bench.end("m", Outcome::timeout);
    State again;
    for (const Record& record : bench.records) {
        ASSERT_TRUE(apply(again, record, bench).has_value());
    }
    const Job* a = bench.state.find(id);
    const Job* b = again.find(id);
    ASSERT_NE(b, nullptr);
    ASSERT_EQ(a->instances.size(), b->instances.size());
    for (std::size_t i = 0; i < a->instances.size(); ++i) {
        EXPECT_EQ(a->instances[i].state, b->instances[i].state) << i;
        EXPECT_EQ(a->instances[i].fence, b->instances[i].fence) << i;
    }
    EXPECT_EQ(again.last_fence, bench.state.last_fence);
    EXPECT_EQ(again.slots_used, bench.state.slots_used);
    EXPECT_EQ(again.size, bench.records.size());
}

}  // namespace
}  // namespace attacca::core
