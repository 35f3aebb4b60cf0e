// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

// Completion scripts for shells, made from the table. Pure.

namespace attacca::cli {

// Precondition: `shell` is bash, zsh or fish.
[[nodiscard]] std::string completion_script(std::string_view shell);

}  // namespace attacca::cli
