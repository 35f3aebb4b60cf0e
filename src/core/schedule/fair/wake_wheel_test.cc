// SPDX-License-Identifier: Apache-2.0
#include "core/schedule/fair/wake_wheel.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>

#include "core/schedule/fair/chance_for_test.h"

namespace attacca::core::fair {
namespace {

TEST(WakeWheel, WakesEachOnceNeverEarlyAndAtMostATickLate) {
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        Chance chance(seed);
        WakeWheel wheel;
        Tenants tenants;
        std::map<TenantIndex, std::int64_t> expected;
        for (unsigned i = 0; i < 200; ++i) {
            tenants.add();
        }
        std::int64_t now = 0;
        for (unsigned step = 0; step < 3000; ++step) {
            const TenantIndex tenant = chance.below(200);
            if (chance.below(4) == 0) {
                wheel.drop(tenants, tenant);
                expected.erase(tenant);
            } else {
                // From a microsecond to eleven days.
                const std::int64_t at = now + (chance.between(0, 1000) << chance.below(30));
                wheel.set(tenants, tenant, at);
                expected[tenant] = at;
            }
            // A driver sleeps until the wheel says, and not longer.
            std::int64_t until = now + (chance.between(0, 1000) << chance.below(24));
            until = std::min(until, wheel.next_us());
            now = std::max(now, until);
            for (TenantIndex due = wheel.take_due(tenants, now); due != none;
                 due = wheel.take_due(tenants, now)) {
                ASSERT_TRUE(expected.contains(due));
                ASSERT_GE(now, expected[due]);
                expected.erase(due);
            }
            for (const auto& [waits, at] : expected) {
                ASSERT_GT(at + 256, now) << "overslept";
            }
        }
        EXPECT_FALSE(expected.empty());
    }
}

TEST(WakeWheel, SaysNeverWhenNobodyWaits) {
    WakeWheel wheel;
    Tenants tenants;
    tenants.add();
    EXPECT_EQ(wheel.next_us(), never);
    wheel.set(tenants, 0, 5'000'000);
    EXPECT_LE(wheel.next_us(), 5'000'256);
    wheel.drop(tenants, 0);
    EXPECT_EQ(wheel.next_us(), never);
    EXPECT_EQ(wheel.take_due(tenants, 10'000'000), none);
    wheel.set(tenants, 0, 1);  // in the past
    EXPECT_EQ(wheel.take_due(tenants, 10'000'000), 0U);
}

}  // namespace
}  // namespace attacca::core::fair
