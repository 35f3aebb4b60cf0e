// SPDX-License-Identifier: Apache-2.0
#include "core/decide.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/definition_for_test.h"

namespace attacca::core {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::string_view chain_of_three =
    R"({"nodes":[{"id":"a","run":["true"]},{"id":"b","run":["true"],"needs":["a"]}]})";

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
    const JobId id = bench.submit(chain_of_three);
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

// All main nodes were skipped, so `finally` waits for a slot already.
TEST(Cancel, BeforeTheFirstAttemptEndsAJobWhoseFinallyHasBegun) {
    BenchForTest bench(0);
    const JobId id = bench.submit(R"({"nodes":[{"id":"a","run":["x"],"if":"false"}],
        "finally":[{"id":"f","run":["x"]}]})");
    EXPECT_TRUE(bench.run(CancelJob{id, "default", "usr:test"}).has_value());
    ASSERT_TRUE(bench.end_of(id));
    EXPECT_EQ(bench.end_of(id)->state, JobState::cancelled);
}

TEST(Cancel, ByAUserGoesBeforeTheDeadlineThatCameFirst) {
    BenchForTest bench;
    const JobId id = bench.submit(R"({"limits":{"timeout":"5s"},"nodes":[{"id":"a","run":["x"]}],
        "finally":[{"id":"f","run":["y"]}]})");
    bench.fire(FireTimer::Kind::job_deadline);
    bench.end("a", Outcome::cancelled);
    (void)bench.run(CancelJob{id, "default", "usr:test"});
    bench.end("f", Outcome::cancelled);
    EXPECT_EQ(bench.end_of(id)->state, JobState::cancelled);
    EXPECT_EQ(bench.end_of(id)->reason, JobReason::user);
}

}  // namespace
}  // namespace attacca::core
