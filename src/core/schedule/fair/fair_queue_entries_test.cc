// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "core/schedule/fair/auditor_for_test.h"
#include "core/schedule/fair/pool_for_test.h"

namespace attacca::core::fair {
namespace {

constexpr std::size_t high = 0;
constexpr std::size_t medium = 1;
constexpr std::size_t low = 2;

// Ids in the order in which they start on one slot, a second each.
std::vector<std::uint64_t> order_of(Pool& pool, std::int64_t until) {
    std::vector<std::uint64_t> order;
    pool.on_start([&](const Pool::Started& started) { order.push_back(started.id); });
    pool.run_until(until);
    return order;
}

TEST(FairPriority, HighBeforeMediumBeforeLowAndFirstComeWithin) {
    Pool pool(FairOptions{}, 1);
    const TenantIndex tenant = pool.tenant(1000);
    for (const std::size_t priority : {low, medium, high, low, medium, high}) {
        pool.submit(tenant, sec, priority);
    }
    EXPECT_EQ(order_of(pool, 10 * sec), (std::vector<std::uint64_t>{2, 5, 1, 4, 0, 3}));
}

TEST(FairPriority, WhatWaitsLongEnoughIsNotOvertaken) {
    Pool pool(FairOptions{}, 1);
    const TenantIndex tenant = pool.tenant(1000);
    pool.submit(tenant, 1000 * sec, high);  // keeps the slot
    pool.submit(tenant, sec, low);
    pool.submit(tenant, sec, medium);
    pool.run_until(29 * sec);
    pool.submit(tenant, sec, high);
    pool.run_until(31 * sec);
    pool.submit(tenant, sec, high);
    pool.run_until(299 * sec);
    pool.submit(tenant, sec, high);
    pool.run_until(301 * sec);
    pool.submit(tenant, sec, high);
    EXPECT_EQ(order_of(pool, 1100 * sec), (std::vector<std::uint64_t>{3, 2, 4, 5, 1, 6}));
}

TEST(FairPriority, LowEntriesGetOneOfSixteenStartsUnderAFloodOfHighOnes) {
    Pool pool(FairOptions{}, 2);
    const TenantIndex flooded = pool.tenant(1000);
    const TenantIndex other = pool.tenant(1000);
    for (unsigned i = 0; i < 100; ++i) {
        pool.submit(flooded, 100 * ms, low);
    }
    // Its share is ten starts a second; fifteen high entries arrive in each.
    for (std::int64_t t = 0; t < 600; ++t) {
        pool.at(t * sec, [&pool, flooded] {
            for (unsigned i = 0; i < 15; ++i) {
                pool.submit(flooded, 100 * ms, high);
            }
        });
    }
    pool.keep(other, 50, [] { return 100 * ms; });
    unsigned starts = 0;
    unsigned low_left = 100;
    std::vector<std::int64_t> since(1, 0);
    pool.on_start([&](const Pool::Started& started) {
        if (started.tenant != flooded) {
            return;
        }
        if (started.priority == low) {
            --low_left;
        } else {
            EXPECT_FALSE(low_left > 0 && started.at - started.wait_us > 300 * sec)
                << "overtook what was queued 300 s before it";
        }
        starts += started.at > 300 * sec && low_left > 0 ? 1U : 0U;
    });
    pool.run_until(600 * sec);
    EXPECT_EQ(low_left, 0U);
    EXPECT_LE(starts, 1600U);
}

TEST(FairPriority, MediumEntriesGetOneOfEightStartsOnceTheyAreOld) {
    Pool pool(FairOptions{}, 1);
    const TenantIndex tenant = pool.tenant(1000);
    // Old enough for the floor, but high ones that are older go first otherwise.
    for (unsigned i = 0; i < 200; ++i) {
        pool.submit(tenant, 100 * ms, high);
    }
    for (unsigned i = 0; i < 20; ++i) {
        pool.submit(tenant, 100 * ms, medium);
    }
    pool.queue().set_paused(tenant, true, 0);
    pool.run_until(40 * sec);
    pool.queue().set_paused(tenant, false, pool.now());
    const std::vector<std::uint64_t> order = order_of(pool, 100 * sec);
    ASSERT_EQ(order.size(), 220U);
    for (std::size_t i = 0; i < 20; ++i) {
        EXPECT_EQ(order[8 * i + 7], 200 + i);
    }
}

TEST(FairPriority, NeverReachesOverToAnotherTenant) {
    Pool pool(with_reserve(sec), 6);
    const TenantIndex urgent = pool.tenant(1000);
    const TenantIndex patient = pool.tenant(1000);
    const auto length = [&pool] { return pool.chance().between(100 * ms, 2 * sec); };
    pool.keep(urgent, 50, length, high);
    pool.keep(patient, 50, length, low);
    pool.run_until(1000 * sec);
    EXPECT_NEAR(static_cast<double>(pool.held(urgent)) / static_cast<double>(pool.held(patient)),
                1.0, 0.01);
}

TEST(FairEntries, ChoosingTwiceGivesTheSameUntilSomethingChanges) {
    FairQueue queue;
    queue.add_lane({0, 2, 0});
    const FlowIndex one = queue.flow_of(queue.add_tenant(1000), 0);
    const FlowIndex two = queue.flow_of(queue.add_tenant(1000), 0);
    EXPECT_EQ(queue.choose(0, 0), none);
    const EntryIndex first = queue.enqueue({1, one}, 0);
    const EntryIndex second = queue.enqueue({2, two}, 0);
    EXPECT_EQ(queue.choose(0, 0), first);
    EXPECT_EQ(queue.choose(0, 5 * sec), first);
    queue.cancel(first, 5 * sec);
    EXPECT_EQ(queue.choose(0, 5 * sec), second);
    queue.start(second, 5 * sec);
    EXPECT_EQ(queue.choose(0, 5 * sec), none);
}

TEST(FairEntries, AnUndoneStartCostsNothing) {
    FairQueue queue;
    queue.add_lane({0, 2, 0});
    const TenantIndex tenant = queue.add_tenant(1000);
    const FlowIndex flow = queue.flow_of(tenant, 0);
    queue.set_rate(tenant, 10 * sec, 1, 0);
    const EntryIndex first = queue.enqueue({1, flow}, 0);
    const EntryIndex second = queue.enqueue({2, flow}, 0);
    const Virtual before = queue.settled(flow, sec);
    queue.start(first, sec);
    EXPECT_EQ(queue.choose(0, sec), none);
    queue.undo(first, sec);
    EXPECT_EQ(queue.settled(flow, sec), before);
    EXPECT_EQ(queue.choose(0, sec), second);
    EXPECT_EQ(Auditor(queue).check(sec), "");
}

TEST(FairEntries, AnEntryCostsWhatItTookAndAtLeastTheFloor) {
    FairQueue queue;
    queue.add_lane({0, 2, 0});
    const FlowIndex flow = queue.flow_of(queue.add_tenant(1024), 0);  // 1 µs is 1 virtual unit
    const EntryIndex quick = queue.enqueue({1, flow}, 0);
    queue.start(quick, 0);
    queue.complete(quick, 10);
    EXPECT_EQ(queue.settled(flow, 10), 1000U);
    const EntryIndex slow = queue.enqueue({1, flow}, 10);
    queue.start(slow, 10);
    queue.complete(slow, 50'010);
    EXPECT_EQ(queue.settled(flow, 50'010), 51'000U);
    EXPECT_EQ(queue.flow(flow).held_us, 50'010);
}

// The same schedule, whatever weights are measured in, tenants are called, or the clock says.
TEST(FairEntries, ScaledWeightsOtherNamesAndAShiftedClockGiveTheSameSchedule) {
    struct Variant {
        std::uint32_t scale;
        unsigned shift;
        std::int64_t from;
        bool is_renamed;
    };
    std::vector<std::vector<std::uint64_t>> orders;
    for (const Variant& v : {Variant{1, 12, 0, false}, Variant{16, 8, 0, false},
                             Variant{1, 12, 1'700'000'000 * sec, false},
                             Variant{1, 12, 0, true}}) {
        FairOptions options = with_reserve(sec);
        options.bucket_shift = v.shift;
        options.debt_window_us = 0;
        Pool pool(options, 7);
        pool.run_until(v.from);
        for (TenantIndex i = 0; i < 6; ++i) {
            const TenantIndex name = v.is_renamed ? 5 - i : i;
            EXPECT_EQ(pool.tenant((64U << (name % 3)) * v.scale), i);
        }
        std::vector<std::uint64_t> order;
        pool.on_start([&](const Pool::Started& started) { order.push_back(started.id); });
        for (unsigned k = 0; k < 600; ++k) {
            const TenantIndex name = pool.chance().below(6);
            const std::size_t priority = pool.chance().below(3);
            const std::int64_t length = pool.chance().between(1 * ms, 5 * sec);
            pool.submit(v.is_renamed ? 5 - name : name, length, priority);
            if (k % 5 == 0) {
                pool.run_until(v.from + k * 300 * ms);
            }
        }
        pool.run_until(v.from + 2000 * sec);
        EXPECT_EQ(order.size(), 600U);
        orders.push_back(order);
    }
    EXPECT_EQ(orders[0], orders[1]);
    EXPECT_EQ(orders[0], orders[2]);
    EXPECT_EQ(orders[0], orders[3]);
}

TEST(FairEntries, NoSlotIdlesWhileSomebodyWaitsAndAllThatWasCancelledIsGone) {
    Pool pool(FairOptions{}, 5);
    std::vector<std::uint64_t> alive;
    for (TenantIndex i = 0; i < 20; ++i) {
        pool.tenant(100 * (i + 1));
    }
    std::vector<EntryIndex> queued;
    for (unsigned k = 0; k < 2000; ++k) {
        const TenantIndex tenant = pool.chance().below(20);
        queued.push_back(pool.queue().enqueue({k, tenant, k % 3, 0, none}, 0));
    }
    for (std::size_t k = 0; k < queued.size(); k += 2) {
        pool.queue().cancel(queued[k], 0);
    }
    unsigned left = 1000;
    std::vector<EntryIndex> running;
    for (std::int64_t t = 1; left > 0; ++t) {
        while (running.size() < 5 && left > 0) {
            const EntryIndex entry = pool.queue().choose(0, t);
            ASSERT_NE(entry, none) << "an idle slot with " << left << " waiting";
            EXPECT_EQ(pool.queue().entry(entry).id % 2, 1U) << "it was cancelled";
            pool.queue().start(entry, t);
            running.push_back(entry);
            --left;
        }
        pool.queue().complete(running.front(), t);
        running.erase(running.begin());
    }
    EXPECT_EQ(Auditor(pool.queue()).check(3000), "");
}

}  // namespace
}  // namespace attacca::core::fair
