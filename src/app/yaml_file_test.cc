// SPDX-License-Identifier: Apache-2.0
#include "app/yaml_file.h"

#include <algorithm>

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
    EXPECT_EQ(located->values.at("/name"), (cli::Position{1, 7}));
    EXPECT_EQ(located->values.at("/nodes/0/id"), (cli::Position{3, 9}));
    EXPECT_EQ(located->values.at("/nodes/0/run~1me~0/1"), (cli::Position{4, 20}));
}

TEST(YamlFile, ATabThatIndentsIsNamedWhereItStands) {
    for (const char* text : {"nodes:\n\ta: 1\n", "nodes:\n  a:\n\t  noop: true\n",
                             "nodes:\n\ta:\n\t  noop: true\n", "a: 1\nb:\n \tc: 1\n"}) {
        const auto loaded = load_yaml(text);
        const auto* fault = std::get_if<cli::LoadError>(&loaded);
        ASSERT_NE(fault, nullptr) << text;
        EXPECT_EQ(fault->error.detail, "a tab indents this line: YAML takes spaces only") << text;
        const std::string_view all = text;
        const std::size_t tab = all.find('\t');
        const auto lines = std::count(all.begin(), all.begin() + static_cast<long>(tab), '\n');
        EXPECT_EQ(fault->position->line, static_cast<std::size_t>(lines) + 1) << text;
    }
}

TEST(YamlFile, ATabElsewhereIsNotBlamed) {
    const auto loaded = load_yaml("a: |\n  \tx\nb: 1\nc: 2\nd: [1\n");
    const auto* fault = std::get_if<cli::LoadError>(&loaded);
    ASSERT_NE(fault, nullptr);
    EXPECT_EQ(fault->error.detail.find("tab"), std::string::npos) << fault->error.detail;
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
