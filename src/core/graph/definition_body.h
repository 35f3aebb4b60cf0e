// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "core/graph/definition_graph.h"
#include "core/graph/definition_parts.h"

// The normalised body of a definition: canonical JSON in which what can be said in two ways is said
// in one. Edges stand as sorted `needs`, durations in their shortest form, `${{ }}` around a whole
// expression is dropped, lists of nodes are arrays, defaults of a node are left out, keys are
// sorted. It is a definition itself, and its own normalised body. Private to definition*.cc.

namespace attacca::core {

struct BodySource {
    const Definition& definition;  // all but body and digest
    const Defaults& defaults;
    const NodeLists& lists;
    const Input& input;  // the definition as it was given
};

[[nodiscard]] std::string body_of(const BodySource& source);

}  // namespace attacca::core
