// SPDX-License-Identifier: Apache-2.0
#include "core/graph/definition.h"

#include <gtest/gtest.h>

#include "base/digest.h"
#include "core/graph/sample_definition.h"

namespace attacca::core {
namespace {

TEST(Definition, TheShortestOneHasANoop) {
    const auto definition = definition_of(R"({"nodes":[{"id":"a","type":"noop"}]})").value();
    ASSERT_EQ(definition.nodes.size(), 1U);
    EXPECT_EQ(definition.nodes[0].id, "a");
    EXPECT_EQ(definition.nodes[0].kind, NodeKind::noop);
    EXPECT_EQ(definition.main_count, 1U);
    EXPECT_EQ(definition.timeout, seconds(3600));
    EXPECT_EQ(definition.parallel, 10U);
    EXPECT_FALSE(definition.scope);
    EXPECT_TRUE(definition.params.is_object());
    EXPECT_EQ(definition.body, R"({"limits":{"parallel":10,"timeout":"1h"},)"
                               R"("nodes":[{"id":"a","noop":true}]})");
    EXPECT_EQ(definition.digest, sha256(definition.body));
}

TEST(Definition, EdgesAndNeedsAreUnited) {
    const auto definition = definition_of(R"({"nodes":[
        {"id":"c","noop":true,"needs":["a"]}, {"id":"a","noop":true}, {"id":"b","noop":true}],
        "edges":[{"from":"b","to":"c"},{"from":"a","to":"c"}]})").value();
    EXPECT_EQ(definition.nodes[0].needs, (std::vector<NodeIndex>{1, 2}));
    EXPECT_EQ(definition.nodes[1].dependents, (std::vector<NodeIndex>{0}));
    EXPECT_EQ(definition.nodes[2].dependents, (std::vector<NodeIndex>{0}));
}

TEST(Definition, NodesMayBeAnObject) {
    const auto definition = definition_of(R"({"nodes":{"b":{"noop":true},"a":{"noop":true,
        "needs":["b"]}},"finally":{"z":{"noop":true}}})").value();
    ASSERT_EQ(definition.nodes.size(), 3U);
    EXPECT_EQ(definition.nodes[0].id, "b");
    EXPECT_TRUE(definition.nodes[2].is_finally);
    EXPECT_EQ(definition.main_count, 2U);
}

TEST(Definition, FindKnowsEveryIdExactly) {
    const auto definition = definition_of(
        R"({"nodes":[{"id":"B","noop":true},{"id":"a_1","noop":true},{"id":"a-1","noop":true}]})")
                                .value();
    EXPECT_EQ(definition.find("B"), 0U);
    EXPECT_EQ(definition.find("a_1"), 1U);
    EXPECT_EQ(definition.find("a-1"), 2U);
    EXPECT_EQ(definition.find("b"), no_index);
    EXPECT_EQ(definition.find(""), no_index);
    EXPECT_EQ(definition.find("z"), no_index);
}

TEST(Definition, LimitsAndDefaultsReachTheNodes) {
    const auto definition = definition_of(R"({
        "nodes":[{"id":"a","run":["true"],"env":{"A":"own"}},
                 {"id":"b","run":"true","timeout":"5s","retry":{"max_attempts":1}}],
        "limits":{"timeout":"90s","parallel":3,"priority":"high"},
        "env":{"A":"job","B":1,"C":"job"},
        "defaults":{"timeout":"1m","retry":{"max_attempts":7},"env":{"C":"inner"}}})").value();
    EXPECT_EQ(definition.timeout, seconds(90));
    EXPECT_EQ(definition.parallel, 3U);
    EXPECT_EQ(definition.priority, Priority::high);
    const NodeDef& a = definition.nodes[0];
    EXPECT_EQ(a.timeout, seconds(60));
    EXPECT_EQ(a.retry.max_attempts, 7U);
    EXPECT_TRUE(a.retry.is_given);
    ASSERT_EQ(a.env.size(), 3U);
    EXPECT_EQ(a.env[0].first + a.env[0].second.text(), "Aown");
    EXPECT_EQ(a.env[1].first + a.env[1].second.text(), "B1");
    EXPECT_EQ(a.env[2].first + a.env[2].second.text(), "Cinner");
    EXPECT_EQ(definition.nodes[1].timeout, seconds(5));
    EXPECT_EQ(definition.nodes[1].retry.max_attempts, 1U);
}

TEST(Definition, EveryIfMayAskForTheEnvironment) {
    const auto definition = definition_of(R"({"env":{"A":"1"},"nodes":[
        {"id":"a","noop":true,"if":"${{ env.A == '1' }}"},{"id":"b","noop":true}]})");
    ASSERT_TRUE(definition) << definition.error().detail;
    ASSERT_EQ(definition->nodes[0].env.size(), 1U);
    EXPECT_TRUE(definition->nodes[1].env.empty());
    const auto stored = load_definition(definition->body);
    ASSERT_TRUE(stored);
    EXPECT_EQ(stored->nodes[0].env.size(), 1U);
}

TEST(Definition, UnknownAndServerOwnedKeysAreToldApart) {
    EXPECT_EQ(fault_in(R"({"node":[]})"), "unknown-field /node");
    EXPECT_EQ(detail_in(R"({"node":[]})"), "`node` is not known here; did you mean `nodes`?");
    EXPECT_EQ(fault_in(R"({"nodes":[],"tenant_id":"x"})"), "read-only-field /tenant_id");
    EXPECT_EQ(fault_in(node_with(R"("noop":true,"status":"done")")),
              "read-only-field /nodes/0/status");
    EXPECT_EQ(fault_in(node_with(R"("noop":true,"depends_on":[])")),
              "unknown-field /nodes/0/depends_on");
    EXPECT_EQ(fault_in(R"({"triggers":{},"nodes":[]})"), "not-supported /triggers");
    EXPECT_EQ(fault_in(R"({"x-mine":{},"nodes":[{"id":"a","noop":true,"x-y":1}]})"), "");
    EXPECT_EQ(fault_in(R"({"limits":{"parralel":3},"nodes":[{"id":"a","noop":true}]})"),
              "unknown-field /limits/parralel");
}

TEST(Definition, PointersBeginWhereTheDefinitionStands) {
    const auto definition =
        parse_definition(parse_json(R"({"nodes":[{"id":"a~/b"}]})").value(), "/3/dag_definition");
    EXPECT_EQ(definition.error().fields[0].pointer, "/3/dag_definition/nodes/0/id");
    EXPECT_EQ(fault_in(R"({"nodes":{"a~/b":{"noop":true}}})"), "invalid-value /nodes/a~0~1b");
}

TEST(Definition, WrongTypesAreRefusedWhereTheyStand) {
    EXPECT_EQ(fault_in("[]"), "wrong-type ");
    EXPECT_EQ(fault_in("{}"), "missing-field ");
    EXPECT_EQ(fault_in(R"({"nodes":3})"), "wrong-type /nodes");
    EXPECT_EQ(fault_in(R"({"nodes":[3]})"), "wrong-type /nodes/0");
    EXPECT_EQ(fault_in(R"({"nodes":[{"id":3}]})"), "wrong-type /nodes/0/id");
    EXPECT_EQ(fault_in(R"({"nodes":[{"noop":true}]})"), "missing-field /nodes/0");
    EXPECT_EQ(fault_in(R"({"nodes":[{"id":"a","noop":true}],"limits":{"parallel":1.5}})"),
              "json-number /limits/parallel");
    EXPECT_EQ(fault_in(R"({"nodes":[{"id":"a","noop":true}],"outputs":[]})"),
              "wrong-type /outputs");
}

TEST(Definition, DurationsAndCountsHaveARange) {
    for (const char* timeout : {"9223372036854775807", "-5", "\"-5s\"", "\"PT1E9H\"", "\"0s\"",
                                "\"366d\"", "\"9223372036854775807s\"", "1.5"}) {
        EXPECT_EQ(fault_in(R"({"nodes":[{"id":"a","noop":true}],"limits":{"timeout":)" +
                           std::string(timeout) + "}}"),
                  "out-of-range /limits/timeout")
            << timeout;
    }
    EXPECT_EQ(fault_in(R"({"nodes":[{"id":"a","noop":true}],"limits":{"parallel":0}})"),
              "out-of-range /limits/parallel");
    EXPECT_EQ(fault_in(R"({"nodes":[{"id":"a","noop":true}],"limits":{"priority":11}})"),
              "out-of-range /limits/priority");
}

TEST(Definition, AStoredBodyComesBackTheSame) {
    const auto first = definition_of(R"({"nodes":[
        {"id":"a","run":["sh","-c","echo",3],"env":{"X":"${{ params.p }}"},"outputs":{"o":{}}},
        {"id":"b","run":"cat","needs":["a"],"if":"${{ nodes.a.outputs.o != '' }}",
         "map":{"over":["x","${{ params.p }}"],"as":"it","key":"${{ it }}","where":"it != 'y'"}}],
        "params":{"p":{"type":"string","default":"v"}},
        "finally":[{"id":"z","wait":{"for":"90s"}}],
        "outputs":{"r":"${{ nodes.a.outputs.o }}"}})").value();
    const auto second = load_definition(first.body).value();
    EXPECT_EQ(second.body, first.body);
    EXPECT_EQ(second.digest, first.digest);
    EXPECT_EQ(second.nodes.size(), first.nodes.size());
    EXPECT_EQ(parse_definition(parse_json(first.body).value(), "")->body, first.body);
}

TEST(Definition, ACorruptBodyIsToldAsSuch) {
    EXPECT_EQ(load_definition("{").error().problem, Problem::corrupt);
    EXPECT_EQ(load_definition("{}").error().problem, Problem::corrupt);
}

}  // namespace
}  // namespace attacca::core
