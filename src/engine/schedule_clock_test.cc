// SPDX-License-Identifier: Apache-2.0
#include "engine/schedule_clock.h"

#include <gtest/gtest.h>

#include "core/definition_for_test.h"

namespace attacca::engine {
namespace {

class ScheduleClockTest : public testing::Test {
  protected:
    void set(const std::string& name, std::int64_t every) {
        core::SetSchedule command{"t", "u", name, {}, core::definition_for_test(
            R"({"nodes":[{"id":"a","noop":true}]})")};
        command.spec.timing.kind = core::TimingKind::interval;
        command.spec.timing.every = seconds(every);
        command.spec.job_name = "x";
        bench.know(command.definition);
        ASSERT_TRUE(bench.run(command).has_value());
        clock.update(bench.state);
    }
    WallTime in(std::int64_t length) { return bench.now.wall + seconds(length); }

    core::BenchForTest bench;
    ScheduleClock clock{nullptr};
};

TEST_F(ScheduleClockTest, TellsTheEarliestAndGivesItOnce) {
    set("slow", 100);
    set("quick", 10);
    EXPECT_EQ(clock.next(), in(10));
    EXPECT_EQ(clock.take_due(in(9)), std::nullopt);
    EXPECT_EQ(clock.take_due(in(10)), "schedule/t/quick");
    EXPECT_EQ(clock.take_due(in(10)), std::nullopt);
    EXPECT_EQ(clock.next(), in(100));
}

TEST_F(ScheduleClockTest, WhatDecidedNothingIsAskedAgainButNotAtOnce) {
    set("s", 10);
    EXPECT_TRUE(clock.take_due(in(20)).has_value());
    clock.ask_again(bench.state, "schedule/t/s", in(20));
    EXPECT_EQ(clock.next(), in(21));
}

TEST_F(ScheduleClockTest, APausedScheduleHasNoMoment) {
    set("s", 10);
    (void)bench.run(core::SwitchSchedule{"t", "u", "s", core::ScheduleSwitch::pause});
    clock.update(bench.state);
    EXPECT_EQ(clock.next(), std::nullopt);
    (void)bench.run(core::SwitchSchedule{"t", "u", "s", core::ScheduleSwitch::resume});
    clock.update(bench.state);
    EXPECT_EQ(clock.next(), in(10));
}

}  // namespace
}  // namespace attacca::engine
