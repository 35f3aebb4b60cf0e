// SPDX-License-Identifier: Apache-2.0
#include <string>

#include "core/graph/definition_graph.h"

// `fallback: ID`: the node that runs when another one has failed for good. It needs that one, and
// what needs that one needs it too; while nothing falls back on it, it is skipped and holds nothing
// up.

namespace attacca::core {

bool GraphBuilder::read_fallback(NodeIndex node) {
    const Input input = lists_.at(node);
    const auto id = input.member("fallback");
    const auto action = input.member("on_failure");
    const bool falls_back =
        action && action->json().is_string() &&
        action->json().as_string() == name_of(OnFailure::fallback_strategy);
    if (!id) {
        return !falls_back || faults_.add(*action, Problem::missing_field,
                                          "name the node that runs instead: `fallback: ID`");
    }
    if (!falls_back) {
        return faults_.add(*id, Problem::invalid_value,
                           "`fallback` goes with `on_failure: fallback_strategy`");
    }
    NodeIndex fallback = no_index;
    if (!read_end(*id, fallback)) {
        return false;
    }
    std::vector<NodeDef>& nodes = definition_.nodes;
    if (fallback == node || nodes[fallback].is_fallback) {
        return faults_.add(*id, Problem::invalid_value,
                           "a node is the fallback of one other node, and of no more");
    }
    if (input.member("map") || input.member("matrix")) {
        return faults_.add(*id, Problem::invalid_value,
                           "the items of a map cannot fall back on a node");
    }
    nodes[node].fallback = fallback;
    nodes[fallback].is_fallback = true;
    return add_edge(*id, {node, fallback});
}

bool GraphBuilder::add_fallbacks() {
    const std::size_t own = edges_.size();
    bool has_any = false;
    bool is_read = true;
    for (NodeIndex node = 0; node < definition_.nodes.size() && !faults_.is_full(); ++node) {
        is_read = read_fallback(node) && is_read;
        has_any = has_any || definition_.nodes[node].fallback != no_index;
    }
    for (std::size_t i = 0; has_any && is_read && i < own; ++i) {
        const Edge edge = edges_[i];
        const NodeIndex fallback = definition_.nodes[edge.from].fallback;
        if (fallback != no_index && fallback != edge.to &&
            !add_edge(lists_.at(edge.to), {fallback, edge.to})) {
            return false;
        }
    }
    return is_read;
}

bool GraphBuilder::check_fallbacks() {
    bool is_read = true;
    for (NodeIndex node = 0; node < definition_.nodes.size() && !faults_.is_full(); ++node) {
        const NodeDef& def = definition_.nodes[node];
        const Input input = lists_.at(node);
        if (def.is_fallback && def.fallback != no_index) {
            is_read = faults_.add(input, Problem::invalid_value,
                                  "`" + def.id + "` is a fallback: it has none itself");
        }
        if (def.is_fallback && (def.needs.size() != 1 || input.member("needs_when"))) {
            is_read = faults_.add(input, Problem::invalid_value,
                                  "`" + def.id + "` is a fallback: it needs only the node that "
                                                 "falls back on it");
        }
    }
    return is_read;
}

}  // namespace attacca::core
