// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/graph/definition.h"
#include "core/graph/input.h"
#include "core/job/ids.h"
#include "core/scan/scope.h"

// What is common to all parts of a definition while it is read: the faults, and what its
// expressions refer to. Private to definition*.cc.

namespace attacca::core {

using Environment = std::vector<std::pair<std::string, Template>>;  // sorted by name

// An expression reads a node; whether it may is known when all edges are.
struct NodeUse {
    NodeIndex user = no_index;  // no_index: the definition's own outputs
    std::string id;
    std::string pointer;
};

struct Reading {
    Faults faults;
    std::vector<NodeUse> uses;
    NodeIndex user = no_index;
    std::optional<Scope> scope;
    bool is_scope_refused = false;  // there is one, but what it allows is not clear
    std::optional<std::vector<std::string>> params;  // declared names; empty: any name will do
    const FindWorkflow* find = nullptr;  // never null while nodes are read; may be empty
    bool is_stored = false;              // it was accepted before: by the rules of then
    bool is_open = false;                // a workflow stayed unfound
    bool has_found = false;              // a workflow became part of this definition
};

// What the expressions of a place can see besides params and job.
struct Sight {
    bool sees_nodes = true;
    bool sees_env = true;
    std::string_view item = {};  // the map's variable, where there is one
};

// Faults: wrong_type, invalid_value, expression_invalid, not_supported.
[[nodiscard]] bool read_template(const Input& value, Sight sight, Template& out, Reading& reading);
// Every text of a JSON value, however deep, is a template; keys are literal. Faults as above.
[[nodiscard]] bool check_templates(const Input& value, Sight sight, Reading& reading);
// A boolean, or the text of an expression with or without `${{ }}`.
[[nodiscard]] bool read_expression(const Input& value,
                                   Sight sight,
                                   std::optional<Expression>& out,
                                   Reading& reading);
[[nodiscard]] bool read_environment(const Input& value,
                                    Sight sight,
                                    Environment& out,
                                    Reading& reading);

// The text between `${{` and `}}` when the whole text is that; else the text, without the spaces
// around it: two spellings of one expression become one.
[[nodiscard]] std::string_view bare_expression(std::string_view text);

}  // namespace attacca::core
