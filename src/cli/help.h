// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "cli/table.h"

// Help as text, at most 80 columns wide, made from the table. Pure.

namespace attacca::cli {

[[nodiscard]] std::string overall_help();
[[nodiscard]] std::string command_help(const CommandSpec& command);
// The commands that begin with a word, such as "jobs".
[[nodiscard]] std::string prefix_help(std::string_view prefix);
// A command, a prefix, a topic or an error code (`E_DAG_CYCLE`). Errors: not_found, with a
// suggestion.
[[nodiscard]] Result<std::string> subject_help(std::string_view subject);

}  // namespace attacca::cli
