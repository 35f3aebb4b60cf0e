// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/graph/input.h"

// Short ways of writing that become ordinary nodes before anything else is read:
//
//   group: {mode, nodes}   each node inside becomes `group_node`; the group itself stays, as a node
//                          that needs all of them and ends as they did
//   matrix: {a: […], …}    a map over the product of its lists, with `include` and `exclude`
//
// So the graph that runs is the one that is shown and stored. Private to definition*.cc.

namespace attacca::core {

struct ExpandedDefinition {
    Json json;
    // Where each node of `json` was written, as pointers; nodes[], then finally[].
    std::vector<std::string> main_places;
    std::vector<std::string> finally_places;

    // The place in what was written for a pointer into `json`. `base` is where that stands.
    [[nodiscard]] std::string written_place(std::string_view base, std::string_view pointer) const;
};

// Nothing when there is nothing to expand, or after a fault. Faults: wrong_type, unknown_field,
// missing_field, invalid_value, out_of_range, dag_empty, dag_too_large, dag_unknown_node.
[[nodiscard]] std::optional<ExpandedDefinition> expand_definition(const Input& definition,
                                                                  Faults& faults);

// The map that a matrix means. Faults: wrong_type, missing_field, invalid_value, out_of_range.
[[nodiscard]] bool map_of_matrix(const Input& matrix, Json& out, Faults& faults);

}  // namespace attacca::core
