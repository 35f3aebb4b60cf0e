// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/graph/definition.h"
#include "core/graph/input.h"

// The nodes and edges of a definition as a graph: ids, duplicates, limits, cycles. Everything is
// O(nodes + edges), apart from one sort of the ids, and without recursion. Private to
// definition*.cc.

namespace attacca::core {

// Where the nodes stand: two lists, each an array of nodes or an object from id to node.
class NodeLists {
  public:
    // Refuses too many nodes, or none, before anything is built. Faults: wrong_type,
    // missing_field, dag_empty, dag_too_large.
    [[nodiscard]] bool open(const Input& definition, Faults& faults);

    [[nodiscard]] NodeIndex size() const { return main_count() + count_of(finally_); }
    [[nodiscard]] NodeIndex main_count() const { return count_of(nodes_); }
    // The Input refers to this object.
    [[nodiscard]] Input at(NodeIndex node) const;
    // Faults: wrong_type, missing_field, invalid_value.
    [[nodiscard]] bool read_id(NodeIndex node, std::string& out, Faults& faults) const;

  private:
    [[nodiscard]] static NodeIndex count_of(const std::optional<Input>& list);

    std::optional<Input> nodes_;
    std::optional<Input> finally_;
};

// Less than, equal to or greater than 0: the order of ids, letter case ignored.
[[nodiscard]] int compare_ids(std::string_view a, std::string_view b);

class GraphBuilder {
  public:
    // All outlive the builder. The nodes of `definition` have their ids.
    GraphBuilder(const NodeLists& lists, Definition& definition, Faults& faults)
        : lists_(lists), definition_(definition), faults_(faults) {}

    // Fills by_id. Faults: dag_duplicate_node.
    [[nodiscard]] bool index_ids();
    // Fills needs and dependents from `edges` and the nodes' `needs`, and sorts the nodes so that
    // each comes after what it needs. Faults: wrong_type, missing_field, unknown_field,
    // invalid_value, dag_unknown_node, dag_too_large, dag_fan_limit, dag_cycle.
    [[nodiscard]] bool connect(const std::optional<Input>& edges);

    [[nodiscard]] NodeIndex find(std::string_view id);
    // "; did you mean `x`?", or nothing; of a large graph nothing.
    [[nodiscard]] std::string suggestion_for(std::string_view id) const;
    [[nodiscard]] const std::vector<NodeIndex>& order() const { return order_; }

  private:
    struct Edge {
        NodeIndex from;
        NodeIndex to;
    };

    [[nodiscard]] bool read_edges(const Input& edges);
    [[nodiscard]] bool read_edge(const Input& edge);
    [[nodiscard]] bool read_needs(NodeIndex node);
    [[nodiscard]] bool read_end(const Input& id, NodeIndex& out);
    [[nodiscard]] bool add_edge(const Input& at, Edge edge);
    // Each fallback after the node that falls back on it, and before what needs that.
    [[nodiscard]] bool add_fallbacks();
    [[nodiscard]] bool read_fallback(NodeIndex node);
    [[nodiscard]] bool check_fallbacks();
    [[nodiscard]] bool link();
    [[nodiscard]] bool sort_nodes();
    bool refuse_cycle(const std::vector<std::uint32_t>& open_needs);
    [[nodiscard]] std::string pointer_of(Edge edge) const;

    const NodeLists& lists_;
    Definition& definition_;
    Faults& faults_;
    std::vector<Edge> edges_;
    std::optional<Input> edges_input_;
    std::size_t listed_edges_ = 0;  // the first ones of edges_ come from `edges`
    std::vector<NodeIndex> order_;
    NodeIndex guess_ = 0;  // of the next lookup: ids often come in the order of the nodes
};

}  // namespace attacca::core
