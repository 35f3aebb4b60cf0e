// SPDX-License-Identifier: Apache-2.0
#include "base/result.h"

#include <memory>
#include <string>

#include <gtest/gtest.h>

namespace attacca {
namespace {

Result<int> half(int value) {
    if (value % 2 != 0) {
        return fail(Problem::invalid_value, "odd");
    }
    return value / 2;
}

Result<std::string> quarter(int value) {
    ATTACCA_TRY(const int once, half(value));
    ATTACCA_TRY(const int twice, half(once));
    return std::to_string(twice);
}

TEST(Result, IsAValue) {
    const Result<int> result = half(4);
    ASSERT_TRUE(result.has_value());
    EXPECT_TRUE(static_cast<bool>(result));
    EXPECT_EQ(*result, 2);
    EXPECT_EQ(result.value(), 2);
}

TEST(Result, IsAnError) {
    const Result<int> result = half(3);
    EXPECT_FALSE(result.has_value());
    EXPECT_FALSE(static_cast<bool>(result));
    EXPECT_EQ(result.error().problem, Problem::invalid_value);
    EXPECT_EQ(result.error().detail, "odd");
}

TEST(Result, MovesWhatCannotBeCopied) {
    Result<std::unique_ptr<int>> result = std::make_unique<int>(7);
    const std::unique_ptr<int> value = std::move(result).value();
    EXPECT_EQ(*value, 7);
}

TEST(Result, ReachesMembers) {
    Result<std::string> result = std::string("abc");
    EXPECT_EQ(result->size(), 3U);
    *result += "d";
    EXPECT_EQ(*result, "abcd");
}

TEST(Result, OfNothingIsSuccessOrAnError) {
    const Result<void> success;
    EXPECT_TRUE(success.has_value());
    const Result<void> failure = fail(Problem::locked, "held");
    EXPECT_FALSE(failure.has_value());
    EXPECT_EQ(failure.error().detail, "held");
}

TEST(Result, TryGivesTheValueOrReturnsTheError) {
    EXPECT_EQ(*quarter(8), "2");
    EXPECT_EQ(quarter(6).error().detail, "odd");
    EXPECT_EQ(quarter(3).error().detail, "odd");
}

TEST(ResultDeathTest, StopsOnAccessToWhatIsNotThere) {
    const Result<int> value = 1;
    const Result<int> error = fail(Problem::internal);
    const Result<void> nothing;
    EXPECT_DEATH((void)value.error(), "check failed");
    EXPECT_DEATH((void)error.value(), "check failed");
    EXPECT_DEATH((void)*error, "check failed");
    EXPECT_DEATH((void)nothing.error(), "check failed");
}

TEST(CheckDeathTest, NamesTheExpressionAndThePlace) {
    const int count = 3;
    EXPECT_DEATH(ATTACCA_CHECK(count == 4), "check failed: count == 4 .*result_test.cc:");
    ATTACCA_CHECK(count == 3);
}

}  // namespace
}  // namespace attacca
