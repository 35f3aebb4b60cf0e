// SPDX-License-Identifier: Apache-2.0
#include "core/apply.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/definition_for_test.h"

namespace attacca::core {
namespace {

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

// The backlog of a replay may hold an instance that had already started when the records were
// written. What it left there must not start its retry before the time of that.
TEST(RebuildQueue, LeavesNothingBehindThatStartsARetryEarly) {
    BenchForTest bench;
    NewJob held;
    held.id = bench.next_id();
    held.definition = definition_for_test(R"({"nodes":[{"id":"a","run":["x"],
        "retry":{"strategy":"linear","delay":"5s"}}]})");
    held.scheduled_at = bench.now.wall + seconds(20);
    bench.know(held.definition);
    (void)bench.run(SubmitJobs{"default", "usr:test", {held}, {}});
    bench.fire(FireTimer::Kind::job_start);
    bench.end("a", Outcome::failed);
    State again;
    for (const Record& record : bench.records) {
        ASSERT_TRUE(apply(again, record, bench).has_value());
    }
    rebuild_queue(again);
    note_due(again, {FireTimer::Kind::job_start, held.id, 0, {}});
    choose_next(again, true, bench.now);
    EXPECT_FALSE(has_ready(again, true));
    note_due(again, {FireTimer::Kind::retry, held.id, 0, again.find(held.id)->instances[0].fence});
    choose_next(again, true, bench.now);
    EXPECT_TRUE(has_ready(again, true));
}

// A retry's time came while the limit was free, and then a wait ended: live, the second node waits
// for the first; a replay knows of no time that came and lets both through.
TEST(RebuildQueue, KeepsTheJobsOwnLimit) {
    BenchForTest bench;
    const JobId id = bench.submit(R"({"limits":{"parallel":1},"nodes":[
        {"id":"w","wait":{"for":"20s"}},{"id":"a","run":["x"],"retry":{"strategy":"linear"}},
        {"id":"d","run":["x"],"needs":["w"]}]})");
    bench.end("a", Outcome::failed);
    bench.slots = 0;
    bench.fire(FireTimer::Kind::retry);
    bench.fire(FireTimer::Kind::wait_until);
    bench.slots = 1;
    bench.dispatch_all();
    ASSERT_THAT(bench.running_nodes(), testing::ElementsAre("a"));
    State again;
    for (const Record& record : bench.records) {
        ASSERT_TRUE(apply(again, record, bench).has_value());
    }
    rebuild_queue(again);
    choose_next(again, true, bench.now);
    EXPECT_EQ(again.find(id)->active, 1U);
    EXPECT_FALSE(has_ready(again, true));
}

}  // namespace
}  // namespace attacca::core
