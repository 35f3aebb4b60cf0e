// SPDX-License-Identifier: Apache-2.0
#include "adapters/system/noop_runner.h"

#include <gtest/gtest.h>

namespace attacca::system {
namespace {

class NoopRunnerTest : public testing::Test {
  protected:
    void start(std::uint64_t fence) {
        core::AttemptSpec spec;
        spec.job.uuid.bytes[15] = 9;
        spec.instance = 3;
        spec.fence = {fence};
        runner_.start(std::move(spec));
    }
    std::vector<core::AttemptReport> reports_;
    NoopRunner runner_{
        [this](core::AttemptReport report) { reports_.push_back(std::move(report)); }};
};

TEST_F(NoopRunnerTest, AnAttemptIsReportedAsSucceededAtOnce) {
    start(7);
    ASSERT_EQ(reports_.size(), 1U);
    EXPECT_EQ(reports_[0].fence.value, 7U);
    EXPECT_EQ(reports_[0].instance, 3U);
    EXPECT_EQ(reports_[0].job.uuid.bytes[15], 9);
    EXPECT_EQ(reports_[0].outcome, core::Outcome::succeeded);
    EXPECT_EQ(reports_[0].output, "");
}

TEST_F(NoopRunnerTest, AnUnacknowledgedReportIsSentAgainUnchangedAndInOrder) {
    start(7);
    start(5);
    start(6);
    runner_.acknowledge({7});
    const std::vector<core::AttemptReport> first = reports_;
    reports_.clear();
    EXPECT_TRUE(runner_.report_again().empty());
    ASSERT_EQ(reports_.size(), 2U);
    EXPECT_EQ(reports_[0], first[1]);
    EXPECT_EQ(reports_[1], first[2]);
}

TEST_F(NoopRunnerTest, StopAndAcknowledgeOfUnknownTokensAreIgnored) {
    runner_.stop({1});
    runner_.acknowledge({1});
    EXPECT_TRUE(runner_.report_again().empty());
    EXPECT_TRUE(reports_.empty());
}

}  // namespace
}  // namespace attacca::system
