// SPDX-License-Identifier: Apache-2.0
#include "core/graph/node_extras.h"

#include <gtest/gtest.h>

#include "core/graph/sample_definition.h"

namespace attacca::core {
namespace {

NodeDef extra_of(std::string_view members) {
    auto definition = definition_of(node_with(members));
    EXPECT_TRUE(definition) << definition.error().detail;
    return definition ? definition->nodes[0] : NodeDef{};
}

// What a node's body says, and that it reads back as the same.
std::string body_of(std::string_view members) {
    const auto definition = definition_of(node_with(members));
    if (!definition) {
        return definition.error().detail;
    }
    const auto again = definition_of(definition->body);
    EXPECT_TRUE(again && again->body == definition->body);
    const std::size_t at = definition->body.find("\"nodes\":[") + 8;
    return definition->body.substr(at, definition->body.find(']', at) + 1 - at);
}

TEST(TestNode, HasACommandAndAReport) {
    const NodeDef node = extra_of(
        R"("test":{"run":["pytest","${{ params.x }}"],"junit":"out/r.xml"},"env":{"A":"1"},
           "dir":"/src","artifacts":["log"],"timeout":"1m","retry":{})");
    EXPECT_EQ(node.kind, NodeKind::test);
    EXPECT_EQ(node.run.argv.size(), 2U);
    EXPECT_EQ(node.extras->test.junit, "out/r.xml");
    EXPECT_EQ(node.env.size(), 1U);
    EXPECT_EQ(body_of(R"("type":"test_suite","test":{"junit":"r.xml","run":"make check"})"),
              R"([{"id":"a","test":{"junit":"r.xml","run":"make check"}}])");
}

TEST(TestNode, FaultsAreTold) {
    EXPECT_EQ(fault_in(node_with(R"("test":{"run":"x"})")), "missing-field /nodes/0/test");
    EXPECT_EQ(fault_in(node_with(R"("test":{"junit":"x"})")), "missing-field /nodes/0/test");
    EXPECT_EQ(fault_in(node_with(R"("test":{"run":"x","junit":"../x"})")),
              "invalid-value /nodes/0/test/junit");
    EXPECT_EQ(fault_in(node_with(R"("test":{"run":"echo ${{ params.x }}","junit":"x"})")),
              "expression-invalid /nodes/0/test/run");
    EXPECT_EQ(fault_in(node_with(R"("test":{"run":"x","junit":"x"},"run":"y")")),
              "invalid-value /nodes/0/test");
    EXPECT_EQ(fault_in(node_with(R"("test":{"run":"x","junit":"x"},"outputs":{})")),
              "invalid-value /nodes/0/outputs");
    EXPECT_EQ(fault_in(node_with(R"("test":{"run":"x","junit":"x","as":"y"})")),
              "unknown-field /nodes/0/test/as");
}

TEST(ConditionNode, HasAnExpression) {
    EXPECT_TRUE(extra_of(R"("condition":"${{ params.x }}")").extras->condition);
    EXPECT_EQ(body_of(R"("condition":" params.x ")"), R"([{"condition":"params.x","id":"a"}])");
    EXPECT_EQ(body_of(R"("condition":true)"), R"([{"condition":"true","id":"a"}])");
    EXPECT_EQ(fault_in(node_with(R"("condition":"1 +")")),
              "expression-invalid /nodes/0/condition");
    EXPECT_EQ(fault_in(node_with(R"("condition":"nodes.b.status")")),
              "expression-invalid /nodes/0/condition");
    EXPECT_EQ(fault_in(node_with(R"("condition":true,"retry":{})")),
              "invalid-value /nodes/0/retry");
}

TEST(CheckpointNode, HasValues) {
    EXPECT_EQ(extra_of(R"("checkpoint":{"b":1,"a":"${{ params.x }}"})").extras->checkpoint.values
                  .size(),
              2U);
    EXPECT_EQ(body_of(R"("checkpoint":{"b":1,"a":"x"})"),
              R"([{"checkpoint":{"a":"x","b":"1"},"id":"a"}])");
    EXPECT_EQ(body_of(R"("type":"checkpoint")"), R"([{"checkpoint":{},"id":"a"}])");
    EXPECT_EQ(fault_in(node_with(R"("checkpoint":{"a.b":1})")),
              "invalid-value /nodes/0/checkpoint/a.b");
    EXPECT_EQ(fault_in(node_with(R"("noop":true,"checkpoint":true)")),
              "invalid-value /nodes/0/checkpoint");
    EXPECT_EQ(fault_in(node_with(R"("checkpoint":true)")), "not-supported /nodes/0/checkpoint");
}

TEST(JobNode, HoldsADefinition) {
    const std::string child =
        R"("job":{"name":"c","params":{"n":1},"definition":{"params":{"n":{"type":"integer"}},)"
        R"("nodes":{"g":{"group":{"nodes":{"a":{"noop":true}}}}}}})";
    const NodeDef node = extra_of(child);
    EXPECT_EQ(node.extras->child.name, "c");
    EXPECT_EQ(node.extras->child.definition->nodes.size(), 2U);
    const auto definition = definition_of(node_with(child));
    ASSERT_TRUE(definition);
    const auto again = load_definition(definition->body);
    ASSERT_TRUE(again) << again.error().detail;
    EXPECT_EQ(again->nodes[0].extras->child.definition->digest,
              node.extras->child.definition->digest);
}

TEST(JobNode, FaultsAreToldWhereTheyStand) {
    EXPECT_EQ(fault_in(node_with(R"("job":{})")), "missing-field /nodes/0/job");
    EXPECT_EQ(fault_in(node_with(R"("job":{"workflow":"x"})")),
              "not-supported /nodes/0/job/workflow");
    EXPECT_EQ(fault_in(node_with(R"("job":{"definition":{"nodes":[{"id":"a","run":3}]}})")),
              "wrong-type /nodes/0/job/definition/nodes/0/run");
    EXPECT_EQ(fault_in(node_with(R"("job":{"definition":{"nodes":[{"id":"a","noop":true}]},
                                        "params":{"x":1}})")),
              "unknown-field /nodes/0/job/params/x");
    EXPECT_EQ(fault_in(node_with(R"("job":{"name":"","definition":{"nodes":[{"id":"a",
                                        "noop":true}]}})")),
              "out-of-range /nodes/0/job/name");
}

TEST(GroupNode, MayStandWithoutNodesOfItsOwn) {
    EXPECT_EQ(body_of(R"("group":{})"), R"([{"group":{},"id":"a"}])");
    EXPECT_EQ(fault_in(node_with(R"("type":"parallel_group")")), "missing-field /nodes/0");
    EXPECT_EQ(fault_in(node_with(R"("group":{},"if":"true")")), "invalid-value /nodes/0/if");
    EXPECT_EQ(fault_in(node_with(R"("group":{},"map":{"over":[1]})")),
              "invalid-value /nodes/0/map");
}

}  // namespace
}  // namespace attacca::core
