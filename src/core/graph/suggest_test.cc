// SPDX-License-Identifier: Apache-2.0
#include "core/graph/suggest.h"

#include <gtest/gtest.h>

#include <array>

namespace attacca::core {
namespace {

constexpr std::array<std::string_view, 5> names = {"needs", "needs_when", "run", "retry", "if"};

TEST(Suggest, FindsTheNearestName) {
    EXPECT_EQ(nearest("need_when", names), "needs_when");
    EXPECT_EQ(nearest("Needs", names), "needs");
    EXPECT_EQ(nearest("rnu", names), "run");
    EXPECT_EQ(nearest("runn", names), "run");
    EXPECT_EQ(nearest("rety", names), "retry");
}

TEST(Suggest, FarNamesGetNoSuggestion) {
    EXPECT_EQ(nearest("completely", names), "");
    EXPECT_EQ(nearest("", names), "");
    EXPECT_EQ(nearest(std::string(1000, 'n'), names), "");
    EXPECT_EQ(nearest("xy", names), "");
}

TEST(Suggest, IsWordedAsAQuestion) {
    EXPECT_EQ(suggestion("neds", names), "; did you mean `needs`?");
    EXPECT_EQ(suggestion("zzzz", names), "");
}

}  // namespace
}  // namespace attacca::core
