// SPDX-License-Identifier: Apache-2.0
#include "adapters/sqlite/batch_cache.h"

#include <gtest/gtest.h>

namespace attacca::sqlite {
namespace {

BatchCache::Batch batch(std::uint64_t first_gseq, std::uint32_t count, std::size_t bytes) {
    auto made = std::make_shared<ports::LedgerBatch>();
    made->first_gseq = first_gseq;
    made->count = count;
    made->records = std::string(bytes, 'r');
    return made;
}

TEST(BatchCache, FindsABatchByAnyOfItsRecords) {
    BatchCache cache(1U << 20U);
    const BatchCache::Batch first = batch(10, 5, 100);
    const BatchCache::Batch second = batch(20, 1, 100);
    cache.add(first);
    cache.add(second);
    EXPECT_EQ(cache.find(9), nullptr);
    EXPECT_EQ(cache.find(10), first);
    EXPECT_EQ(cache.find(14), first);
    EXPECT_EQ(cache.find(15), nullptr);
    EXPECT_EQ(cache.find(20), second);
    EXPECT_EQ(cache.find(21), nullptr);
}

TEST(BatchCache, ForgetsTheLeastRecentlyUsed) {
    BatchCache cache(3000);
    cache.add(batch(0, 1, 1000));
    cache.add(batch(1, 1, 1000));
    EXPECT_NE(cache.find(0), nullptr);
    cache.add(batch(2, 1, 1000));
    EXPECT_NE(cache.find(0), nullptr);
    EXPECT_EQ(cache.find(1), nullptr);
    EXPECT_NE(cache.find(2), nullptr);
    EXPECT_LE(cache.bytes(), 3000U);
}

TEST(BatchCache, KeepsTheNewestHoweverLargeItIs) {
    BatchCache cache(100);
    cache.add(batch(0, 1, 1000));
    EXPECT_NE(cache.find(0), nullptr);
    cache.add(batch(1, 1, 1000));
    EXPECT_EQ(cache.find(0), nullptr);
    EXPECT_NE(cache.find(1), nullptr);
}

TEST(BatchCache, CountsABatchAddedTwiceOnce) {
    BatchCache cache(1U << 20U);
    cache.add(batch(0, 1, 1000));
    const std::size_t bytes = cache.bytes();
    cache.add(batch(0, 1, 1000));
    EXPECT_EQ(cache.bytes(), bytes);
}

}  // namespace
}  // namespace attacca::sqlite
