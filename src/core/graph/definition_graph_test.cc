// SPDX-License-Identifier: Apache-2.0
#include "core/graph/definition_graph.h"

#include <gtest/gtest.h>

#include <string>

#include "core/graph/sample_definition.h"

namespace attacca::core {
namespace {

// Nodes n0 … of which each needs what `needs_of` says.
template <typename NeedsOf>
std::string graph_of(std::size_t count, NeedsOf needs_of) {
    std::string out = R"({"nodes":[)";
    for (std::size_t i = 0; i < count; ++i) {
        out += i == 0 ? "" : ",";
        out += R"({"id":"n)" + std::to_string(i) + R"(","type":"noop")" + needs_of(i) + "}";
    }
    return out + "]}";
}

std::string need(std::size_t i) {
    return R"(,"needs":["n)" + std::to_string(i) + R"("])";
}

TEST(Graph, ACycleIsNamed) {
    const std::string json = R"({"nodes":[{"id":"a","noop":true},{"id":"b","noop":true},
        {"id":"c","noop":true}],"edges":[{"from":"a","to":"b"},{"from":"b","to":"c"},
        {"from":"c","to":"a"}]})";
    EXPECT_EQ(fault_in(json), "dag-cycle /edges/2");
    EXPECT_EQ(detail_in(json), "a -> b -> c -> a");
}

TEST(Graph, ACycleOfNeedsPointsIntoTheNeeds) {
    const std::string json = R"({"nodes":{"x":{"noop":true},
        "b":{"noop":true,"needs":["x","c"]},"c":{"noop":true,"needs":["b"]},
        "d":{"noop":true,"needs":["c"]}}})";
    EXPECT_EQ(fault_in(json), "dag-cycle /nodes/b/needs/1");
    EXPECT_EQ(detail_in(json), "b -> c -> b");
}

TEST(Graph, ANodeThatNeedsItselfIsACycle) {
    EXPECT_EQ(fault_in(node_with(R"("noop":true,"needs":["a"])")), "dag-cycle /nodes/0/needs/0");
    EXPECT_EQ(detail_in(node_with(R"("noop":true,"needs":["a"])")), "a -> a");
}

TEST(Graph, ALongCycleIsCut) {
    const std::string json = graph_of(1000, [](std::size_t i) { return need((i + 999) % 1000); });
    EXPECT_EQ(fault_in(json), "dag-cycle /nodes/0/needs/0");
    EXPECT_NE(detail_in(json).find("n19 -> … (1000 nodes) -> n0"), std::string::npos);
}

TEST(Graph, ADuplicateIdNamesBothPlaces) {
    for (const char* second : {"a", "A"}) {
        const auto definition = definition_of(R"({"nodes":[{"id":"a","noop":true},
            {"id":"b","noop":true},{"id":")" + std::string(second) + R"(","noop":true}]})");
        ASSERT_FALSE(definition);
        EXPECT_EQ(definition.error().problem, Problem::dag_duplicate_node);
        ASSERT_EQ(definition.error().fields.size(), 2U);
        EXPECT_EQ(definition.error().fields[0].pointer, "/nodes/2");
        EXPECT_EQ(definition.error().fields[1].pointer, "/nodes/0");
    }
    EXPECT_EQ(fault_in(R"({"nodes":{"a":{"noop":true}},"finally":{"a":{"noop":true}}})"),
              "dag-duplicate-node /finally/a");
}

TEST(Graph, UnknownIdsAreRefusedWithTheNearestOne) {
    EXPECT_EQ(fault_in(node_with(R"("noop":true,"needs":["b"])")),
              "dag-unknown-node /nodes/0/needs/0");
    const std::string json = R"({"nodes":[{"id":"ports","noop":true}],
                                "edges":[{"from":"prots","to":"ports"}]})";
    EXPECT_EQ(fault_in(json), "dag-unknown-node /edges/0/from");
    EXPECT_EQ(detail_in(json), "there is no node `prots`; did you mean `ports`?");
    EXPECT_EQ(fault_in(R"({"nodes":[{"id":"a","noop":true}],"edges":[{"from":"a","to":"A"}]})"),
              "dag-unknown-node /edges/0/to");
}

TEST(Graph, EdgesHaveTwoEndsAndNoMore) {
    const auto with_edge = [](const char* edge) {
        return fault_in(R"({"nodes":[{"id":"a","noop":true}],"edges":[)" + std::string(edge) +
                        "]}");
    };
    EXPECT_EQ(with_edge(R"({"from":"a"})"), "missing-field /edges/0");
    EXPECT_EQ(with_edge(R"({"from":"a","to":3})"), "wrong-type /edges/0/to");
    EXPECT_EQ(with_edge(R"({"source":"a","to":"a"})"), "unknown-field /edges/0/source");
    EXPECT_EQ(with_edge(R"(["a","a"])"), "wrong-type /edges/0");
}

TEST(Graph, EmptyAndOversizeGraphsAreRefused) {
    EXPECT_EQ(fault_in(R"({"nodes":[]})"), "dag-empty /nodes");
    EXPECT_EQ(fault_in(R"({"nodes":{}})"), "dag-empty /nodes");
    Json nodes = Json::array();
    nodes.as_array().resize(nodes_max + 1);  // not even looked at
    const auto large = parse_definition(Json(Json::Object{{"nodes", nodes}}), "");
    EXPECT_EQ(large.error().problem, Problem::dag_too_large);
    EXPECT_NE(large.error().detail.find("100000"), std::string::npos);
    Json edges = Json::array();
    edges.as_array().resize(edges_max + 1);
    Json json = parse_json(R"({"nodes":[{"id":"a","noop":true}]})").value();
    json.set("edges", std::move(edges));
    EXPECT_EQ(parse_definition(json, "").error().problem, Problem::dag_too_large);
}

TEST(Graph, FanInIsLimitedAndFanOutIsNot) {
    const auto fan_in = [](std::size_t count) {
        std::string needs = R"(,"needs":[)";
        for (std::size_t i = 0; i < count; ++i) {
            needs += (i == 0 ? "\"n" : ",\"n") + std::to_string(i) + "\"";
        }
        return graph_of(count + 1, [&](std::size_t i) { return i == count ? needs + "]" : ""; });
    };
    EXPECT_EQ(fault_in(fan_in(4096)), "");
    EXPECT_EQ(fault_in(fan_in(4097)), "dag-fan-limit /nodes/4097");
    EXPECT_EQ(fault_in(graph_of(10000, [](std::size_t i) { return i > 0 ? need(0) : ""; })), "");
}

TEST(Graph, FinallyNodesNeedFinallyNodesOnly) {
    EXPECT_EQ(fault_in(R"({"nodes":[{"id":"a","noop":true}],
                           "finally":[{"id":"y","noop":true,"needs":["a"]}]})"),
              "invalid-value /finally/0/needs/0");
    EXPECT_EQ(fault_in(R"({"nodes":[{"id":"a","noop":true,"needs":["y"]}],
                           "finally":[{"id":"y","noop":true}]})"),
              "invalid-value /nodes/0/needs/0");
    EXPECT_EQ(fault_in(R"({"nodes":[{"id":"a","noop":true}],
        "finally":[{"id":"y","noop":true},{"id":"z","noop":true,"needs":["y"]}]})"),
              "");
}

TEST(Graph, IdsFollowTheRule) {
    const auto with_id = [](std::string_view id) {
        return fault_in(R"({"nodes":[{"noop":true,"id":")" + std::string(id) + "\"}]}");
    };
    EXPECT_EQ(with_id("A_b-9"), "");
    EXPECT_EQ(with_id(std::string(63, 'x')), "");
    for (const std::string& id : {std::string(), std::string(64, 'x'), std::string("9a"),
                                  std::string("-a"), std::string("a b"), std::string("a.b"),
                                  std::string("é"), std::string("a/../b")}) {
        EXPECT_EQ(with_id(id), "invalid-value /nodes/0/id") << id;
    }
    EXPECT_EQ(fault_in(R"({"nodes":{"a":{"id":"b","noop":true}}})"), "invalid-value /nodes/a/id");
    EXPECT_EQ(fault_in(R"({"nodes":{"a":{"id":"a","noop":true}}})"), "");
}

TEST(Graph, AChainOf100000NodesIsReadAndLoaded) {
    const std::string json =
        graph_of(nodes_max, [](std::size_t i) { return i > 0 ? need(i - 1) : std::string(); });
    const auto definition = definition_of(json).value();
    EXPECT_EQ(definition.nodes[nodes_max - 1].needs, (std::vector<NodeIndex>{nodes_max - 2}));
    const auto loaded = load_definition(definition.body).value();
    EXPECT_EQ(loaded.digest, definition.digest);
    EXPECT_EQ(loaded.find("n99999"), nodes_max - 1);
}

TEST(Graph, AWideGraphOf100000NodesIsRead) {
    const std::string json = graph_of(nodes_max, [](std::size_t i) {
        return i > 100 ? R"(,"needs":["n)" + std::to_string(i % 100) + "\",\"n" +
                             std::to_string(i % 99) + R"("])"
                       : std::string();
    });
    const auto definition = definition_of(json).value();
    EXPECT_EQ(definition.nodes[0].dependents.size(), 1997U);
}

TEST(Graph, IdsAreOrderedWithoutRegardToCase) {
    EXPECT_EQ(compare_ids("abc", "ABC"), 0);
    EXPECT_LT(compare_ids("ab", "ABC"), 0);
    EXPECT_GT(compare_ids("b", "Abc"), 0);
    EXPECT_GT(compare_ids("a", "_"), 0);
}

}  // namespace
}  // namespace attacca::core
