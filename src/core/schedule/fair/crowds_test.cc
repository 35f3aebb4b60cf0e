// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <vector>

#include "core/schedule/fair/auditor_for_test.h"
#include "core/schedule/fair/pool_for_test.h"

// Many tenants at once: crowds, and limits that come and go all the time.

namespace attacca::core::fair {
namespace {

// A hundred thousand tenants with one entry each, and a few with a backlog: every one of the crowd
// is served before a fair part of the backlogs is, in the order in which they came.
TEST(FairWorkload, ACrowdOfOneEntryEachIsServedInOrderBesideTheBacklogs) {
    constexpr TenantIndex backlogs = 4;
    constexpr TenantIndex crowd = 100'000;
    Pool pool(FairOptions{}, 50);
    for (TenantIndex i = 0; i < backlogs; ++i) {
        pool.keep(pool.tenant(1000), 100, [] { return 10 * ms; });
    }
    pool.run_until(sec);
    std::vector<TenantIndex> order;
    std::uint64_t others = 0;
    pool.on_start([&](const Pool::Started& started) {
        if (started.tenant >= backlogs) {
            order.push_back(started.tenant);
        } else if (order.size() < crowd) {
            ++others;
        }
    });
    for (TenantIndex i = 0; i < crowd; ++i) {
        pool.submit(pool.tenant(1000), 10 * ms);
    }
    pool.run_until(120 * sec);
    ASSERT_EQ(order.size(), crowd);
    for (TenantIndex i = 0; i < crowd; ++i) {
        ASSERT_EQ(order[i], backlogs + i);
    }
    EXPECT_LE(others, crowd + 50U);  // at most every second start is a backlog's
}

// Every 20 ms somebody is paused and somebody else goes on. No slot idles while a tenant that is
// not paused has work, and in the end all had the same.
TEST(FairWorkload, APauseStormLeavesNoSlotIdleAndNobodyBehind) {
    constexpr TenantIndex tenants = 40;
    Pool pool(with_reserve(sec), 10);
    for (TenantIndex i = 0; i < tenants; ++i) {
        pool.keep(pool.tenant(1000), 20,
                  [&pool] { return pool.chance().between(10 * ms, 300 * ms); });
    }
    for (std::int64_t t = 20 * ms; t < 200 * sec; t += 20 * ms) {
        pool.at(t, [&pool] {
            pool.queue().set_paused(pool.chance().below(tenants), true, pool.now());
            pool.queue().set_paused(pool.chance().below(tenants), false, pool.now());
        });
    }
    Auditor auditor(pool.queue());
    for (std::int64_t t = sec; t < 200 * sec; t += sec) {
        pool.run_until(t);
        ASSERT_EQ(auditor.check(pool.now(), false), "");
        bool has_work = false;
        for (TenantIndex i = 0; i < tenants; ++i) {
            has_work = has_work || pool.queue().flow(i).reasons == 0;
        }
        ASSERT_TRUE(!has_work || pool.running() == pool.slots()) << "a slot is idle";
    }
    std::vector<std::int64_t> held;
    for (TenantIndex i = 0; i < tenants; ++i) {
        held.push_back(pool.held(i));
    }
    // Each was paused for about half of the time, and nobody is owed for that.
    EXPECT_GE(jain(held), 9500);
}

}  // namespace
}  // namespace attacca::core::fair
