// SPDX-License-Identifier: Apache-2.0
#include "core/decide.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/definition_for_test.h"

namespace attacca::core {
namespace {

using testing::IsEmpty;

constexpr std::string_view chain =
    R"({"nodes":[{"id":"a","run":["true"]},{"id":"b","run":["true"],"needs":["a"]}]})";

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

}  // namespace
}  // namespace attacca::core
