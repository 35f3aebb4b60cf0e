// SPDX-License-Identifier: Apache-2.0
#include "core/job/recovery.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/definition_for_test.h"

namespace attacca::core {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

GiveApproval verdict(const JobId& job, std::string node, Ruling ruling = Ruling::approved) {
    return {job, "default", "usr:ann", std::move(node), std::nullopt, ruling, {}};
}

constexpr std::string_view fragile = R"({"nodes":[
    {"id":"a","run":["x"],"on_failure":"escalate_manual"},
    {"id":"b","run":["x"],"needs":["a"]}],"finally":[{"id":"f","run":["y"]}]})";

TEST(Escalation, LetsAPersonSayThatTheJobGoesOn) {
    BenchForTest bench;
    const JobId id = bench.submit(fragile);
    bench.end("a", Outcome::failed);
    EXPECT_THAT(bench.running, IsEmpty());
    ASSERT_EQ(bench.all<RecoveryTaken>().size(), 1U);
    EXPECT_EQ(bench.all<RecoveryTaken>()[0].action, OnFailure::escalate_manual);
    EXPECT_EQ(bench.state.find(id)->awaiting, 1U);
    EXPECT_TRUE(bench.run(verdict(id, "a")).has_value());
    EXPECT_EQ(bench.state.find(id)->instances[0].state, NodeState::skipped);
    EXPECT_THAT(bench.running_nodes(), ElementsAre("b"));
    bench.end("b");
    bench.end("f");
    EXPECT_EQ(bench.end_of(id)->state, JobState::completed);
}

TEST(Escalation, LetsAPersonFailTheNode) {
    BenchForTest bench;
    const JobId id = bench.submit(fragile);
    bench.end("a", Outcome::failed);
    EXPECT_TRUE(bench.run(verdict(id, "a", Ruling::rejected)).has_value());
    bench.end("f");
    EXPECT_EQ(bench.end_of(id)->state, JobState::failed);
    EXPECT_EQ(bench.end_of(id)->reason, JobReason::node_failed);
}

TEST(Escalation, IsWithdrawnByACancel) {
    BenchForTest bench;
    const JobId id = bench.submit(fragile);
    bench.end("a", Outcome::failed);
    (void)bench.run(CancelJob{id, "default", "usr:test"});
    EXPECT_EQ(bench.state.find(id)->awaiting, 0U);
    bench.end("f");
    EXPECT_EQ(bench.end_of(id)->state, JobState::cancelled);
    EXPECT_EQ(bench.all<AttemptEnded>().size(), 2U);
}

TEST(Recovery, ASkippedFailureHoldsNothingUp) {
    BenchForTest bench;
    const JobId id = bench.submit(R"({"nodes":[
        {"id":"a","run":["x"],"on_failure":"skip_node"},
        {"id":"b","run":["x"],"needs":["a"]}]})");
    bench.end("a", Outcome::failed);
    EXPECT_EQ(bench.all<RecoveryTaken>()[0].action, OnFailure::skip_node);
    EXPECT_THAT(bench.running_nodes(), ElementsAre("b"));
    bench.end("b");
    EXPECT_EQ(bench.end_of(id)->state, JobState::completed);
}

TEST(Recovery, IsNotTakenWhileTheJobIsCancelled) {
    BenchForTest bench;
    const JobId id = bench.submit(fragile);
    (void)bench.run(CancelJob{id, "default", "usr:test"});
    bench.end("a", Outcome::failed);
    EXPECT_THAT(bench.all<RecoveryTaken>(), IsEmpty());
    bench.end("f");
    EXPECT_EQ(bench.end_of(id)->state, JobState::cancelled);
}

TEST(Recovery, FollowsAnAttemptThatCouldNotBegin) {
    BenchForTest bench;
    const JobId id = bench.submit(R"({"nodes":[
        {"id":"a","run":["x"],"if":"length(params.none) < 1","on_failure":"escalate_manual"}]})");
    EXPECT_EQ(bench.state.find(id)->awaiting, 1U);
    EXPECT_TRUE(bench.run(verdict(id, "a")).has_value());
    EXPECT_EQ(bench.end_of(id)->state, JobState::completed);
}

}  // namespace
}  // namespace attacca::core
