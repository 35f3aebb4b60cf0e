// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "core/graph/definition.h"

// Short ways to definitions and to their faults, for tests.

namespace attacca::core {

[[nodiscard]] inline Result<Definition> definition_of(std::string_view json) {
    return parse_definition(parse_json(json).value(), "");
}

// "slug pointer" of the first fault, or "" when there is none.
[[nodiscard]] inline std::string fault_in(std::string_view json) {
    const auto definition = definition_of(json);
    if (definition) {
        return "";
    }
    const Error& error = definition.error();
    return std::string(slug_of(error.problem)) + " " +
           (error.fields.empty() ? "?" : error.fields[0].pointer);
}

[[nodiscard]] inline std::string detail_in(std::string_view json) {
    const auto definition = definition_of(json);
    return definition ? "" : definition.error().detail;
}

// One node `a`, whose other members are given.
[[nodiscard]] inline std::string node_with(std::string_view members) {
    return R"({"nodes":[{"id":"a",)" + std::string(members) + "}]}";
}

}  // namespace attacca::core
