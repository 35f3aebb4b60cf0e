// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "cli/graph_layout.h"

// Graphs that the tests of several drawings share.

namespace attacca::cli {

using Edges = std::vector<std::pair<std::size_t, std::size_t>>;

inline Graph made(const std::vector<std::string>& ids, Edges edges) {
    Graph graph;
    graph.name = "example";
    for (const std::string& id : ids) {
        GraphNode node;
        node.id = id;
        node.kind = "run";
        graph.nodes.push_back(std::move(node));
    }
    graph.edges = std::move(edges);
    return graph;
}

inline Graph scan() {
    Graph graph = made({"ports", "checks", "report", "tell"}, {{0, 1}, {1, 2}});
    graph.nodes[0].kind = "scan nmap";
    graph.nodes[1].is_map = true;
    graph.nodes[2].note = "all done";
    graph.nodes[3].is_finally = true;
    return graph;
}

inline Graph release() {
    return made({"fetch", "lint", "unit", "build", "package", "deploy"},
                {{0, 1}, {0, 2}, {0, 3}, {1, 4}, {2, 4}, {3, 4}, {0, 5}, {4, 5}});
}

inline Graph crossed() {
    return made({"a", "b", "c", "d", "e", "f"},
                {{0, 4}, {1, 3}, {0, 3}, {2, 3}, {2, 5}, {1, 5}});
}

}  // namespace attacca::cli
