// SPDX-License-Identifier: Apache-2.0
#include "http/oversize.h"

#include <gtest/gtest.h>

namespace attacca::http {
namespace {

TEST(Oversize, CountsTheElementsOfNodes) {
    const char* three = R"({"dag_definition":{"nodes":[{"id":"a,b]","needs":["x","y"]},1, [2]]}})";
    EXPECT_FALSE(has_more_nodes(three, 3));
    EXPECT_TRUE(has_more_nodes(three, 2));
}

TEST(Oversize, OtherArraysAndTextsDoNotCount) {
    EXPECT_FALSE(has_more_nodes(R"({"edges":[1,2,3,4,5]})", 2));
    EXPECT_FALSE(has_more_nodes(R"({"a":"\"nodes\":[1,2,3,4]"})", 2));
    EXPECT_FALSE(has_more_nodes(R"({"nodes":{"a":[1,2,3,4]}})", 2));
    EXPECT_FALSE(has_more_nodes(R"(["nodes",[1,2,3,4]])", 2));
    EXPECT_TRUE(has_more_nodes(R"([{"nodes":[1]},{"nodes" : [1,2,3]}])", 2));
}

TEST(Oversize, SurvivesBrokenText) {
    for (const char* text : {"", "\"", "\"\\", "]]]}}}", "{\"nodes\":[", "[[[[,,,,"}) {
        EXPECT_FALSE(has_more_nodes(text, 10)) << text;
    }
}

}  // namespace
}  // namespace attacca::http
