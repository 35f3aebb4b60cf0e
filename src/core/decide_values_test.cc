// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/decide.h"
#include "core/definition_for_test.h"

// What the engine computes itself: conditions, checkpoints and groups.

namespace attacca::core {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(ConditionNode, ChoosesABranchByItsResult) {
    BenchForTest bench;
    const JobId id = bench.submit(R"({"nodes":[{"id":"big","condition":"params.size > 3"},
        {"id":"yes","run":["x"],"needs":["big"],"if":"nodes.big.outputs.result"},
        {"id":"no","run":["x"],"needs":["big"],"if":"!nodes.big.outputs.result"}]})",
                                  R"({"params":{"size":7}})");
    EXPECT_EQ(bench.state.slots_used, 1U);
    EXPECT_THAT(bench.running_nodes(), ElementsAre("yes"));
    bench.end("yes");
    EXPECT_EQ(bench.end_of(id)->state, JobState::completed);
}

TEST(ConditionNode, ThatCannotBeEvaluatedFails) {
    BenchForTest bench;
    const JobId id = bench.submit(R"({"nodes":[{"id":"a","condition":"length(params.x) > 1"}]})");
    EXPECT_EQ(bench.all<AttemptEnded>()[0].outcome, Outcome::error);
    EXPECT_EQ(bench.end_of(id)->state, JobState::failed);
}

TEST(CheckpointNode, KeepsItsValuesAsOutputs) {
    BenchForTest bench(0);
    const JobId id = bench.submit(R"({"nodes":[
        {"id":"mark","checkpoint":{"who":"${{ params.who }}","n":3}}],
        "outputs":{"who":"${{ nodes.mark.outputs.who }}"}})",
                                  R"({"params":{"who":"ada"}})");
    EXPECT_EQ(bench.all<AttemptEnded>()[0].output.text, R"({"n":"3","who":"ada"})");
    EXPECT_EQ(bench.end_of(id)->output.text, R"({"who":"ada"})");
}

constexpr std::string_view grouped = R"({"nodes":{
    "g":{"group":{"nodes":{"a":{"run":["x"]},"b":{"run":["x"]}}}},
    "then":{"needs":["g"],"run":["x"]},
    "else":{"needs":["g"],"needs_when":"any_failed","run":["x"]}}})";

TEST(GroupNode, EndsWithItsLastNodeAndHasNoAttempt) {
    BenchForTest bench;
    const JobId id = bench.submit(grouped);
    EXPECT_THAT(bench.running_nodes(), ElementsAre("g_a", "g_b"));
    bench.end("g_a");
    EXPECT_THAT(bench.running_nodes(), ElementsAre("g_b"));
    bench.end("g_b");
    EXPECT_THAT(bench.running_nodes(), ElementsAre("then"));
    bench.end("then");
    EXPECT_EQ(bench.end_of(id)->state, JobState::completed);
    EXPECT_EQ(bench.all<AttemptStarted>().size(), 3U);
}

TEST(GroupNode, FailsWhenOneOfItsNodesFailed) {
    BenchForTest bench;
    const JobId id = bench.submit(grouped);
    bench.end("g_a", Outcome::failed);
    bench.end("g_b");
    EXPECT_THAT(bench.running_nodes(), ElementsAre("else"));
    bench.end("else");
    EXPECT_EQ(bench.end_of(id)->state, JobState::failed);
}

TEST(GroupNode, WhoseConditionIsFalseHoldsNothingUp) {
    BenchForTest bench;
    const JobId id = bench.submit(R"({"nodes":{
        "g":{"if":"1 == 2","group":{"mode":"sequential",
             "nodes":{"a":{"run":["x"]},"b":{"run":["x"]}}}},
        "then":{"needs":["g"],"run":["x"]}}})");
    EXPECT_THAT(bench.running_nodes(), ElementsAre("then"));
    bench.end("then");
    EXPECT_EQ(bench.end_of(id)->state, JobState::completed);
}

TEST(GroupNode, IsCancelledWithTheJob) {
    BenchForTest bench;
    const JobId id = bench.submit(grouped);
    (void)bench.run(CancelJob{id, "default", "usr:test"});
    bench.end("g_a", Outcome::cancelled);
    bench.end("g_b", Outcome::cancelled);
    EXPECT_EQ(bench.end_of(id)->state, JobState::cancelled);
    EXPECT_THAT(bench.running, IsEmpty());
}

TEST(GroupNode, WithoutNodesSucceedsAtOnce) {
    BenchForTest bench;
    const JobId id = bench.submit(R"({"nodes":[{"id":"g","group":{}}]})");
    EXPECT_EQ(bench.end_of(id)->state, JobState::completed);
}

}  // namespace
}  // namespace attacca::core
