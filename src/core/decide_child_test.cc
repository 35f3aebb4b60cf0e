// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/apply.h"
#include "core/decide.h"
#include "core/definition_for_test.h"
#include "core/job/child.h"

namespace attacca::core {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::string_view family = R"({"nodes":[
    {"id":"sub","job":{"params":{"who":"${{ params.name }}"},"definition":{
        "params":{"who":{"type":"string","required":true}},
        "nodes":[{"id":"a","run":["echo","${{ params.who }}"]}],
        "outputs":{"said":"${{ nodes.a.outputs.said }}"}}}},
    {"id":"after","run":["x"],"needs":["sub"]}],
    "outputs":{"said":"${{ nodes.sub.outputs.said }}"}})";
constexpr const char* ada = R"({"params":{"name":"ada"}})";

JobId child_in(const BenchForTest& bench, std::size_t number = 0) {
    for (const Record& record : bench.records) {
        const auto* created = std::get_if<JobCreated>(&record.payload);
        if (created != nullptr && created->parent && number-- == 0) {
            return *record.entity.job;
        }
    }
    return {};
}

TEST(ChildJob, RunsAsAJobOfItsOwnAndHandsItsOutputsBack) {
    BenchForTest bench(1);
    const JobId parent = bench.submit(family, ada);
    const JobId child = child_in(bench);
    EXPECT_EQ(child, child_job_id(parent, FenceToken{1}));
    EXPECT_EQ(bench.state.find(parent)->instances[0].state, NodeState::waiting);
    EXPECT_EQ(bench.state.slots_used, 1U);  // of the child's node
    ASSERT_THAT(bench.running_nodes(), ElementsAre("a"));
    EXPECT_THAT(bench.running[0].argv, ElementsAre("echo", "ada"));
    bench.end("a", Outcome::succeeded, R"({"said":"hi"})");
    EXPECT_EQ(bench.end_of(child)->state, JobState::completed);
    ASSERT_THAT(bench.running_nodes(), ElementsAre("after"));
    bench.end("after");
    EXPECT_EQ(bench.end_of(parent)->state, JobState::completed);
    EXPECT_EQ(bench.end_of(parent)->output.text, R"({"said":"hi"})");
}

TEST(ChildJob, ThatFailsFailsTheNode) {
    BenchForTest bench;
    const JobId parent = bench.submit(family, ada);
    const JobId child = child_in(bench);
    bench.end("a", Outcome::failed);
    EXPECT_EQ(bench.end_of(parent)->state, JobState::failed);
    const auto ends = bench.all<AttemptEnded>();
    EXPECT_EQ(ends.back().detail, "job " + child.text() + " failed");
}

TEST(ChildJob, IsMadeAgainByARetry) {
    BenchForTest bench;
    const JobId parent = bench.submit(R"({"nodes":[{"id":"sub","retry":{"delay":"1s"},
        "job":{"definition":{"nodes":[{"id":"a","run":["x"]}]}}}]})");
    bench.end("a", Outcome::failed);
    EXPECT_EQ(bench.state.find(parent)->instances[0].state, NodeState::retrying);
    bench.fire(FireTimer::Kind::retry);
    EXPECT_NE(child_in(bench, 0), child_in(bench, 1));
    bench.end("a");
    EXPECT_EQ(bench.end_of(parent)->state, JobState::completed);
}

TEST(ChildJob, IsCancelledWithItsParent) {
    BenchForTest bench;
    const JobId parent = bench.submit(family, ada);
    const JobId child = child_in(bench);
    (void)bench.run(CancelJob{parent, "default", "usr:test"});
    EXPECT_EQ(bench.stopped.size(), 1U);
    EXPECT_FALSE(bench.end_of(parent));
    bench.end("a", Outcome::cancelled);
    EXPECT_EQ(bench.end_of(child)->state, JobState::cancelled);
    EXPECT_EQ(bench.end_of(parent)->state, JobState::cancelled);
}

TEST(ChildJob, ThatHasNotBegunEndsWithItsParentAtOnce) {
    BenchForTest bench(0);
    const JobId parent = bench.submit(family, ada);
    (void)bench.run(CancelJob{parent, "default", "usr:test"});
    EXPECT_EQ(bench.end_of(child_in(bench))->state, JobState::cancelled);
    EXPECT_EQ(bench.end_of(parent)->state, JobState::cancelled);
}

TEST(ChildJob, IsPausedAndResumedWithItsParent) {
    BenchForTest bench;
    const JobId parent = bench.submit(R"({"nodes":[{"id":"sub","job":{"definition":{"nodes":[
        {"id":"in","job":{"definition":{"nodes":[{"id":"a","run":["x"]},
                                                 {"id":"b","run":["x"],"needs":["a"]}]}}}]}}}]})");
    EXPECT_TRUE(bench.run(PauseJob{parent, "default", "usr:test"}).has_value());
    EXPECT_EQ(bench.all<JobPaused>().size(), 3U);
    bench.end("a");
    EXPECT_THAT(bench.running, IsEmpty());
    EXPECT_TRUE(bench.run(ResumeJob{parent, "default", "usr:test"}).has_value());
    EXPECT_EQ(bench.all<JobResumed>().size(), 3U);
    ASSERT_THAT(bench.running_nodes(), ElementsAre("b"));
    bench.end("b");
    EXPECT_EQ(bench.end_of(parent)->state, JobState::completed);
}

TEST(ChildJob, ThatEndedWhilePausedEndsItsParentAfterTheResume) {
    BenchForTest bench;
    const JobId parent = bench.submit(family, ada);
    (void)bench.run(PauseJob{parent, "default", "usr:test"});
    bench.end("a");
    EXPECT_FALSE(bench.end_of(child_in(bench)));
    (void)bench.run(ResumeJob{parent, "default", "usr:test"});
    EXPECT_TRUE(bench.end_of(child_in(bench)));
    bench.end("after");
    EXPECT_EQ(bench.end_of(parent)->state, JobState::completed);
}

TEST(ChildJob, ThatHasNotBegunIsHeldWhileItsParentIsPaused) {
    BenchForTest bench(0);
    const JobId parent = bench.submit(family, ada);
    (void)bench.run(PauseJob{parent, "default", "usr:test"});
    bench.slots = 1;
    bench.dispatch_all();
    EXPECT_THAT(bench.running, IsEmpty());
    EXPECT_EQ(bench.state.find(child_in(bench))->state, JobState::queued);
    rebuild_queue(bench.state);  // as after a restart
    bench.dispatch_all();
    EXPECT_THAT(bench.running, IsEmpty());
    (void)bench.run(ResumeJob{parent, "default", "usr:test"});
    ASSERT_THAT(bench.running_nodes(), ElementsAre("a"));
}

TEST(ChildJob, ThatIsHeldCanBeCancelled) {
    BenchForTest bench(0);
    const JobId parent = bench.submit(family, ada);
    (void)bench.run(PauseJob{parent, "default", "usr:test"});
    (void)bench.run(CancelJob{child_in(bench), "default", "usr:test"});
    EXPECT_EQ(bench.end_of(child_in(bench))->state, JobState::cancelled);
    (void)bench.run(ResumeJob{parent, "default", "usr:test"});
    EXPECT_EQ(bench.end_of(parent)->state, JobState::failed);
}

TEST(ChildJob, ThatIsBeingCancelledIsNotPaused) {
    BenchForTest bench;
    const JobId parent = bench.submit(family, ada);
    (void)bench.run(CancelJob{child_in(bench), "default", "usr:test"});
    (void)bench.run(PauseJob{parent, "default", "usr:test"});
    EXPECT_EQ(bench.all<JobPaused>().size(), 1U);
    bench.end("a", Outcome::cancelled);
    EXPECT_EQ(bench.end_of(child_in(bench))->state, JobState::cancelled);
}

TEST(ChildJob, WhenSomebodyCancelsItFailsTheNode) {
    BenchForTest bench;
    const JobId parent = bench.submit(family, ada);
    (void)bench.run(CancelJob{child_in(bench), "default", "usr:test"});
    bench.end("a", Outcome::cancelled);
    EXPECT_EQ(bench.end_of(parent)->state, JobState::failed);
}

TEST(ChildJob, EndsWithTheTimeoutOfTheNode) {
    BenchForTest bench;
    const JobId parent = bench.submit(R"({"nodes":[{"id":"sub","timeout":"5s",
        "job":{"definition":{"nodes":[{"id":"a","run":["x"]}]}}}]})");
    EXPECT_THAT(timers_of(bench.state, bench.now), testing::SizeIs(3));
    bench.now.wall.us += 1;
    bench.fire(FireTimer::Kind::job_deadline);
    bench.end("a", Outcome::cancelled);
    EXPECT_EQ(bench.end_of(child_in(bench))->reason, JobReason::timeout);
    EXPECT_TRUE(bench.end_of(parent));
}

TEST(ChildJob, WithWrongParametersIsNeverMade) {
    BenchForTest bench;
    const JobId parent = bench.submit(family, R"({"params":{"name":[1]}})");
    EXPECT_EQ(child_in(bench), JobId{});
    EXPECT_EQ(bench.all<AttemptEnded>()[0].outcome, Outcome::error);
    EXPECT_EQ(bench.end_of(parent)->state, JobState::failed);
}

TEST(ChildJob, MayHaveChildrenAndBeAnItem) {
    BenchForTest bench(2);
    const JobId parent = bench.submit(R"({"nodes":[{"id":"all","map":{"over":[1,2,3]},
        "job":{"params":{"n":"${{ item }}"},"definition":{"params":{"n":{"type":"integer"}},
            "nodes":[{"id":"in","job":{"definition":{"nodes":[{"id":"a","run":["x"]}]}}}]}}}]})");
    EXPECT_EQ(bench.state.slots_used, 2U);
    for (int i = 0; i < 3; ++i) {
        bench.end("a");
    }
    EXPECT_EQ(bench.end_of(parent)->state, JobState::completed);
    EXPECT_TRUE(bench.state.slot_of.empty());
    EXPECT_EQ(bench.all<JobCreated>().size(), 7U);
}

TEST(ChildJob, OneSlotIsEnoughForAnyNumberOfParents) {
    BenchForTest bench(1);
    std::vector<JobId> parents;
    for (int i = 0; i < 30; ++i) {
        parents.push_back(bench.submit(family, ada));
    }
    for (int i = 0; i < 60; ++i) {
        ASSERT_EQ(bench.running.size(), 1U);
        bench.end(bench.running[0].node);
    }
    for (const JobId& parent : parents) {
        EXPECT_EQ(bench.end_of(parent)->state, JobState::completed);
    }
    EXPECT_THAT(bench.running, IsEmpty());
}

}  // namespace
}  // namespace attacca::core
