// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/definition_for_test.h"

namespace attacca::core {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

QueueReport read(BenchForTest& bench, const std::string& tenant) {
    return std::get<QueueReport>(*bench.run(ReadQueue{tenant}, false));
}

TEST(QueueReport, CountsWhatWaitsAndWhatRuns) {
    BenchForTest bench(1);
    bench.state.queue.set_slots(1);
    ASSERT_TRUE(bench.run(SetTenant{"blue", "usr:1", {}}));
    bench.submit(R"({"nodes":[{"id":"a","run":["x"]},{"id":"b","run":["x"]},
        {"id":"t","task":{"lane":"gpu","type":"x"},"map":{"over":[1,2,3]}}]})");
    Claim claim;
    claim.tenant = "default";
    claim.lanes = {"gpu"};
    claim.worker = "w";
    ASSERT_TRUE(bench.run(claim));
    const QueueReport report = read(bench, "");
    EXPECT_EQ(report.slots, 1U);
    EXPECT_EQ(report.slots_used, 1U);
    EXPECT_EQ(report.queued[1], 1U);
    ASSERT_THAT(report.lanes, SizeIs(1));
    EXPECT_EQ(report.lanes[0].tenant, "default");
    EXPECT_EQ(report.lanes[0].lane, "gpu");
    EXPECT_EQ(report.lanes[0].queued, 2U);
    EXPECT_EQ(report.lanes[0].running, 1U);
    EXPECT_FALSE(report.has_more);
    EXPECT_THAT(read(bench, "default").lanes, SizeIs(1));
    EXPECT_THAT(read(bench, "blue").lanes, IsEmpty());
    EXPECT_THAT(bench.all<AttemptStarted>(), SizeIs(2));
}

}  // namespace
}  // namespace attacca::core
