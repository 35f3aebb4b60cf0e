// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <variant>

#include "cli/environment.h"

namespace attacca::app {

// A YAML text as the commands want it: the document, and the place of each pointer into it.
[[nodiscard]] std::variant<cli::Located, cli::LoadError> load_yaml(std::string_view text);

}  // namespace attacca::app
