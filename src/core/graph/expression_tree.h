// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "core/graph/expression.h"

// The parsed form of an expression: a flat vector of nodes in postfix order, which a machine with
// a stack runs from front to back. `&&` and `||` skip forward; nothing jumps backwards, so a run
// takes at most as many steps as there are nodes. Private to expression*.cc.

namespace attacca::core {

// Brackets, parentheses and negations within one another.
inline constexpr int expression_depth_max = 64;
inline constexpr std::size_t pattern_bytes_max = 1024;

enum class Op : std::uint8_t {
    constant,       // pushes constants[argument]
    load,           // pushes root.member of references[argument]
    member,         // replaces the top by its member constants[argument]
    index,          // pops the index, replaces the top by its element or member
    list,           // pops `argument` values, pushes them as an array
    negate,         // these replace the top, or the two on top, by a boolean
    to_boolean,
    equal,
    not_equal,
    less,
    less_equal,
    greater,
    greater_equal,
    skip_if_false,  // top is false: replaces it by `false` and goes on at `argument`; else pops it
    skip_if_true,
    call,           // pops the arguments of functions[argument], pushes the result
};

struct Operation {
    Op op = Op::constant;
    std::uint32_t argument = 0;
};

enum class Function : std::uint8_t {
    length,
    contains,
    starts_with,
    matches,
    default_,
    to_json,
    from_json,
    join,
    succeeded,
    failed,
    always,
};

struct FunctionRow {
    std::string_view name;
    std::size_t arity;
};

// In the order of Function.
inline constexpr std::array function_rows = {
    FunctionRow{"length", 1},    FunctionRow{"contains", 2}, FunctionRow{"starts_with", 2},
    FunctionRow{"matches", 2},   FunctionRow{"default", 2},  FunctionRow{"to_json", 1},
    FunctionRow{"from_json", 1}, FunctionRow{"join", 2},     FunctionRow{"succeeded", 0},
    FunctionRow{"failed", 0},    FunctionRow{"always", 0},
};

struct ExpressionProgram {
    std::vector<Operation> operations;
    std::vector<Json> constants;
    std::vector<Reference> references;
};

struct Expression::Tree {
    ExpressionProgram program;
};

// Where a text ends that begins inside `${{`: the offset of the `}}` that is in no string literal.
[[nodiscard]] std::optional<std::size_t> find_closing_braces(std::string_view text,
                                                             std::size_t from);

}  // namespace attacca::core
