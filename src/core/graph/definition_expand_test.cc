// SPDX-License-Identifier: Apache-2.0
#include "core/graph/definition_expand.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/graph/sample_definition.h"

namespace attacca::core {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const NodeDef* node_of(const Definition& definition, std::string_view id) {
    const NodeIndex index = definition.find(id);
    return index == no_index ? nullptr : &definition.nodes[index];
}

std::vector<std::string> needs_of(const Definition& definition, std::string_view id) {
    std::vector<std::string> ids;
    for (const NodeIndex need : node_of(definition, id)->needs) {
        ids.push_back(definition.nodes[need].id);
    }
    return ids;
}

constexpr std::string_view grouped = R"({"nodes":{
    "fetch":{"noop":true},
    "build":{"needs":["fetch"],"if":"params.go","group":{"nodes":{
        "a":{"run":["x"]},
        "b":{"run":["x"],"needs":["a"],"if":"1 == 1"},
        "c":{"run":["x"]}}}},
    "ship":{"needs":["build"],"noop":true}}})";

TEST(Groups, BecomeOrdinaryNodesAndOneThatJoinsThem) {
    const auto definition = definition_of(grouped);
    ASSERT_TRUE(definition) << definition.error().detail;
    ASSERT_EQ(definition->nodes.size(), 6U);
    EXPECT_THAT(needs_of(*definition, "build_a"), ElementsAre("fetch"));
    EXPECT_THAT(needs_of(*definition, "build_b"), ElementsAre("build_a"));
    EXPECT_THAT(needs_of(*definition, "build_c"), ElementsAre("fetch"));
    EXPECT_THAT(needs_of(*definition, "build"), ElementsAre("build_a", "build_b", "build_c"));
    EXPECT_THAT(needs_of(*definition, "ship"), ElementsAre("build"));
    EXPECT_EQ(node_of(*definition, "build")->kind, NodeKind::group);
    EXPECT_TRUE(node_of(*definition, "build_a")->condition);
    EXPECT_NE(definition->body.find(R"x("if":"(params.go) && (1 == 1)")x"), std::string::npos);
}

TEST(Groups, InSequenceRunOneAfterAnother) {
    const auto definition = definition_of(R"({"nodes":[{"id":"s","type":"sequential_group",
        "group":{"nodes":[{"id":"a","run":["x"]},{"id":"b","run":["x"]},
                          {"id":"c","run":["x"]}]}}]})");
    ASSERT_TRUE(definition) << definition.error().detail;
    EXPECT_THAT(needs_of(*definition, "s_a"), IsEmpty());
    EXPECT_THAT(needs_of(*definition, "s_b"), ElementsAre("s_a"));
    EXPECT_THAT(needs_of(*definition, "s_c"), ElementsAre("s_b"));
}

TEST(Groups, MayStandInGroupsAndInFinally) {
    const auto definition = definition_of(R"({"nodes":{"g":{"group":{"mode":"sequential","nodes":{
        "first":{"noop":true},
        "inner":{"group":{"nodes":{"x":{"noop":true},"y":{"needs":["first"],"noop":true}}}}}}}},
        "finally":{"f":{"group":{"nodes":{"z":{"noop":true}}}}}})");
    ASSERT_TRUE(definition) << definition.error().detail;
    EXPECT_THAT(needs_of(*definition, "g_inner_x"), ElementsAre("g_first"));
    EXPECT_THAT(needs_of(*definition, "g_inner_y"), ElementsAre("g_first"));
    EXPECT_THAT(needs_of(*definition, "g_inner"), ElementsAre("g_inner_x", "g_inner_y"));
    EXPECT_THAT(needs_of(*definition, "g"), ElementsAre("g_first", "g_inner"));
    EXPECT_TRUE(node_of(*definition, "f_z")->is_finally);
}

TEST(Groups, HaveABodyThatReadsBackAsItself) {
    const auto definition = definition_of(grouped);
    ASSERT_TRUE(definition);
    const auto again = definition_of(definition->body);
    ASSERT_TRUE(again) << again.error().detail;
    EXPECT_EQ(again->body, definition->body);
    EXPECT_TRUE(load_definition(definition->body));
}

TEST(Groups, FaultsAreToldWhereTheyWereWritten) {
    EXPECT_EQ(fault_in(R"({"nodes":{"g":{"group":{"nodes":{"a":{"run":["x"],"dirr":"y"}}}}}})"),
              "unknown-field /nodes/g/group/nodes/a/dirr");
    EXPECT_EQ(fault_in(R"({"nodes":[{"id":"g","group":{"nodes":[{"id":"a","noop":true},
                  {"id":"b","noop":true,"needs":["z"]}]}}]})"),
              "dag-unknown-node /nodes/0/group/nodes/1/needs/0");
    EXPECT_EQ(fault_in(R"({"nodes":{"g":{"group":{"nodes":{}}}}})"),
              "dag-empty /nodes/g/group/nodes");
    EXPECT_EQ(fault_in(R"({"nodes":{"g":{"group":{"nodes":3}}}})"),
              "wrong-type /nodes/g/group/nodes");
    EXPECT_EQ(fault_in(R"({"nodes":{"g":{"group":{"mode":"odd","nodes":{"a":{"noop":true}}}}}})"),
              "invalid-value /nodes/g/group/mode");
    EXPECT_EQ(fault_in(R"({"nodes":{"g":{"map":{"over":[1]},
                  "group":{"nodes":{"a":{"noop":true}}}}}})"),
              "unknown-field /nodes/g/map");
    EXPECT_EQ(fault_in(R"({"nodes":{"g_a":{"noop":true},
                  "g":{"group":{"nodes":{"a":{"noop":true}}}}}})"),
              "dag-duplicate-node /nodes/g/group/nodes/a");
    EXPECT_EQ(fault_in(R"({"nodes":{"g":{"group":{"nodes":{
                  "a":{"noop":true,"needs":["b"]},"b":{"noop":true,"needs":["a"]}}}}}})"),
              "dag-cycle /nodes/g/group/nodes/a/needs/0");
}

}  // namespace
}  // namespace attacca::core
