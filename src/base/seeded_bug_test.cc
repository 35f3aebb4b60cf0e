// SPDX-License-Identifier: Apache-2.0
#include "base/seeded_bug.h"

#include <gtest/gtest.h>

#define BUG_OF_THIS_TEST 1

namespace attacca {
namespace {

TEST(SeededBug, IsOffUnlessTheBuildAsksForIt) {
    EXPECT_FALSE(ATTACCA_BUG(BUG_THAT_NO_BUILD_ASKS_FOR));
    EXPECT_TRUE(ATTACCA_BUG(BUG_OF_THIS_TEST));
}

}  // namespace
}  // namespace attacca
