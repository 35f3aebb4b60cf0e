// SPDX-License-Identifier: Apache-2.0
#include "core/job/hash_index.h"

#include <gtest/gtest.h>

#include <map>
#include <utility>

namespace attacca::core {
namespace {

// The index beside a map that does the same, through thousands of random steps. Hashes are few, and
// `spread` places apart.
void compare_index_with_map(std::uint32_t hashes, std::uint32_t spread, std::size_t reach) {
    HashIndex index;
    std::map<std::uint32_t, std::uint32_t> expected;  // hashes by number
    std::uint32_t random = hashes;
    for (int step = 0; step < 20000; ++step) {
        random = random * 1664525U + 1013904223U;
        const std::uint32_t number = (random >> 16U) % 500;
        const std::uint32_t hash = number % hashes * spread;
        const auto is_it = [&](std::uint32_t other) { return other == number; };
        const auto known = expected.find(number);
        ASSERT_EQ(index.find(hash, is_it), known == expected.end() ? no_index : number);
        if (known != expected.end()) {
            ASSERT_TRUE(index.remove(hash, number));
            ASSERT_FALSE(index.remove(hash, number));
            expected.erase(known);
        } else if (index.add(hash, number, reach)) {
            expected.emplace(number, hash);
        } else {
            ASSERT_LT(reach, expected.size());
        }
    }
}

TEST(HashIndex, FindsWhatWasAddedAndNotRemoved) {
    compare_index_with_map(500, 7, HashIndex::anywhere);
}

TEST(HashIndex, HoldsWhenManyShareOneHome) {
    compare_index_with_map(1, 1, HashIndex::anywhere);
    compare_index_with_map(3, 1, HashIndex::anywhere);
    compare_index_with_map(100, 1U << 20U, HashIndex::anywhere);
}

TEST(HashIndex, RefusesWhatWouldStandTooFarFromItsHome) {
    HashIndex index;
    for (std::uint32_t number = 0; number <= 4; ++number) {
        EXPECT_TRUE(index.add(9, number, 4));
    }
    EXPECT_FALSE(index.add(9, 5, 4));
    EXPECT_TRUE(index.remove(9, 2));
    EXPECT_TRUE(index.add(9, 5, 4));
    for (const std::size_t reach : {std::size_t{0}, std::size_t{3}, std::size_t{64}}) {
        compare_index_with_map(1, 1, reach);
        compare_index_with_map(5, 2, reach);
        compare_index_with_map(500, 1, reach);
    }
}

TEST(HashIndex, OfNothingFindsNothing) {
    HashIndex index;
    EXPECT_EQ(index.find(1, [](std::uint32_t) { return true; }), no_index);
    EXPECT_FALSE(index.remove(1, 1));
}

}  // namespace
}  // namespace attacca::core
