// SPDX-License-Identifier: Apache-2.0
#include "core/apply.h"

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

}  // namespace
}  // namespace attacca::core
