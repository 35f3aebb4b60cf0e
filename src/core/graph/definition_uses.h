// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "core/graph/definition_graph.h"
#include "core/graph/reading.h"

// An expression may read a node only when that node has ended by then: it is upstream. A finally
// node may read every main node, and the definition's outputs every node. Private to
// definition*.cc.

namespace attacca::core {

// Nodes that are needed directly cost nothing; other upstream nodes are found by sweeps over the
// graph, 64 at a time, and refused when they would cost more than uses_cost_max visits.
// Faults: expression_invalid, dag_too_large.
[[nodiscard]] bool check_uses(const Definition& definition,
                              const std::vector<NodeUse>& uses,
                              GraphBuilder& graph,
                              Faults& faults);

inline constexpr std::size_t uses_cost_max = 100'000'000;

}  // namespace attacca::core
