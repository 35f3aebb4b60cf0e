// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "core/graph/definition.h"

// A layered drawing of a definition: every node below what it needs. Pure and deterministic.
//
// An edge that spans several layers is led through one *bend* per layer between, so that each link
// joins neighbours. Orders are found by barycentres, columns by averaging over neighbours. Cost
// O(sweeps × (vertices + links)); the vertices are bounded, because nobody reads a larger drawing.

namespace attacca::cli {

inline constexpr std::size_t drawn_vertices_max = 20'000;
inline constexpr std::size_t bend = static_cast<std::size_t>(-1);

struct GraphNode {
    std::string id;
    std::string kind;  // `run`, `scan nmap`, …
    std::string note;  // `needs_when` other than the default, `if`; for the list form
    bool is_map = false;
    bool is_finally = false;
};

struct Graph {
    std::string name;
    std::vector<GraphNode> nodes;
    std::vector<std::pair<std::size_t, std::size_t>> edges;  // from → to, positions in `nodes`
};

[[nodiscard]] Graph graph_of(const core::Definition& definition, std::string_view name);

struct Vertex {
    std::size_t node = bend;  // position in Graph::nodes, or bend
    std::size_t layer = 0;
    std::vector<std::size_t> above;  // neighbours one layer up, positions in Layout::vertices
    std::vector<std::size_t> below;
};

struct Layout {
    std::vector<Vertex> vertices;                  // the graph's nodes first, in their order
    std::vector<std::vector<std::size_t>> layers;  // vertices from left to right
    // For each edge of the graph, its vertices from above to below.
    std::vector<std::vector<std::size_t>> chains;
};

// Precondition: the graph has no cycle. Errors: dag_too_large, above drawn_vertices_max.
[[nodiscard]] Result<Layout> lay_out(const Graph& graph);

// The centre of each vertex, so that boxes of `widths` stand at least `gap` apart; the leftmost
// edge is at 0. Precondition: one width per vertex, each odd.
[[nodiscard]] std::vector<std::int64_t> centres(const Layout& layout,
                                                std::span<const std::int64_t> widths,
                                                std::int64_t gap);

// In box characters when that fits into `width` columns, else as a list.
[[nodiscard]] std::string graph_text(const Graph& graph, std::size_t width);
[[nodiscard]] std::string graph_list(const Graph& graph);
[[nodiscard]] std::string graph_mermaid(const Graph& graph);
// Errors: dag_too_large.
[[nodiscard]] Result<std::string> graph_svg(const Graph& graph);
[[nodiscard]] Json graph_json(const Graph& graph);

}  // namespace attacca::cli
