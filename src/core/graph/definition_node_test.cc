// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "core/graph/sample_definition.h"

namespace attacca::core {
namespace {

NodeDef node_of(std::string_view members) {
    return definition_of(node_with(members)).value().nodes[0];
}

TEST(Node, CommonKeysAreRead) {
    const NodeDef node = node_of(R"("noop":true,"description":"x","needs_when":"any_failed",
        "if":"${{ params.go }}","timeout":"10s","on_failure":"fail","retry":{"max_attempts":2})");
    EXPECT_EQ(node.join, Join::any_failed);
    EXPECT_TRUE(node.condition);
    EXPECT_EQ(node.timeout, seconds(10));
    EXPECT_EQ(node.retry.max_attempts, 2U);
    EXPECT_FALSE(node.map);
}

TEST(Node, WithoutKeysThereAreDefaults) {
    const NodeDef node = node_of(R"("noop":true)");
    EXPECT_EQ(node.join, Join::all_succeeded);
    EXPECT_FALSE(node.condition);
    EXPECT_FALSE(node.timeout);
    EXPECT_FALSE(node.retry.is_given);
}

TEST(Node, AMapIsRead) {
    const NodeDef node = node_of(R"("run":["echo","${{ host.name }}"],"map":{
        "over":"${{ params.hosts }}","as":"host","key":"k-${{ host.name }}",
        "where":"host.up","parallel":4,"on_error":"stop","max_items":7})");
    ASSERT_TRUE(node.map);
    EXPECT_TRUE(node.map->over);
    EXPECT_TRUE(node.map->key);
    EXPECT_TRUE(node.map->where);
    EXPECT_EQ(node.map->as, "host");
    EXPECT_EQ(node.map->parallel, 4U);
    EXPECT_TRUE(node.map->stops_on_error);
    EXPECT_EQ(node.map->max_items, 7U);
}

TEST(Node, AMapMayHaveAListOfItems) {
    const NodeDef node = node_of(R"("noop":true,"map":{"over":[1,"${{ params.x }}",{"a":2}]})");
    EXPECT_FALSE(node.map->over);
    EXPECT_EQ(node.map->over_items.as_array().size(), 3U);
    EXPECT_EQ(node.map->as, "item");
    EXPECT_EQ(node.map->max_items, 10000U);
}

TEST(Node, TheItemIsSeenOnlyWhereThereIsOne) {
    EXPECT_EQ(fault_in(node_with(R"("noop":true,"if":"item.x","map":{"over":[1]})")),
              "expression-invalid /nodes/0/if");
    EXPECT_EQ(fault_in(node_with(R"("noop":true,"map":{"over":"item.x"})")),
              "expression-invalid /nodes/0/map/over");
    EXPECT_EQ(fault_in(node_with(R"("run":["x","${{ item }}"],"map":{"over":[1]})")), "");
    EXPECT_EQ(fault_in(node_with(R"("run":["x","${{ item }}"])")),
              "expression-invalid /nodes/0/run/1");
}

TEST(Node, MapsAreBounded) {
    EXPECT_EQ(fault_in(node_with(R"("noop":true,"map":{"over":[1],"parallel":0})")),
              "out-of-range /nodes/0/map/parallel");
    EXPECT_EQ(fault_in(node_with(R"("noop":true,"map":{"over":[1,2],"max_items":1})")),
              "out-of-range /nodes/0/map/over");
    EXPECT_EQ(fault_in(node_with(R"("noop":true,"map":{"over":3})")),
              "wrong-type /nodes/0/map/over");
    EXPECT_EQ(fault_in(node_with(R"("noop":true,"map":{"over":[1],"on_error":"skip"})")),
              "invalid-value /nodes/0/map/on_error");
    for (const char* name : {"params", "env", "job", "nodes", "secrets", "true", "a-b", "1", ""}) {
        EXPECT_EQ(fault_in(node_with(R"("noop":true,"map":{"over":[1],"as":")" +
                                     std::string(name) + "\"}")),
                  "invalid-value /nodes/0/map/as")
            << name;
    }
}

TEST(Node, OutputsAreReadInOrderOfName) {
    const NodeDef node = node_of(R"("run":["x"],"outputs":{"b":{"as":"jsonl","max_bytes":9},
        "a":{"file":"out/x.json","as":"json"},"c":{"from":"stderr"}})");
    ASSERT_EQ(node.outputs.size(), 3U);
    EXPECT_EQ(node.outputs[0].name, "a");
    EXPECT_EQ(node.outputs[0].source, OutputSource::file);
    EXPECT_EQ(node.outputs[0].file, "out/x.json");
    EXPECT_EQ(node.outputs[0].format, OutputFormat::json);
    EXPECT_EQ(node.outputs[1].format, OutputFormat::jsonl);
    EXPECT_EQ(node.outputs[1].max_bytes, 9);
    EXPECT_EQ(node.outputs[2].source, OutputSource::standard_error);
}

TEST(Node, OddOutputsAreRefused) {
    const auto with_output = [](const char* output) {
        return fault_in(node_with(R"("run":["x"],"outputs":{"o":)" + std::string(output) + "}"));
    };
    EXPECT_EQ(with_output(R"({"as":"sarif"})"), "not-supported /nodes/0/outputs/o/as");
    EXPECT_EQ(with_output(R"({"from":"file"})"), "invalid-value /nodes/0/outputs/o");
    EXPECT_EQ(with_output(R"({"from":"stdout","file":"x"})"), "invalid-value /nodes/0/outputs/o");
    EXPECT_EQ(with_output(R"({"file":"../x"})"), "invalid-value /nodes/0/outputs/o/file");
    EXPECT_EQ(with_output(R"({"max_bytes":0})"), "out-of-range /nodes/0/outputs/o/max_bytes");
    EXPECT_EQ(with_output(R"({"format":"json"})"), "unknown-field /nodes/0/outputs/o/format");
    EXPECT_EQ(fault_in(node_with(R"("run":["x"],"outputs":{"a.b":{}})")),
              "invalid-value /nodes/0/outputs/a.b");
}

TEST(Node, WhatIsNotServedYetSaysSo) {
    for (const char* key : {"runner", "concurrency_key", "amqp"}) {
        EXPECT_EQ(fault_in(node_with("\"noop\":true,\"" + std::string(key) + "\":{}")),
                  "not-supported /nodes/0/" + std::string(key));
    }
    EXPECT_EQ(fault_in(node_with(R"("noop":true,"on_failure":"fallback_strategy")")),
              "missing-field /nodes/0/on_failure");
    EXPECT_EQ(fault_in(node_with(R"("noop":true,"on_failure":"ignore")")),
              "invalid-value /nodes/0/on_failure");
}

TEST(Node, JobWideThingsTimesNodesAreBounded) {
    Json nodes = Json::array();
    for (int i = 0; i < 20000; ++i) {
        Json node = parse_json(R"({"run":["x"]})").value();
        node.set("id", "n" + std::to_string(i));
        nodes.push(std::move(node));
    }
    Json json = Json::object();
    json.set("nodes", std::move(nodes));
    Json env = Json::object();
    env.set("A", std::string(10000, 'x'));
    json.set("env", std::move(env));
    const auto definition = parse_definition(json, "");
    ASSERT_FALSE(definition);
    EXPECT_EQ(definition.error().problem, Problem::dag_too_large);
}

}  // namespace
}  // namespace attacca::core
