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

// Finds `scan` in versions 1 and 2, the latter with a parameter.
Result<FoundWorkflow> find_scan(const std::string& name, std::uint32_t version) {
    if (name != "scan" || version > 2) {
        return fail(Problem::invalid_value, "there is no such workflow");
    }
    const bool is_first = version == 1;
    auto definition = parse_definition(
        *parse_json(is_first ? R"({"nodes":[{"id":"a","noop":true}]})"
                             : R"({"params":{"who":{"type":"string"}},"nodes":[{"id":"b",
                                   "run":["echo","${{ params.who }}"]}]})"),
        "");
    return FoundWorkflow{std::make_shared<const Definition>(std::move(*definition)),
                         is_first ? 1U : 2U};
}

Result<Definition> with_workflows(const std::string& node) {
    return parse_definition(*parse_json(R"({"nodes":[{"id":"sub",)" + node + "}]}"), "", find_scan);
}

TEST(JobNode, KeepsTheVersionOfTheWorkflowThatItNames) {
    const auto newest = with_workflows(R"("job":{"workflow":"scan","params":{"who":"x"}})");
    ASSERT_TRUE(newest) << newest.error().detail;
    EXPECT_FALSE(newest->is_open);
    EXPECT_EQ(newest->nodes[0].extras->child.version, 2U);
    EXPECT_EQ(newest->nodes[0].extras->child.definition->nodes[0].id, "b");
    // What is stored needs nobody to find it again, and says where it came from.
    const auto stored = load_definition(newest->body);
    ASSERT_TRUE(stored) << stored.error().detail;
    EXPECT_EQ(stored->digest, newest->digest);
    EXPECT_FALSE(stored->is_open);
    EXPECT_EQ(stored->nodes[0].extras->child.workflow, "scan");
    EXPECT_EQ(stored->nodes[0].extras->child.definition->digest,
              newest->nodes[0].extras->child.definition->digest);

    const auto first = with_workflows(R"("job":{"workflow":"scan","version":1})");
    ASSERT_TRUE(first) << first.error().detail;
    EXPECT_EQ(first->nodes[0].extras->child.definition->nodes[0].id, "a");
}

TEST(JobNode, OfAnUnknownWorkflowIsRefusedOrOpen) {
    const auto unknown = with_workflows(R"("job":{"workflow":"other"})");
    ASSERT_FALSE(unknown);
    EXPECT_EQ(unknown.error().fields.front().pointer, "/nodes/0/job/workflow");
    const auto version = with_workflows(R"("job":{"workflow":"scan","version":3})");
    ASSERT_FALSE(version);
    EXPECT_EQ(version.error().fields.front().pointer, "/nodes/0/job/version");
    const auto wrong = with_workflows(R"("job":{"workflow":"scan","params":{"whom":"x"}})");
    ASSERT_FALSE(wrong);
    EXPECT_EQ(wrong.error().fields.front().pointer, "/nodes/0/job/params/whom");

    const auto open = definition_of(node_with(R"("job":{"workflow":"other"})"));
    ASSERT_TRUE(open) << open.error().detail;
    EXPECT_TRUE(open->is_open);
}

TEST(JobNode, CannotNestWorkflowsWithoutEnd) {
    std::shared_ptr<const Definition> inner;
    std::size_t levels = 0;
    for (;; ++levels) {
        const auto outer = parse_definition(
            *parse_json(inner == nullptr ? R"({"nodes":[{"id":"a","noop":true}]})"
                                         : R"({"nodes":[{"id":"a","job":{"workflow":"w"}}]})"),
            "", [&](const std::string&, std::uint32_t) -> Result<FoundWorkflow> {
                return FoundWorkflow{inner, 1};
            });
        if (!outer) {
            EXPECT_EQ(outer.error().problem, Problem::out_of_range);
            break;
        }
        ASSERT_TRUE(load_definition(outer->body)) << levels;
        ASSERT_LT(levels, 1000U);
        inner = std::make_shared<const Definition>(*outer);
    }
    EXPECT_GT(levels, 8U);
}

TEST(JobNode, FaultsAreToldWhereTheyStand) {
    EXPECT_EQ(fault_in(node_with(R"("job":{})")), "missing-field /nodes/0/job");
    EXPECT_EQ(fault_in(node_with(R"("job":{"workflow":"No Name"})")),
              "invalid-value /nodes/0/job/workflow");
    EXPECT_EQ(fault_in(node_with(R"("job":{"workflow":"x","version":0})")),
              "out-of-range /nodes/0/job/version");
    EXPECT_EQ(fault_in(node_with(R"("job":{"version":1,"definition":{"nodes":[{"id":"a",
                                        "noop":true}]}})")),
              "invalid-value /nodes/0/job/version");
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
