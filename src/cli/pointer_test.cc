// SPDX-License-Identifier: Apache-2.0
#include "cli/pointer.h"

#include <gtest/gtest.h>

namespace attacca::cli {
namespace {

TEST(Pointer, EscapesAndIndexesAreFollowed) {
    const Json document = *parse_json(R"({"a/b":{"~":[10,20]}})");
    ASSERT_NE(value_at(document, "/a~1b/~0/1"), nullptr);
    EXPECT_EQ(value_at(document, "/a~1b/~0/1")->as_integer(), 20);
    EXPECT_EQ(value_at(document, "/a~1b/~0/2"), nullptr);
    EXPECT_EQ(value_at(document, "/a~1b/~0/1/x"), nullptr);
    EXPECT_EQ(pointer_child("/x", "a/~"), "/x/a~1~0");
    EXPECT_EQ(pointer_parent("/a/b"), "/a");
    EXPECT_EQ(pointer_parent("/a"), "");
}

}  // namespace
}  // namespace attacca::cli
