// SPDX-License-Identifier: Apache-2.0
#include "cli/graph_layout.h"

#include <gtest/gtest.h>

#include "cli/sample_graphs.h"

namespace attacca::cli {
namespace {

TEST(GraphLayout, EveryNodeStandsBelowWhatItNeeds) {
    for (const Graph& graph : {scan(), release(), crossed()}) {
        const auto layout = lay_out(graph);
        ASSERT_TRUE(layout);
        for (const auto& [from, to] : graph.edges) {
            EXPECT_LT(layout->vertices[from].layer, layout->vertices[to].layer);
        }
        for (const std::vector<std::size_t>& chain : layout->chains) {
            for (std::size_t i = 0; i + 1 < chain.size(); ++i) {
                EXPECT_EQ(layout->vertices[chain[i]].layer + 1,
                          layout->vertices[chain[i + 1]].layer);
            }
        }
    }
}

TEST(GraphLayout, BoxesOfALayerNeverTouch) {
    const Graph graph = release();
    const auto layout = lay_out(graph);
    ASSERT_TRUE(layout);
    const std::vector<std::int64_t> widths(layout->vertices.size(), 11);
    const std::vector<std::int64_t> centre = centres(*layout, widths, 2);
    for (const std::vector<std::size_t>& layer : layout->layers) {
        for (std::size_t i = 0; i + 1 < layer.size(); ++i) {
            EXPECT_GE(centre[layer[i + 1]] - centre[layer[i]], 13);
        }
    }
    for (const std::int64_t x : centre) {
        EXPECT_GE(x - 5, 0);
    }
}

TEST(GraphLayout, FinallyNodesStandAtTheEnd) {
    const auto layout = lay_out(scan());
    ASSERT_TRUE(layout);
    EXPECT_EQ(layout->vertices[3].layer, 3U);
}

TEST(GraphLayout, ADrawingHasALimit) {
    // One long chain, and from its head an edge to every third node: far more bends than nodes.
    Edges edges;
    std::vector<std::string> ids;
    for (std::size_t i = 0; i < 400; ++i) {
        ids.push_back("n" + std::to_string(i));
        if (i > 0) {
            edges.emplace_back(i - 1, i);
        }
        if (i > 1 && i % 3 == 0) {
            edges.emplace_back(0, i);
        }
    }
    const Graph graph = made(ids, edges);
    EXPECT_EQ(lay_out(graph).error().problem, Problem::dag_too_large);
    EXPECT_EQ(graph_svg(graph).error().problem, Problem::dag_too_large);
    EXPECT_TRUE(graph_text(graph, 100).starts_with("n0 "));
}

}  // namespace
}  // namespace attacca::cli
