// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/graph/definition_graph.h"

// Private to definition*.cc.

namespace attacca::core {

// Fills in Definition::task_kinds and stay_lanes. What could never be let in is refused here, where
// it stands; what is stored was let in by the rules of its day and is not limited. Faults:
// out_of_range, at the first node that asks for more than task_kinds_max on its lane.
[[nodiscard]] bool gather_task_kinds(const NodeLists& lists, bool is_limited,
                                     Definition& definition, Faults& faults);

}  // namespace attacca::core
