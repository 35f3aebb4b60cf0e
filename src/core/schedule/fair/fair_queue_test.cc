// SPDX-License-Identifier: Apache-2.0
#include "core/schedule/fair/fair_queue.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "core/schedule/fair/pool_for_test.h"

// Bounds that hold for every tenant, whatever the others do.

namespace attacca::core::fair {
namespace {

// The difference of two backlogged tenants' service for their weights, in virtual units, over all
// intervals: how far it ever rose.
class Spread {
  public:
    void note(std::int64_t difference) {
        low_ = std::min(low_, difference);
        high_ = std::max(high_, difference);
    }
    [[nodiscard]] std::int64_t width() const { return high_ - low_; }

  private:
    std::int64_t low_ = 0;
    std::int64_t high_ = 0;
};

TEST(FairBounds, CountingStartsNoTwoTenantsAreEverFartherApartThanOneStartOfEach) {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        Chance chance(seed);
        Pool pool(counting_starts(), 1 + chance.below(30));
        std::vector<std::int64_t> cost;  // of one start, in virtual units
        for (TenantIndex i = 0; i < 6; ++i) {
            const std::uint32_t weight = 1 + chance.below(1000);
            pool.tenant(weight);
            cost.push_back(static_cast<std::int64_t>(virtual_of(1'000'000, inverse_of(weight))));
        }
        for (TenantIndex i = 0; i < 6; ++i) {
            pool.keep(i, 40, [&chance] { return chance.between(1, 3 * sec); });
        }
        std::vector<std::int64_t> served(6, 0);
        std::vector<Spread> spreads(36);
        // Who is fresh waits for his turn, and then catches up: from there on the bound holds.
        pool.run_until(30 * sec);
        pool.on_start([&](const Pool::Started& started) {
            served[started.tenant] += cost[started.tenant];
            for (std::size_t pair = 0; pair < 36; ++pair) {
                spreads[pair].note(served[pair / 6] - served[pair % 6]);
            }
        });
        pool.run_until(300 * sec);
        // A bucket's width on either side, and what is lost by rounding each start's cost here.
        const std::int64_t width = (std::int64_t{1} << pool.queue().lane(0).wheel.shift()) +
                                   static_cast<std::int64_t>(pool.starts() / 2);
        for (std::size_t pair = 0; pair < 36; ++pair) {
            EXPECT_LE(spreads[pair].width(), cost[pair / 6] + cost[pair % 6] + 2 * width);
        }
    }
}

TEST(FairBounds, HeldSlotTimeStaysWithinTheBoundOfSlotsLengthsAndReserve) {
    for (std::uint64_t seed = 1; seed <= 12; ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        Chance chance(seed);
        FairOptions options = with_reserve(2 * sec);
        options.debt_window_us = 0;
        Pool pool(options, seed % 2 == 0 ? 1 : 24);
        struct Seen {
            std::int64_t weight, longest, peak = 0;
        };
        std::vector<Seen> seen;
        for (TenantIndex i = 0; i < 4; ++i) {
            const std::int64_t weight = 100 + chance.below(2000);
            const std::int64_t longest = (1 + chance.below(8)) * sec;
            pool.tenant(static_cast<std::uint32_t>(weight));
            seen.push_back({weight, longest});
        }
        for (TenantIndex i = 0; i < 4; ++i) {
            const std::int64_t longest = seen[i].longest;
            pool.keep(i, 40, [&chance, longest] { return chance.between(10 * ms, longest); });
        }
        pool.run_until(60 * sec);  // nobody is fresh any more
        const std::int64_t scale = 1'000'000;  // to compare without fractions
        std::vector<Spread> spreads(16);
        std::vector<std::int64_t> before;
        for (TenantIndex i = 0; i < 4; ++i) {
            before.push_back(pool.held(i));
        }
        for (std::int64_t t = 60 * sec; t < 500 * sec; t += 100 * ms) {
            pool.run_until(t);
            for (TenantIndex i = 0; i < 4; ++i) {
                seen[i].peak = std::max<std::int64_t>(seen[i].peak, pool.queue().flow(i).running);
            }
            for (TenantIndex pair = 0; pair < 16; ++pair) {
                const TenantIndex i = pair / 4;
                const TenantIndex j = pair % 4;
                spreads[pair].note((pool.held(i) - before[i]) * scale / seen[i].weight -
                                   (pool.held(j) - before[j]) * scale / seen[j].weight);
            }
        }
        for (TenantIndex pair = 0; pair < 16; ++pair) {
            std::int64_t bound = 10 * ms * scale / 1000;  // the width of two buckets
            for (const Seen& one : {seen[pair / 4], seen[pair % 4]}) {
                bound += one.peak * (one.longest + 2 * sec) * scale / one.weight;
            }
            EXPECT_LE(spreads[pair].width(), bound) << pair;
        }
    }
}

TEST(FairBounds, ANewcomerStartsWithinTwiceTheFreshOnesAheadAndOne) {
    for (const TenantIndex backlogged : {1U, 20'000U, 1'000'000U}) {
        Pool pool(FairOptions{}, 1);
        for (TenantIndex i = 0; i < backlogged; ++i) {
            pool.tenant(1000);
            for (unsigned k = 0; k < (backlogged > 20'000 ? 3U : 6U); ++k) {
                pool.submit(i, 100 * ms);
            }
        }
        // Each has had a turn, and none is fresh any more.
        pool.run_until(std::int64_t{backlogged} * 200 * ms + 50 * ms);
        ASSERT_EQ(pool.queue().lane(0).fresh_count, 0U);
        for (TenantIndex ahead = 0; ahead < 5; ++ahead) {
            pool.submit(pool.tenant(1000), 100 * ms);
        }
        const TenantIndex newcomer = pool.tenant(1000);
        pool.submit(newcomer, 100 * ms);
        const std::uint64_t before = pool.starts();
        std::uint64_t first = 0;
        pool.on_start([&](const Pool::Started& started) {
            if (started.tenant == newcomer) {
                first = pool.starts() - before;
            }
        });
        pool.run_until(pool.now() + 2 * sec);
        EXPECT_GT(first, 0U);
        EXPECT_LE(first, 2U * 5 + 1) << backlogged;
    }
}

TEST(FairBounds, ATenantBelowItsShareWaitsForTwoReleases) {
    Pool pool(FairOptions{}, 8);
    for (TenantIndex i = 0; i < 100; ++i) {
        pool.keep(pool.tenant(1000), 10,
                  [&pool] { return pool.chance().between(100 * ms, 5 * sec); });
    }
    const TenantIndex small = pool.tenant(1000);
    std::vector<std::int64_t> waited;
    std::uint64_t submitted_at = 0;
    for (std::int64_t i = 1; i <= 150; ++i) {
        pool.at(i * 60 * sec, [&] {
            submitted_at = pool.releases();
            pool.submit(small, sec);
        });
    }
    pool.on_start([&](const Pool::Started& started) {
        if (started.tenant == small) {
            waited.push_back(static_cast<std::int64_t>(pool.releases() - submitted_at));
        }
    });
    pool.run_until(151 * 60 * sec);
    ASSERT_EQ(waited.size(), 150U);
    EXPECT_LE(percentile(waited, 990), 2);
}

TEST(FairBounds, TenThousandStartsAreSharedByWeightAmongThoseEntitledToTen) {
    Pool pool(counting_starts(), 10);
    std::uint64_t weights = 0;
    for (TenantIndex i = 0; i < 1000; ++i) {
        pool.tenant(1 + i % 100);
        weights += 1 + i % 100;
    }
    for (TenantIndex i = 0; i < 1000; ++i) {
        pool.keep(i, 2, [] { return 10 * ms; });
    }
    std::vector<std::uint64_t> got(1000, 0);
    pool.on_start([&](const Pool::Started& started) {
        if (pool.starts() <= 10000) {
            ++got[started.tenant];
        }
    });
    pool.run_until(12 * sec);
    ASSERT_GE(pool.starts(), 10000U);
    std::vector<std::int64_t> shares;
    for (TenantIndex i = 0; i < 1000; ++i) {
        const double entitled = 10000.0 * (1 + i % 100) / static_cast<double>(weights);
        if (entitled >= 10) {
            shares.push_back(static_cast<std::int64_t>(static_cast<double>(got[i]) * 1e6 /
                                                       entitled));
        }
    }
    EXPECT_GT(shares.size(), 400U);
    EXPECT_GE(jain(shares), 9950);
}

TEST(FairBounds, WhoIsEntitledToAHundredEntriesGetsThemWithinTwoPercent) {
    Pool pool(FairOptions{}, 16);
    std::int64_t weights = 0;
    const std::vector<std::uint32_t> of{100, 250, 1000, 1000, 3000, 7000};
    for (const std::uint32_t weight : of) {
        pool.keep(pool.tenant(weight), 60,
                  [&pool] { return pool.chance().between(200 * ms, 1800 * ms); });
        weights += weight;
    }
    pool.run_until(60 * sec);
    std::vector<std::int64_t> before;
    for (TenantIndex i = 0; i < of.size(); ++i) {
        before.push_back(pool.held(i));
    }
    pool.run_until(1860 * sec);
    for (TenantIndex i = 0; i < of.size(); ++i) {
        const double entitled = 1800.0 * 16 * sec * of[i] / static_cast<double>(weights);
        EXPECT_NEAR(static_cast<double>(pool.held(i) - before[i]) / entitled, 1.0, 0.02) << i;
    }
}

TEST(FairBounds, ANewWeightActsOnTheBacklogAtOnceAndWithoutABurst) {
    Pool pool(counting_starts(), 4);
    const TenantIndex changed = pool.tenant(10);
    const TenantIndex other = pool.tenant(10);
    pool.keep(changed, 50, [] { return sec; });
    pool.keep(other, 50, [] { return sec; });
    pool.run_until(100 * sec);
    pool.queue().set_weight(changed, 1000, pool.now());
    std::vector<std::uint64_t> got(2, 0);
    std::uint64_t first_of_other = 0;
    pool.on_start([&](const Pool::Started& started) {
        ++got[started.tenant];
        if (started.tenant == other && first_of_other == 0) {
            first_of_other = got[changed];
        }
    });
    const std::uint64_t before = pool.starts();
    while (pool.starts() < before + 2020) {
        pool.run_until(pool.now() + sec);
    }
    const double ratio = static_cast<double>(got[changed]) / static_cast<double>(got[other]);
    EXPECT_NEAR(ratio, 100, 5);
    EXPECT_LE(first_of_other, 201U);
}

TEST(FairBounds, IdlingEarnsNothing) {
    Pool pool(with_reserve(sec), 4);
    const TenantIndex steady = pool.tenant(1000);
    const TenantIndex sometimes = pool.tenant(1000);
    const TenantIndex third = pool.tenant(1000);
    pool.keep(steady, 20, [] { return sec; });
    pool.keep(third, 20, [] { return sec; });
    for (std::int64_t i = 0; i < 20; ++i) {
        pool.at(i * 40 * sec + 20 * sec, [&pool, sometimes] {
            for (unsigned k = 0; k < 100; ++k) {
                pool.submit(sometimes, sec);
            }
        });
    }
    for (std::int64_t i = 0; i < 20; ++i) {
        pool.run_until(i * 40 * sec + 20 * sec);
        const std::int64_t one = pool.held(sometimes);
        const std::int64_t two = pool.held(steady);
        pool.run_until(i * 40 * sec + 40 * sec);
        EXPECT_LE(pool.held(sometimes) - one, pool.held(steady) - two + 2 * sec) << i;
    }
}

TEST(FairBounds, AHogWaitsNoLongerThanTheDebtWindow) {
    for (const TenantIndex others : {1U, 9U}) {
        Pool pool(with_reserve(10 * sec), 20);
        const TenantIndex hog = pool.tenant(1000);
        // All its entries end after an hour, when the others are there: what it took is a debt.
        for (unsigned i = 0; i < 20; ++i) {
            pool.submit(hog, 3600 * sec);
        }
        pool.run_until(3599 * sec);
        for (TenantIndex i = 0; i < others; ++i) {
            pool.keep(pool.tenant(1000), 40, [] { return sec; });
        }
        pool.submit(hog, sec);
        std::int64_t started = 0;
        pool.on_start([&](const Pool::Started& start) {
            started = start.tenant == hog ? start.at : started;
        });
        pool.run_until(3600 * sec + 1200 * sec);
        ASSERT_GT(started, 0);
        EXPECT_LE(started - 3600 * sec, 300 * sec + 20 * sec) << others;
        EXPECT_GT(started - 3600 * sec, 100 * sec) << others;
    }
}

TEST(FairBounds, TheTunedReserveDampsLongEntries) {
    Pool pool(FairOptions{}, 100);
    const TenantIndex hog = pool.tenant(1000);
    const TenantIndex newcomer = pool.tenant(1000);
    for (std::int64_t i = 0; i < 100; ++i) {
        pool.submit(hog, 600 * sec - i * 6 * sec);
    }
    pool.run_until(0);
    pool.keep(hog, 1000, [] { return 600 * sec; });
    pool.run_until(1800 * sec);
    pool.keep(newcomer, 1000, [] { return 600 * sec; });
    pool.run_until(2400 * sec);
    EXPECT_GE(pool.queue().flow(newcomer).running, 45U);
    EXPECT_LE(pool.queue().flow(newcomer).running, 65U);
    for (std::int64_t t = 3600; t <= 5400; t += 300) {
        pool.run_until(t * sec);
        EXPECT_NEAR(pool.queue().flow(newcomer).running, 50, 5) << t;
    }
}

}  // namespace
}  // namespace attacca::core::fair
