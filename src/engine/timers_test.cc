// SPDX-License-Identifier: Apache-2.0
#include "engine/timers.h"

#include <gtest/gtest.h>

namespace attacca::engine {
namespace {

core::JobId job(std::uint8_t number) {
    core::JobId id;
    id.uuid.bytes[15] = number;
    return id;
}

core::ArmTimer timer(core::FireTimer::Kind kind, std::uint8_t number, std::int64_t at_us) {
    return {{kind, job(number), 0, {}}, MonoTime{at_us}};
}

TEST(Timers, FireInOrderOfTimeAndNeverEarly) {
    Timers timers;
    timers.arm(timer(core::FireTimer::Kind::retry, 1, 300));
    timers.arm(timer(core::FireTimer::Kind::retry, 2, 100));
    EXPECT_EQ(timers.next(), MonoTime{100});
    EXPECT_FALSE(timers.take_due(MonoTime{99}));
    const auto first = timers.take_due(MonoTime{300});
    const auto second = timers.take_due(MonoTime{300});
    ASSERT_TRUE(first && second);
    EXPECT_EQ(first->job, job(2));
    EXPECT_EQ(second->job, job(1));
    EXPECT_FALSE(timers.take_due(MonoTime{300}));
    EXPECT_FALSE(timers.next());
}

TEST(Timers, ForgetTheDeadlineOfAJobThatEnded) {
    Timers timers;
    timers.arm(timer(core::FireTimer::Kind::job_deadline, 1, 100));
    timers.arm(timer(core::FireTimer::Kind::job_deadline, 2, 100));
    timers.job_ended(job(1));
    const auto due = timers.take_due(MonoTime{100});
    ASSERT_TRUE(due);
    EXPECT_EQ(due->job, job(2));
    EXPECT_EQ(timers.size(), 0U);
}

TEST(Timers, KeepOneDeadlineForAJob) {
    Timers timers;
    timers.arm(timer(core::FireTimer::Kind::job_deadline, 1, 100));
    timers.arm(timer(core::FireTimer::Kind::job_deadline, 1, 200));
    EXPECT_FALSE(timers.take_due(MonoTime{199}));
    EXPECT_TRUE(timers.take_due(MonoTime{200}));
    EXPECT_FALSE(timers.take_due(MonoTime{200}));
}

}  // namespace
}  // namespace attacca::engine
