// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "core/schedule/fair/auditor_for_test.h"
#include "core/schedule/fair/pool_for_test.h"

namespace attacca::core::fair {
namespace {

TEST(FairKeys, AFullKeyWithAHundredThousandAheadDelaysOtherKeysByNoStart) {
    Pool pool(FairOptions{}, 4);
    const TenantIndex tenant = pool.tenant(1000);
    const KeyIndex full = pool.queue().add_key(1);
    const KeyIndex other = pool.queue().add_key(1);
    for (unsigned i = 0; i < 100'000; ++i) {
        pool.submit(tenant, 3600 * sec, 1, full);
    }
    const std::uint64_t behind = pool.submit(tenant, sec, 1, other);
    const std::uint64_t plain = pool.submit(tenant, sec);
    std::vector<std::uint64_t> order;
    pool.on_start([&](const Pool::Started& started) { order.push_back(started.id); });
    pool.run_until(10 * sec);
    EXPECT_EQ(order, (std::vector<std::uint64_t>{0, behind, plain}));
    EXPECT_EQ(pool.queue().flow(tenant).reasons, because_keys);
    EXPECT_EQ(pool.queue().flow(tenant).parked, 99'999U);
}

TEST(FairKeys, OneOfAKeyRunsAtATimeInTheOrderOfArrival) {
    Pool pool(FairOptions{}, 4);
    const TenantIndex tenant = pool.tenant(1000);
    const KeyIndex key = pool.queue().add_key(1);
    std::vector<std::uint64_t> ids;
    for (unsigned i = 0; i < 10; ++i) {
        ids.push_back(pool.submit(tenant, sec, 1, key));
    }
    std::vector<std::uint64_t> order;
    pool.on_start([&](const Pool::Started& started) {
        EXPECT_EQ(pool.queue().key(key).running, 1U);
        EXPECT_EQ(started.at, static_cast<std::int64_t>(order.size()) * sec);
        order.push_back(started.id);
    });
    pool.run_until(60 * sec);
    EXPECT_EQ(order, ids);
    EXPECT_EQ(pool.queue().flow(tenant).reasons, because_empty);
    EXPECT_TRUE(pool.queue().key(key).lines.empty());
}

TEST(FairKeys, AKeyOfSeveralTenantsIsSharedByWeightAndNeverIdles) {
    Pool pool(with_reserve(sec), 10);
    const KeyIndex key = pool.queue().add_key(4);
    for (const std::uint32_t weight : {1000U, 3000U}) {
        const TenantIndex tenant = pool.tenant(weight);
        for (unsigned i = 0; i < 1000; ++i) {
            pool.submit(tenant, sec, 1, key);
        }
    }
    for (std::int64_t t = 0; t < 200; ++t) {
        pool.run_until(t * sec + 500 * ms);
        EXPECT_EQ(pool.queue().key(key).running, 4U);
    }
    EXPECT_NEAR(static_cast<double>(pool.held(1)) / static_cast<double>(pool.held(0)), 3, 0.1);
}

TEST(FairKeys, CancellingWhatStandsInFrontLetsTheNextGo) {
    FairQueue queue;
    queue.add_lane({0, 2, 0});
    const FlowIndex flow = queue.flow_of(queue.add_tenant(1000), 0);
    const KeyIndex key = queue.add_key(1);
    std::vector<EntryIndex> entries;
    for (std::uint64_t i = 0; i < 4; ++i) {
        entries.push_back(queue.enqueue({i, flow, 1, 0, key}, 0));
    }
    queue.cancel(entries[0], 0);
    EXPECT_EQ(queue.choose(0, 0), entries[1]);
    queue.start(entries[1], 0);
    queue.cancel(entries[2], 0);  // parked
    EXPECT_EQ(queue.choose(0, 0), none);
    queue.set_key_limit(key, 2, 0);
    EXPECT_EQ(queue.choose(0, 0), entries[3]);
    queue.set_key_limit(key, 1, 0);
    EXPECT_EQ(queue.choose(0, 0), none);
    queue.complete(entries[1], sec);
    EXPECT_EQ(queue.choose(0, sec), entries[3]);
    queue.start(entries[3], sec);
    queue.complete(entries[3], 2 * sec);
    EXPECT_EQ(queue.flow(flow).reasons, because_empty);
    EXPECT_EQ(Auditor(queue).check(2 * sec), "");
}

}  // namespace
}  // namespace attacca::core::fair
