// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "cli/environment.h"

namespace attacca::cli {

// The whole program: argv as main() got it, the program's name first. Returns the exit status.
[[nodiscard]] int run_cli(std::span<const char* const> argv, Environment& env);

}  // namespace attacca::cli
