// SPDX-License-Identifier: Apache-2.0
#include "http/range.h"

#include <gtest/gtest.h>

namespace attacca::http {
namespace {

TEST(Range, IsReadInAllThreeForms) {
    EXPECT_EQ(**parse_range("bytes=0-9", 100), (ByteRange{0, 10}));
    EXPECT_EQ(**parse_range("bytes=90-", 100), (ByteRange{90, 10}));
    EXPECT_EQ(**parse_range("bytes=-10", 100), (ByteRange{90, 10}));
    EXPECT_EQ(**parse_range("bytes=50-1000", 100), (ByteRange{50, 50}));
    EXPECT_EQ(**parse_range("bytes=-1000", 100), (ByteRange{0, 100}));
    EXPECT_EQ(**parse_range("bytes=0-0", 1), (ByteRange{0, 1}));
    EXPECT_EQ(content_range({90, 10}, 100), "bytes 90-99/100");
}

TEST(Range, BeyondTheEndCannotBeSatisfied) {
    for (const char* field : {"bytes=100-", "bytes=100-200", "bytes=-0"}) {
        const auto range = parse_range(field, 100);
        ASSERT_FALSE(range) << field;
        EXPECT_EQ(range.error().problem, Problem::range_not_satisfiable);
    }
    EXPECT_FALSE(parse_range("bytes=0-", 0));
    EXPECT_FALSE(parse_range("bytes=-1", 0));
}

TEST(Range, WhatIsNoRangeIsIgnored) {
    for (const char* field : {"lines=1-2", "bytes=", "bytes=-", "bytes=2-1", "bytes=a-b",
                              "bytes=0-1,5-6", "bytes=99999999999999999999-"}) {
        const auto range = parse_range(field, 100);
        ASSERT_TRUE(range) << field;
        EXPECT_FALSE(range->has_value()) << field;
    }
}

}  // namespace
}  // namespace attacca::http
