// SPDX-License-Identifier: Apache-2.0
#include "engine/history.h"

#include <gtest/gtest.h>

namespace attacca::engine {
namespace {

ports::LedgerBatch batch_of(std::string records, std::uint32_t count) {
    ports::LedgerBatch batch;
    batch.records = std::move(records);
    batch.count = count;
    batch.previous.assign(count, ports::no_gseq);
    return batch;
}

TEST(SplitRecords, GivesEachRecordsBytes) {
    const auto batch = batch_of(std::string("\0\3abc\0\1d", 8), 2);
    const auto records = split_records(batch);
    ASSERT_TRUE(records.has_value());
    ASSERT_EQ(records->size(), 2U);
    EXPECT_EQ((*records)[0], "abc");
    EXPECT_EQ((*records)[1], "d");
}

TEST(SplitRecords, RefusesWhatDoesNotAddUp) {
    EXPECT_FALSE(split_records(batch_of(std::string("\0\3ab", 4), 1)).has_value());
    EXPECT_FALSE(split_records(batch_of(std::string("\0", 1), 1)).has_value());
    EXPECT_FALSE(split_records(batch_of(std::string("\0\1a", 3), 2)).has_value());
}

}  // namespace
}  // namespace attacca::engine
