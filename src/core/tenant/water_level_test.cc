// SPDX-License-Identifier: Apache-2.0
#include "core/tenant/water_level.h"

#include <algorithm>
#include <random>
#include <string>

#include <gtest/gtest.h>

namespace attacca::core {
namespace {

TEST(WaterLevel, IsNoneWhileThereIsRoom) {
    Tenants tenants;
    tenants.at(0).unstarted_jobs = 9;
    WaterLevel water;
    water.queued_max = 10;
    water.update(tenants, 9);
    EXPECT_FALSE(water.is_above(tenants.at(0), 1000));
}

// The sum of what each may have is the maximum, up to what rounding takes.
TEST(WaterLevel, FillsTheQueueExactlyOnRandomGrounds) {
    std::mt19937_64 random(20260302);
    for (int round = 0; round < 200; ++round) {
        Tenants tenants;
        std::uint64_t waiting = 0;
        const std::uint64_t count = 2 + random() % 30;
        for (std::uint64_t i = 1; i < count; ++i) {
            Tenant& tenant = tenants.of("t" + std::to_string(i));
            tenant.settings.weight = static_cast<std::uint32_t>(1 + random() % 1000);
            tenant.unstarted_jobs = random() % 100'000;
            waiting += tenant.unstarted_jobs;
        }
        WaterLevel water;
        water.queued_max = std::max<std::uint64_t>(1, waiting / 2);
        water.update(tenants, waiting);
        std::uint64_t sum = 0;
        for (std::uint32_t number = 0; number < tenants.size(); ++number) {
            const Tenant& tenant = tenants.at(number);
            const std::uint64_t share =
                (water.jobs_per_weight * tenant.settings.weight) >> WaterLevel::fraction_bits;
            sum += std::min(tenant.unstarted_jobs, share);
            EXPECT_EQ(water.is_above(tenant, 0), tenant.unstarted_jobs > share);
        }
        EXPECT_LE(sum, water.queued_max);
        EXPECT_GE(sum + 2 * tenants.size(), water.queued_max);
    }
}

TEST(WaterLevel, IsComputedAnewOnlyAfterAChange) {
    Tenants tenants;
    Tenant& tenant = tenants.at(0);
    WaterLevel water;
    water.queued_max = 6'400;
    tenant.unstarted_jobs = 6'400;
    water.update(tenants, 6'400);
    const std::uint64_t level = water.jobs_per_weight;
    tenants.of("other").unstarted_jobs = 99;
    water.update(tenants, 6'499);
    EXPECT_EQ(water.jobs_per_weight, level);
    tenants.of("other").unstarted_jobs = 100;
    water.update(tenants, 6'500);
    EXPECT_LT(water.jobs_per_weight, level);
}

TEST(StartCount, KnowsTheLastWholeWindow) {
    StartCount starts;
    const WallTime begin{StartCount::window_s * 1'000'000 * 100};
    for (int i = 0; i < 5; ++i) {
        starts.note(begin);
    }
    EXPECT_EQ(starts.per_window(begin), 5U);
    const WallTime next = begin + seconds(StartCount::window_s);
    starts.note(next);
    EXPECT_EQ(starts.per_window(next), 5U);
    EXPECT_EQ(starts.per_window(next + seconds(StartCount::window_s)), 1U);
    EXPECT_EQ(starts.per_window(next + seconds(3 * StartCount::window_s)), 0U);
}

}  // namespace
}  // namespace attacca::core
