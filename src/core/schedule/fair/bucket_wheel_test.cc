// SPDX-License-Identifier: Apache-2.0
#include "core/schedule/fair/bucket_wheel.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "core/schedule/fair/chance_for_test.h"

namespace attacca::core::fair {
namespace {

// Against an ordered map: the first flow is always in the smallest bucket that there is, but for
// what the circle cannot hold and therefore brings up early.
void compare(std::uint64_t seed, std::int64_t reach) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Chance chance(seed);
    BucketWheel wheel(2);
    Flows flows;
    std::map<FlowIndex, Virtual> keys;
    for (unsigned i = 0; i < 64; ++i) {
        flows.add();
    }
    Virtual clock = 0;
    for (unsigned step = 0; step < 5000; ++step) {
        const FlowIndex flow = chance.below(64);
        const Virtual key = clock + static_cast<Virtual>(chance.between(-reach / 4, reach));
        const std::uint32_t what = chance.below(4);
        if (!keys.contains(flow)) {
            wheel.insert(flows, flow, key);
            keys[flow] = key;
        } else if (what == 0) {
            wheel.remove(flows, flow);
            keys.erase(flow);
        } else if (what == 1) {
            wheel.update(flows, flow, key);
            keys[flow] = key;
        }
        ASSERT_EQ(wheel.count(), keys.size());
        if (what != 3 || keys.empty()) {
            continue;
        }
        // Take the first one as its owner does: insert again what stood too early.
        FlowIndex first = wheel.first();
        while (wheel.bucket_of(keys[first]) > flows[first].bucket) {
            wheel.remove(flows, first);
            wheel.insert(flows, first, keys[first]);
            first = wheel.first();
        }
        std::int64_t least = wheel.bucket_of(keys[first]);
        for (const auto& [other, at] : keys) {
            least = std::min(least, wheel.bucket_of(at));
        }
        ASSERT_EQ(wheel.bucket_of(keys[first]), least) << "step " << step;
        if (wheel.has_last()) {
            ASSERT_GE(wheel.last_bucket(), flows[first].bucket);
            ASSERT_NE(wheel.first_in(wheel.last_bucket()), none);
        }
        clock = later(clock, keys[first]);
        if (wheel.wants_more()) {
            while (!wheel.empty()) {
                wheel.remove(flows, wheel.first());
            }
            wheel.widen();
            for (const auto& [other, at] : keys) {
                wheel.insert(flows, other, at);
            }
        }
    }
}

TEST(BucketWheel, GivesTheSmallestBucketWhateverTheReachOfKeys) {
    for (std::uint64_t seed = 1; seed <= 4; ++seed) {
        compare(seed, 100);
        compare(seed, 1'000'000);
        compare(seed, 5'000'000);         // a circle reaches over 2^20 units
        compare(seed, 40'000'000'000);
    }
}

TEST(BucketWheel, IsFirstInFirstOutInABucket) {
    BucketWheel wheel(4);
    Flows flows;
    for (unsigned i = 0; i < 4; ++i) {
        wheel.insert(flows, flows.add(), 100 + (i % 2));
    }
    wheel.remove(flows, 1);
    wheel.update(flows, 0, 111);  // the same bucket: keeps its turn
    EXPECT_EQ(wheel.first(), 0U);
    wheel.update(flows, 0, 112);
    EXPECT_EQ(wheel.first(), 2U);
    wheel.remove(flows, 2);
    EXPECT_EQ(wheel.first(), 3U);
}

}  // namespace
}  // namespace attacca::core::fair
