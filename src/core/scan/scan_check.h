// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/graph/definition.h"
#include "core/scan/nmap_options.h"

// The gate that every scan passes when all its values are known, before it is dispatched: tool,
// options, targets and scope (G1 and the first half of G2 of scanning.md 3.3).

namespace attacca::core {

inline constexpr std::string_view nmap_name = "nmap";

// The targets in canonical text. Errors: not_supported, tool_argument_rejected,
// target_out_of_scope, invalid_value (of the scope).
[[nodiscard]] Result<std::vector<std::string>> check_scan(const std::optional<ScopeDef>& scope,
                                                          std::string_view tool,
                                                          const ToolOptions& options,
                                                          const std::vector<std::string>& targets);

}  // namespace attacca::core
