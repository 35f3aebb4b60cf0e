// SPDX-License-Identifier: Apache-2.0
#include "engine/timers.h"

#include <gtest/gtest.h>

namespace attacca::engine {
namespace {

using Kind = core::FireTimer::Kind;

core::JobId job(std::uint64_t number) {
    core::JobId id;
    for (std::size_t i = 0; i < sizeof number; ++i) {
        id.uuid.bytes[15 - i] = static_cast<std::uint8_t>(number >> (8 * i));
    }
    return id;
}

core::ArmTimer timer(Kind kind, std::uint64_t number, std::int64_t at_us) {
    return {{kind, job(number), 0, {}}, MonoTime{at_us}};
}

TEST(Timers, FireInOrderOfTimeAndNeverEarly) {
    Timers timers;
    timers.arm(timer(Kind::retry, 1, 300));
    timers.arm(timer(Kind::job_deadline, 2, 100));
    timers.arm(timer(Kind::wait_until, 3, 200));
    EXPECT_EQ(timers.next(), MonoTime{100});
    EXPECT_FALSE(timers.take_due(MonoTime{99}));
    for (const std::uint64_t number : {2U, 3U, 1U}) {
        const auto due = timers.take_due(MonoTime{300});
        ASSERT_TRUE(due);
        EXPECT_EQ(due->job, job(number));
    }
    EXPECT_FALSE(timers.take_due(MonoTime{300}));
    EXPECT_FALSE(timers.next());
}

TEST(Timers, OfOneMomentFireInTheOrderInWhichTheyWereArmed) {
    Timers timers;
    for (const std::uint64_t number : {5U, 3U, 4U}) {
        timers.arm(timer(Kind::retry, number, 100));
    }
    for (const std::uint64_t number : {5U, 3U, 4U}) {
        EXPECT_EQ(timers.take_due(MonoTime{100})->job, job(number));
    }
}

TEST(Timers, OfALeaseGoWithItAndTheFirstOfAKindCounts) {
    Timers timers;
    for (const std::int64_t at : {200, 300}) {
        core::ArmTimer grace = timer(Kind::lease_grace, 1, at);
        grace.timer.fence = core::FenceToken{7};
        timers.arm(grace);
    }
    timers.arm(timer(Kind::retry, 2, 250));
    EXPECT_EQ(timers.size(), 2U);
    EXPECT_EQ(timers.next(), MonoTime{200});
    timers.lease_ended(core::FenceToken{7});
    EXPECT_EQ(timers.take_due(MonoTime{300})->job, job(2));
    EXPECT_FALSE(timers.next());
}

// A million short jobs of an hour at most, and cancelled ones that were to start next year.
TEST(Timers, OfJobsThatEndedDoNotPileUp) {
    constexpr std::uint64_t live_max = 100;
    constexpr std::int64_t year_us = 366LL * 86'400 * 1'000'000;
    Timers timers;
    for (std::uint64_t number = 0; number < 100'000; ++number) {
        timers.arm(timer(Kind::job_start, number, year_us));
        timers.arm(timer(Kind::job_deadline, number, static_cast<std::int64_t>(number) + 3'600));
        timers.tidy([&](const core::JobId& id) {
            return number < live_max || id > job(number - live_max);
        });
        ASSERT_LE(timers.size(), 5'000U);
    }
}

TEST(Timers, OfLiveJobsOutliveTidyingUp) {
    Timers timers;
    for (std::uint64_t number = 0; number < 20'000; ++number) {
        timers.arm(timer(Kind::retry, number, 40'000 - static_cast<std::int64_t>(number)));
        timers.tidy([](const core::JobId&) { return true; });
    }
    EXPECT_EQ(timers.size(), 20'000U);
    for (std::uint64_t number = 20'000; number-- > 0;) {
        const auto due = timers.take_due(MonoTime{40'000});
        ASSERT_TRUE(due);
        ASSERT_EQ(due->job, job(number));
    }
}

}  // namespace
}  // namespace attacca::engine
