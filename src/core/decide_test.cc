// SPDX-License-Identifier: Apache-2.0
#include "core/decide.h"

#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/definition_for_test.h"

namespace attacca::core {
namespace {

using testing::IsEmpty;

constexpr std::string_view chain_of_two =
    R"({"nodes":[{"id":"a","run":["true"]},{"id":"b","run":["true"],"needs":["a"]}]})";

TEST(Pause, StartsNothingNewAndWaitsWithTheEnd) {
    BenchForTest bench;
    const JobId id = bench.submit(chain_of_two);
    EXPECT_TRUE(bench.run(PauseJob{id, "default", "usr:test"}).has_value());
    bench.end("a");
    EXPECT_THAT(bench.running, IsEmpty());
    EXPECT_TRUE(bench.run(ResumeJob{id, "default", "usr:test"}).has_value());
    bench.end("b");
    EXPECT_EQ(bench.end_of(id)->state, JobState::completed);
}

TEST(Pause, OfAQueuedJobIsRefused) {
    BenchForTest bench(0);
    const JobId id = bench.submit(chain_of_two);
    const Answer answer = bench.run(PauseJob{id, "default", "usr:test"});
    ASSERT_FALSE(answer.has_value());
    EXPECT_EQ(answer.error().problem, Problem::state_conflict);
}

// After a restart with a clock that was set back, no timer is longer than when it was set.
TEST(TimersOf, AreNotMadeLongerByAClockThatWasSetBack) {
    BenchForTest bench;
    bench.submit(R"({"nodes":[{"id":"w","wait":{"for":"10s"}}]})");
    bench.submit(R"({"nodes":[{"id":"a","run":["x"],
        "retry":{"strategy":"linear","delay":"5s","jitter":false}}]})");
    bench.end("a", Outcome::failed);
    NewJob held;
    held.id = bench.next_id();
    held.definition = definition_for_test(chain_of_two);
    held.scheduled_at = bench.now.wall + seconds(20);
    bench.know(held.definition);
    (void)bench.run(SubmitJobs{"default", "usr:test", {held}, {}});

    Now now = bench.now;
    now.wall.us -= seconds(3 * 3600).us;
    std::map<FireTimer::Kind, Duration> left;
    for (const ArmTimer& timer : timers_of(bench.state, now)) {
        left[timer.timer.kind] = timer.at - now.mono;
    }
    EXPECT_EQ(left.at(FireTimer::Kind::wait_until), seconds(10));
    EXPECT_EQ(left.at(FireTimer::Kind::retry), seconds(5));
    EXPECT_EQ(left.at(FireTimer::Kind::job_start), seconds(20));
    EXPECT_EQ(left.at(FireTimer::Kind::job_deadline), seconds(3600));
}

}  // namespace
}  // namespace attacca::core
