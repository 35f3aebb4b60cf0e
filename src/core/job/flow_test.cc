// SPDX-License-Identifier: Apache-2.0
#include "core/job/flow.h"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/definition_for_test.h"

namespace attacca::core {
namespace {

using testing::ElementsAre;

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

}  // namespace
}  // namespace attacca::core
