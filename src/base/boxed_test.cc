// SPDX-License-Identifier: Apache-2.0
#include "base/boxed.h"

#include <gtest/gtest.h>

#include <string>

namespace attacca {
namespace {

TEST(Boxed, HoldsNothingUntilGivenSomething) {
    Boxed<std::string> boxed;
    EXPECT_FALSE(boxed);
    EXPECT_EQ(boxed.as_optional(), std::nullopt);
    boxed = std::string("a");
    ASSERT_TRUE(boxed);
    EXPECT_EQ(*boxed, "a");
    EXPECT_EQ(boxed->size(), 1U);
    boxed = Boxed<std::string>(std::optional<std::string>());
    EXPECT_FALSE(boxed);
}

TEST(Boxed, ACopyOutlivesTheOriginal) {
    Boxed<std::string> copy;
    {
        const Boxed<std::string> original = std::string("b");
        copy = original;
    }
    ASSERT_TRUE(copy);
    EXPECT_EQ(*copy, "b");
}

TEST(Boxed, IsAsLargeAsAPointer) {
    EXPECT_EQ(sizeof(Boxed<std::string>), sizeof(void*));
}

}  // namespace
}  // namespace attacca
