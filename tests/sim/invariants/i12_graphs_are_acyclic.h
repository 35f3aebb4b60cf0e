// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <set>
#include <vector>

#include "core/graph/definition.h"
#include "invariants/violations.h"

// I12: every stored graph is acyclic, with existing and unique node ids.

namespace attacca::sim {

inline void check_graph(Violations& violations, const core::Definition& definition) {
    std::set<std::string> ids;
    std::vector<std::size_t> open_needs;
    std::vector<core::NodeIndex> free;
    for (const core::NodeDef& node : definition.nodes) {
        if (!ids.insert(node.id).second) {
            violations.report("I12", "two nodes are called " + node.id);
        }
        if (node.needs.empty()) {
            free.push_back(static_cast<core::NodeIndex>(open_needs.size()));
        }
        open_needs.push_back(node.needs.size());
    }
    std::size_t reached = 0;
    while (!free.empty()) {
        const core::NodeIndex node = free.back();
        free.pop_back();
        ++reached;
        for (const core::NodeIndex dependent : definition.nodes[node].dependents) {
            if (dependent >= open_needs.size() || open_needs[dependent] == 0) {
                violations.report("I12", "an edge leads to no node");
                return;
            }
            if (--open_needs[dependent] == 0) {
                free.push_back(dependent);
            }
        }
    }
    if (reached != definition.nodes.size()) {
        violations.report("I12", "the stored graph has a cycle");
    }
}

}  // namespace attacca::sim
