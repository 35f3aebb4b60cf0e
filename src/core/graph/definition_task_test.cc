// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "core/graph/sample_definition.h"

namespace attacca::core {
namespace {

TEST(TaskNode, HasALaneAndASpec) {
    const auto definition = definition_of(node_with(
        R"("task":{"lane":"WORK_AI_01","type":"t","args":[1],"input":{"b":1,"a":2},"stay":true})"));
    ASSERT_TRUE(definition);
    const NodeDef& node = definition->nodes[0];
    EXPECT_EQ(node.kind, NodeKind::task);
    EXPECT_EQ(node.task->lane, "WORK_AI_01");
    EXPECT_TRUE(node.task->stays);
    EXPECT_EQ(node.task->spec.canonical_text(), R"({"args":[1],"input":{"a":2,"b":1},"type":"t"})");
}

TEST(TaskNode, IsTheSameAfterItWasStored) {
    const auto definition = definition_of(
        node_with(R"("task":{"type":"t","lane":"gpu","input":{"b":"${{ job.id }}","a":2}})"));
    ASSERT_TRUE(definition);
    const auto again = load_definition(definition->body);
    ASSERT_TRUE(again);
    EXPECT_EQ(again->body, definition->body);
    EXPECT_EQ(again->nodes[0].task->spec.canonical_text(),
              definition->nodes[0].task->spec.canonical_text());
}

TEST(TaskNode, NamesWhatItsWorkerMustHave) {
    const auto definition = definition_of(
        node_with(R"("task":{"lane":"l","args":[],"capabilities":["gpu","cuda-12","gpu"]})"));
    ASSERT_TRUE(definition);
    const std::vector<std::string> sorted = {"cuda-12", "gpu"};
    EXPECT_EQ(definition->nodes[0].task->capabilities, sorted);
    const auto again = load_definition(definition->body);
    ASSERT_TRUE(again);
    EXPECT_EQ(again->nodes[0].task->capabilities, sorted);
    EXPECT_EQ(again->body, definition->body);
    EXPECT_EQ(fault_in(node_with(R"("task":{"lane":"l","capabilities":["a b"]})")),
              "invalid-value /nodes/0/task/capabilities/0");
    EXPECT_EQ(fault_in(node_with(R"("task":{"lane":"l","capabilities":"gpu"})")),
              "wrong-type /nodes/0/task/capabilities");
    EXPECT_EQ(fault_in(node_with(R"("task":{"lane":"l","capabilities":["1","2","3","4","5","6",)"
                                 R"("7","8","9","10","11","12","13","14","15","16","17"]})")),
              "out-of-range /nodes/0/task/capabilities");
}

TEST(TaskNode, NamesItsOwnerAndTheLanesThatItKeeps) {
    const auto definition = definition_of(R"({"nodes":[
        {"id":"a","task":{"lane":"z","owner":"${{ job.name }}","stay":true}},
        {"id":"b","task":{"lane":"m"}},
        {"id":"c","job":{"definition":{"nodes":[{"id":"d","task":{"lane":"b","stay":true}}]}}}]})");
    ASSERT_TRUE(definition);
    ASSERT_NE(definition->nodes[0].task->owner, nullptr);
    EXPECT_EQ(definition->nodes[1].task->owner, nullptr);
    const std::vector<std::string> kept = {"b", "z"};
    EXPECT_EQ(definition->stay_lanes, kept) << "those of child jobs too";
    const auto again = load_definition(definition->body);
    ASSERT_TRUE(again);
    EXPECT_EQ(again->body, definition->body);
    EXPECT_EQ(again->stay_lanes, kept);
    EXPECT_EQ(fault_in(node_with(R"("task":{"lane":"l","owner":""})")),
              "invalid-value /nodes/0/task/owner");
    EXPECT_EQ(fault_in(node_with(R"("task":{"lane":"l","owner":["x"]})")),
              "wrong-type /nodes/0/task/owner");
    EXPECT_EQ(fault_in(node_with(R"("task":{"lane":"l","owner":"${{ 1 + }}"})")),
              "expression-invalid /nodes/0/task/owner");
}

TEST(TaskNode, NeedsALane) {
    EXPECT_EQ(fault_in(node_with(R"("task":{})")), "missing-field /nodes/0/task");
    EXPECT_EQ(fault_in(node_with(R"("task":{"lane":"a b"})")), "invalid-value /nodes/0/task/lane");
    EXPECT_EQ(fault_in(node_with(R"("task":{"lane":""})")), "invalid-value /nodes/0/task/lane");
    EXPECT_EQ(fault_in(node_with(R"("task":{"lane":7})")), "wrong-type /nodes/0/task/lane");
    EXPECT_EQ(fault_in(node_with(R"("type":"task")")), "missing-field /nodes/0");
}

TEST(TaskNode, RefusesWhatHasNoEffect) {
    EXPECT_EQ(fault_in(node_with(R"("task":{"lane":"l","colour":1})")),
              "unknown-field /nodes/0/task/colour");
    EXPECT_EQ(fault_in(node_with(R"("task":{"lane":"l"},"env":{"A":"b"})")),
              "invalid-value /nodes/0/env");
    EXPECT_EQ(fault_in(node_with(R"("task":{"lane":"l"},"run":["x"])")),
              "invalid-value /nodes/0/task");
    EXPECT_EQ(fault_in(node_with(R"("task":{"lane":"l","type":"${{ job.id }}"})")),
              "expression-invalid /nodes/0/task/type");
}

TEST(TaskNode, ChecksExpressionsWhereverTheyStand) {
    EXPECT_EQ(fault_in(node_with(R"("task":{"lane":"l","args":["${{ nope( }}"]})")),
              "expression-invalid /nodes/0/task/args/0");
    EXPECT_EQ(fault_in(node_with(R"("task":{"lane":"l","input":{"a":[{"b":"${{ 1 +"}]}})")),
              "expression-invalid /nodes/0/task/input/a/0/b");
    EXPECT_EQ(fault_in(node_with(R"("task":{"lane":"l","args":{}})")),
              "wrong-type /nodes/0/task/args");
}

}  // namespace
}  // namespace attacca::core
