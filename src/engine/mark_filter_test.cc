// SPDX-License-Identifier: Apache-2.0
#include "engine/mark_filter.h"

#include <string>

#include <gtest/gtest.h>

#include "base/digest.h"

namespace attacca::engine {
namespace {

Sha256 digest(int number) {
    return sha256(std::to_string(number));
}

TEST(MarkFilter, FindsAllThatWasAdded) {
    MarkFilter marks(20'000, 7);
    for (int i = 0; i < 40'000; ++i) {  // more than expected
        marks.add(digest(i));
    }
    for (int i = 0; i < 40'000; ++i) {
        ASSERT_TRUE(marks.may_hold(digest(i))) << i;
    }
}

TEST(MarkFilter, FindsLittleElseAndNotTheSameWithAnotherSalt) {
    MarkFilter one(20'000, 1);
    MarkFilter other(20'000, 2);
    for (int i = 0; i < 20'000; ++i) {
        one.add(digest(i));
        other.add(digest(i));
    }
    int found = 0;
    int found_twice = 0;
    for (int i = 20'000; i < 120'000; ++i) {
        found += one.may_hold(digest(i)) ? 1 : 0;
        found_twice += one.may_hold(digest(i)) && other.may_hold(digest(i)) ? 1 : 0;
    }
    EXPECT_GT(found, 0);
    EXPECT_LT(found, 100'000 / 400);
    EXPECT_LT(found_twice, 10);
}

TEST(MarkFilter, ItsMemoryIsBounded) {
    EXPECT_EQ(MarkFilter(0, 0).bytes(), MarkFilter::bits_min / 8);
    EXPECT_EQ(MarkFilter(1'000'000, 0).bytes(), std::size_t{2} << 20U);
    EXPECT_EQ(MarkFilter(~std::uint64_t{0}, 0).bytes(), std::size_t{16} << 20U);
}

}  // namespace
}  // namespace attacca::engine
