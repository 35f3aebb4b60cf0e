// SPDX-License-Identifier: Apache-2.0
#include "adapters/spawner/monitor.h"

#include <gtest/gtest.h>

#include "adapters/spawner/support_for_test.h"

namespace attacca::spawner {
namespace {

constexpr MonoTime start_at{5'000'000};

class MonitorTest : public testing::Test {
  protected:
    MonitorTest() { std::filesystem::create_directories(roots_.live + "/7"); }
    void add(std::optional<Duration> timeout, std::optional<Duration> heartbeat) {
        core::AttemptSpec spec;
        spec.fence = {7};
        spec.timeout = timeout;
        spec.heartbeat = heartbeat;
        monitor_.add(std::move(spec), nullptr, start_at);
    }
    void print(const std::string& text) {
        std::ofstream(roots_.live + "/7/stdout", std::ios::app) << text;
    }

    TemporaryDirectory dir_;
    AttemptRoots roots_{dir_.path() + "/live", dir_.path() + "/work"};
    Monitor monitor_{roots_, 100};
};

TEST_F(MonitorTest, NothingIsDueWithoutAttempts) {
    EXPECT_EQ(monitor_.next_check(), std::nullopt);
    EXPECT_TRUE(monitor_.check(start_at).empty());
}

TEST_F(MonitorTest, ATimeOutIsToldWhenItIsDueAndNotAfterTheStop) {
    add(milliseconds(500), std::nullopt);
    EXPECT_EQ(monitor_.next_check(), start_at + milliseconds(500));
    EXPECT_TRUE(monitor_.check(start_at + milliseconds(499)).empty());
    const auto alarms = monitor_.check(start_at + milliseconds(500));
    ASSERT_EQ(alarms.size(), 1U);
    EXPECT_EQ(alarms[0].fence.value, 7U);
    EXPECT_EQ(alarms[0].reason.outcome, core::Outcome::timeout);
    EXPECT_EQ(alarms[0].reason.detail, "not done after 500ms");
    EXPECT_TRUE(monitor_.mark_stopped({7}, alarms[0].reason));
    EXPECT_FALSE(monitor_.mark_stopped({7}, alarms[0].reason));
    EXPECT_TRUE(monitor_.check(start_at + seconds(9)).empty());
    EXPECT_EQ(monitor_.next_check(), std::nullopt);
}

TEST_F(MonitorTest, SilenceBeyondTheHeartbeatIsATimeOut) {
    add(std::nullopt, seconds(2));
    EXPECT_TRUE(monitor_.check(start_at + milliseconds(1999)).empty());
    const auto alarms = monitor_.check(start_at + milliseconds(2600));
    ASSERT_EQ(alarms.size(), 1U);
    EXPECT_EQ(alarms[0].reason.outcome, core::Outcome::timeout);
    EXPECT_EQ(alarms[0].reason.detail, "silent for 2s");
}

TEST_F(MonitorTest, OutputAndTheHeartbeatFileAreSignsOfLife) {
    add(std::nullopt, seconds(2));
    print("x");
    EXPECT_TRUE(monitor_.check(start_at + seconds(2)).empty());
    std::ofstream(roots_.live + "/7/heartbeat") << "";
    EXPECT_TRUE(monitor_.check(start_at + seconds(4)).empty());
    EXPECT_EQ(monitor_.check(start_at + seconds(6)).size(), 1U);
}

TEST_F(MonitorTest, WithoutAHeartbeatSilenceIsFine) {
    add(std::nullopt, std::nullopt);
    EXPECT_TRUE(monitor_.check(start_at + seconds(100'000)).empty());
}

TEST_F(MonitorTest, OutputAtTheLimitStopsTheAttempt) {
    add(std::nullopt, std::nullopt);
    print(std::string(99, 'x'));
    EXPECT_TRUE(monitor_.check(start_at + seconds(1)).empty());
    print("x");
    const auto alarms = monitor_.check(start_at + seconds(2));
    ASSERT_EQ(alarms.size(), 1U);
    EXPECT_EQ(alarms[0].reason.outcome, core::Outcome::failed);
}

TEST_F(MonitorTest, ARemovedAttemptCarriesItsReason) {
    add(seconds(1), std::nullopt);
    EXPECT_TRUE(monitor_.mark_stopped({7}, {core::Outcome::cancelled, "why"}));
    EXPECT_FALSE(monitor_.mark_stopped({8}, {}));
    ASSERT_EQ(monitor_.fences().size(), 1U);
    const FinishedAttempt finished = monitor_.remove({7}, Exited{3});
    ASSERT_TRUE(finished.stop);
    EXPECT_EQ(finished.stop->detail, "why");
    EXPECT_EQ(finished.end, End(Exited{3}));
    EXPECT_FALSE(monitor_.has({7}));
}

}  // namespace
}  // namespace attacca::spawner
