// SPDX-License-Identifier: Apache-2.0
#include "app/yaml_file.h"

#include <gtest/gtest.h>

namespace attacca::app {
namespace {

TEST(YamlFile, EachPointerHasThePlaceOfItsKeyOrElement) {
    const auto loaded = load_yaml("name: x\nnodes:\n  - id: a\n    \"run/me~\": [b, c]\n");
    const auto* located = std::get_if<cli::Located>(&loaded);
    ASSERT_NE(located, nullptr);
    EXPECT_EQ(located->document.text(),
              R"({"name":"x","nodes":[{"id":"a","run/me~":["b","c"]}]})");
    const cli::Positions expected{
        {"", {1, 1}},
        {"/name", {1, 1}},
        {"/nodes", {2, 1}},
        {"/nodes/0", {3, 5}},
        {"/nodes/0/id", {3, 5}},
        {"/nodes/0/run~1me~0", {4, 5}},
        {"/nodes/0/run~1me~0/0", {4, 17}},
        {"/nodes/0/run~1me~0/1", {4, 20}},
    };
    EXPECT_EQ(located->positions, expected);
}

TEST(YamlFile, AFaultHasItsPlace) {
    const auto loaded = load_yaml("a: 1\nb: [1\nc: 2\n");
    const auto* fault = std::get_if<cli::LoadError>(&loaded);
    ASSERT_NE(fault, nullptr);
    EXPECT_EQ(fault->error.problem, Problem::yaml_syntax);
    ASSERT_TRUE(fault->position);
    EXPECT_GE(fault->position->line, 2U);
}

TEST(YamlFile, AnAliasHasThePlaceWhereItIsUsed) {
    const auto loaded = load_yaml("a: &x\n  k: 1\nb: *x\n");
    const auto* located = std::get_if<cli::Located>(&loaded);
    ASSERT_NE(located, nullptr);
    EXPECT_EQ(located->positions.at("/b"), (cli::Position{3, 1}));
    EXPECT_TRUE(located->positions.contains("/b/k"));
}

}  // namespace
}  // namespace attacca::app
