// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "core/schedule/fair/auditor_for_test.h"
#include "core/schedule/fair/pool_for_test.h"

namespace attacca::core::fair {
namespace {

TEST(FairLimits, ATenantNeverHoldsMoreThanItsMaximumAndTheRestIsUsed) {
    Pool pool(FairOptions{}, 10);
    const TenantIndex limited = pool.tenant(9000);
    const TenantIndex other = pool.tenant(1000);
    pool.queue().set_max_running(limited, 3, 0);
    pool.keep(limited, 50, [&pool] { return pool.chance().between(1 * ms, sec); });
    pool.keep(other, 50, [&pool] { return pool.chance().between(1 * ms, sec); });
    pool.on_start([&](const Pool::Started&) {
        ASSERT_LE(pool.queue().tenant(limited).running, 3U);
    });
    for (std::int64_t t = 1; t < 60; ++t) {
        pool.run_until(t * sec);
        ASSERT_EQ(pool.running(), 10U) << "an idle slot while the other tenant waits";
    }
    pool.queue().set_max_running(limited, unlimited, pool.now());
    pool.on_start(nullptr);
    pool.run_until(100 * sec);
    EXPECT_GT(pool.queue().tenant(limited).running, 3U);
}

TEST(FairLimits, NobodyIsStartedAboveTheRateNorLaterThanATickAfterItAllows) {
    Pool pool(FairOptions{}, 100);
    const TenantIndex limited = pool.tenant(1000);
    pool.queue().set_rate(limited, 70 * ms, 4, 0);
    pool.keep(limited, 10, [] { return 5 * ms; });
    std::vector<std::int64_t> starts;
    pool.on_start([&](const Pool::Started& started) { starts.push_back(started.at); });
    pool.run_until(30 * sec);
    ASSERT_GT(starts.size(), 400U);
    for (std::size_t i = 0; i < starts.size(); ++i) {
        const std::int64_t allowed =
            i < 4 ? 0 : (static_cast<std::int64_t>(i) - 3) * 70 * ms;
        EXPECT_GE(starts[i], allowed) << i;
        EXPECT_LE(starts[i], allowed + 1 * ms) << i;
    }
}

TEST(FairLimits, ALowerRateActsAtOnceAndAHigherOneForgivesWhatItAllows) {
    Pool pool(FairOptions{}, 100);
    const TenantIndex limited = pool.tenant(1000);
    pool.queue().set_rate(limited, 3600 * sec, 1, 0);
    pool.keep(limited, 10, [] { return 5 * ms; });
    pool.run_until(sec);
    EXPECT_EQ(pool.starts(), 1U);
    pool.queue().set_rate(limited, 100 * ms, 1, pool.now());
    pool.run_until(2 * sec);
    EXPECT_NEAR(static_cast<int>(pool.starts()), 11, 1);
    pool.queue().set_rate(limited, 0, 0, pool.now());
    pool.run_until(3 * sec);
    EXPECT_GT(pool.starts(), 1000U);
}

TEST(FairLimits, AQuotaHoldsUntilItsPeriodEnds) {
    Pool pool(FairOptions{}, 10);
    const TenantIndex limited = pool.tenant(1000);
    pool.queue().set_quota(limited, 25, 10 * sec, 0);
    pool.keep(limited, 100, [] { return 10 * ms; });
    pool.run_until(9 * sec);
    EXPECT_EQ(pool.starts(), 25U);
    EXPECT_EQ(pool.queue().flow(limited).reasons, because_quota);
    pool.run_until(19 * sec);
    EXPECT_EQ(pool.starts(), 50U);
    pool.queue().set_quota(limited, 30, 10 * sec, pool.now());  // five more in this period
    pool.run_until(19 * sec + 500 * ms);
    EXPECT_EQ(pool.starts(), 55U);
    pool.queue().set_quota(limited, 0, 0, pool.now());
    pool.run_until(20 * sec);
    EXPECT_GT(pool.starts(), 100U);
}

TEST(FairLimits, APausedTenantStartsNothingAndIsOwedNothing) {
    Pool pool(with_reserve(sec), 4);
    const TenantIndex paused = pool.tenant(1000);
    const TenantIndex other = pool.tenant(1000);
    pool.keep(paused, 20, [] { return sec; });
    pool.keep(other, 20, [] { return sec; });
    pool.run_until(50 * sec);
    pool.queue().set_paused(paused, true, pool.now());
    const std::int64_t held = pool.held(paused);
    pool.run_until(150 * sec);
    EXPECT_LE(pool.held(paused) - held, 2 * sec);
    pool.queue().set_paused(paused, false, pool.now());
    const std::int64_t mine = pool.held(paused);
    const std::int64_t theirs = pool.held(other);
    pool.run_until(200 * sec);
    EXPECT_LE(pool.held(paused) - mine, pool.held(other) - theirs + 2 * sec);
    EXPECT_GE(pool.held(paused) - mine, pool.held(other) - theirs - 6 * sec);
}

TEST(FairLimits, HeadroomKeepsASlotSoonFreeForANewcomer) {
    Pool pool(FairOptions{}, 100, 2);
    const TenantIndex hog = pool.tenant(1000);
    pool.keep(hog, 300, [] { return 3600 * sec; });
    pool.run_until(sec);
    EXPECT_EQ(pool.running(), 98U);
    EXPECT_EQ(pool.queue().flow(hog).reasons, because_headroom);
    const TenantIndex newcomer = pool.tenant(1000);
    pool.submit(newcomer, sec);
    pool.run_until(sec);
    EXPECT_EQ(pool.queue().flow(newcomer).running, 1U);
    pool.set_slots(110);
    pool.run_until(2 * sec);
    EXPECT_EQ(pool.queue().flow(hog).running, 108U);
}

// A lane waits for what a worker must be able to do; who can do more helps the slowest lane.
TEST(FairLanes, AScarceWorkerServesItsOwnLaneWhileThatLagsAndHelpsOtherwise) {
    FairQueue queue(with_reserve(sec));
    const LaneIndex any = queue.add_lane({0, 3, 0});
    const LaneIndex gpu = queue.add_lane({2, 1, 0});
    queue.note_worker(0);
    queue.note_worker(2);
    const TenantIndex tenant = queue.add_tenant(1000);
    const TenantIndex trainer = queue.add_tenant(1000);
    for (std::uint64_t i = 0; i < 50; ++i) {
        queue.enqueue({i, queue.flow_of(tenant, any)}, 0);
        queue.enqueue({100 + i, queue.flow_of(trainer, gpu)}, 0);
    }
    std::int64_t now = 0;
    std::vector<std::uint64_t> served(2, 0);
    for (unsigned i = 0; i < 40; ++i, now += sec) {
        const EntryIndex plain = queue.choose(0, now);
        ASSERT_EQ(queue.flow(queue.entry(plain).flow).lane, any);
        queue.start(plain, now);
        const EntryIndex able = queue.choose(2, now);
        ++served[queue.flow(queue.entry(able).flow).lane];
        queue.start(able, now);
        queue.complete(plain, now + sec);
        queue.complete(able, now + sec);
    }
    EXPECT_GE(served[gpu], 30U);
    while (queue.choose(2, now) != none) {
        const EntryIndex entry = queue.choose(2, now);
        queue.start(entry, now);
        queue.complete(entry, now += sec);
    }
    EXPECT_EQ(queue.lane(any).running + queue.lane(gpu).running, 0U);
}

TEST(FairLanes, ATenantThatSpreadsOverLanesGainsNothing) {
    FairQueue queue(with_reserve(sec));
    const LaneIndex one = queue.add_lane({0, 10, 0});
    const LaneIndex two = queue.add_lane({0, 10, 0});
    queue.note_worker(0);
    const TenantIndex spread = queue.add_tenant(1000);
    const TenantIndex plain = queue.add_tenant(1000);
    queue.enqueue({1, queue.flow_of(spread, one)}, 0);
    EXPECT_EQ(queue.flow(queue.flow_of(spread, one)).weight, 1000U);
    const EntryIndex second = queue.enqueue({2, queue.flow_of(spread, two)}, 0);
    queue.enqueue({3, queue.flow_of(plain, one)}, 0);
    EXPECT_EQ(queue.flow(queue.flow_of(spread, one)).weight, 500U);
    EXPECT_EQ(queue.flow(queue.flow_of(spread, two)).weight, 500U);
    EXPECT_EQ(queue.flow(queue.flow_of(plain, one)).weight, 1000U);
    queue.cancel(second, 0);
    EXPECT_EQ(queue.flow(queue.flow_of(spread, one)).weight, 1000U);
    EXPECT_EQ(Auditor(queue).check(0), "");
}

TEST(FairLimits, ManyTenantsBlockedByTheirRateCostNothingAndNoneStarves) {
    constexpr TenantIndex tenants = 1000000;
    Pool pool(FairOptions{}, 200);
    for (TenantIndex i = 0; i < tenants; ++i) {
        pool.tenant(1000);
        pool.queue().set_rate(i, 20 * sec, 1, 0);
        pool.submit(i, ms);
        pool.submit(i, ms);
    }
    std::vector<std::int64_t> last(tenants, -1);
    std::vector<std::int64_t> late;
    pool.on_start([&](const Pool::Started& started) {
        if (last[started.tenant] >= 0) {
            late.push_back(started.at - last[started.tenant] - 20 * sec);
        }
        last[started.tenant] = started.at;
    });
    pool.run_until(50 * sec);
    EXPECT_EQ(pool.starts(), 2U * tenants);
    EXPECT_GE(*std::min_element(late.begin(), late.end()), 0);
    EXPECT_LE(percentile(late, 999), 1 * ms + 256);  // a tick, and a slot's length
    EXPECT_EQ(pool.queue().next_wake_us(), never);
}

// Everything at once; the auditor looks at all of it after each step.
TEST(FairLimits, AllLimitsTogetherKeepTheInvariants) {
    for (std::uint64_t seed = 1; seed <= 40; ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        Chance chance(seed);
        FairOptions options;
        options.debt_window_us = 20 * sec;
        FairQueue queue(options);
        Auditor auditor(queue);
        for (LaneIndex i = 0; i < 3; ++i) {
            queue.add_lane({i == 0 ? 0 : Capabilities{1} << i, 6, i == 1 ? 2U : 0U});
            queue.note_worker(Capabilities{i} << 1U);
            queue.add_key(1 + chance.below(2));
        }
        for (TenantIndex i = 0; i < 5; ++i) {
            queue.add_tenant(1 + chance.below(4000));
        }
        std::vector<EntryIndex> queued;
        std::vector<EntryIndex> running;
        std::int64_t now = 0;
        const auto take = [&chance](std::vector<EntryIndex>& from) {
            std::swap(from[chance.below(static_cast<std::uint32_t>(from.size()))], from.back());
            const EntryIndex entry = from.back();
            from.pop_back();
            return entry;
        };
        for (unsigned step = 0; step < 800; ++step) {
            now += chance.between(0, chance.below(10) == 0 ? 30 * sec : 200 * ms);
            const TenantIndex tenant = chance.below(5);
            const std::uint32_t what = chance.below(100);
            if (what < 40) {
                const KeyIndex key = chance.below(3) == 0 ? chance.below(3) : none;
                const FlowIndex flow = queue.flow_of(tenant, chance.below(3));
                queued.push_back(queue.enqueue({step, flow, chance.below(3), now, key}, now));
            } else if (what < 66) {
                const EntryIndex entry = queue.choose(chance.below(4) << 1U, now);
                if (entry != none) {
                    queue.start(entry, now);
                    queued.erase(std::find(queued.begin(), queued.end(), entry));
                    running.push_back(entry);
                }
            } else if (what < 85 && !running.empty()) {
                queue.complete(take(running), now);
            } else if (what < 88 && !queued.empty()) {
                queue.cancel(take(queued), now);
            } else if (what < 90 && !queued.empty()) {
                const EntryIndex entry = take(queued);  // whatever a rule knows better
                queue.start(entry, now);
                running.push_back(entry);
            } else if (what == 91) {
                queue.set_weight(tenant, 1 + chance.below(9000), now);
            } else if (what == 92) {
                queue.set_max_running(tenant, chance.below(5), now);
            } else if (what == 93) {
                queue.set_rate(tenant, chance.between(0, 3 * sec), 1 + chance.below(2), now);
            } else if (what == 94) {
                queue.set_quota(tenant, chance.below(6), 8 * sec, now);
            } else if (what == 95) {
                queue.set_slots(chance.below(3), chance.below(9), now);
            } else if (what == 96) {
                queue.set_key_limit(chance.below(3), 1 + chance.below(3), now);
            } else {
                queue.set_paused(tenant, chance.below(3) == 0, now);
            }
            queue.wake(now);
            EXPECT_EQ(auditor.check(now, false), "");
            ASSERT_FALSE(HasFailure()) << "at step " << step << " after " << what;
        }
    }
}

}  // namespace
}  // namespace attacca::core::fair
