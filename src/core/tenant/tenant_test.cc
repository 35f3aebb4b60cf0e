// SPDX-License-Identifier: Apache-2.0
#include "core/tenant/tenant.h"

#include <gtest/gtest.h>

namespace attacca::core {
namespace {

constexpr std::int64_t day_us = 86'400'000'000;

TEST(TenantDay, BeginsAtMidnightUtcAlsoBefore1970) {
    EXPECT_EQ(day_of({0}), 0);
    EXPECT_EQ(day_of({day_us - 1}), 0);
    EXPECT_EQ(day_of({day_us}), 1);
    EXPECT_EQ(day_of({-1}), -1);
    EXPECT_EQ(day_of({-day_us}), -1);
    EXPECT_EQ(day_of({-day_us - 1}), -2);
}

TEST(TenantDay, ANewOneForgetsTheUsageOfTheOld) {
    TenantUsage usage{5, 6, 0, 3, 4, 0, 0};
    roll_day(usage, {day_us - 1});
    EXPECT_EQ(usage.day_jobs, 3U);
    roll_day(usage, {day_us});
    EXPECT_EQ(usage, (TenantUsage{5, 6, 1, 0, 0, 0, 0}));
}

TEST(Tenants, BeginWithTheDefaultAndMakeEachOnce) {
    Tenants tenants;
    ASSERT_EQ(tenants.size(), 1U);
    EXPECT_EQ(tenants.at(0).name, "default");
    EXPECT_EQ(tenants.find("blue"), nullptr);
    const std::uint32_t number = tenants.of("blue").number;
    EXPECT_EQ(tenants.of("blue").number, number);
    EXPECT_EQ(&tenants.at(number), tenants.find("blue"));
    EXPECT_EQ(tenants.size(), 2U);
}

TEST(Tenant, SlotTimeOfWhatRunsIsNeverNegative) {
    Tenant tenant;
    tenant.running = 3;
    for (const std::uint64_t begin_us : {10U, 20U, 30U}) {
        tenant.begin_us_sum += begin_us;
    }
    EXPECT_EQ(tenant.open_slot_us({30}), 30U);
    EXPECT_EQ(tenant.open_slot_us({5}), 0U);
}

}  // namespace
}  // namespace attacca::core
