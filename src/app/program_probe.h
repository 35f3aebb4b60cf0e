// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

// Other programs of this machine: where they are and which version they say they have.

namespace attacca::app {

// The first executable file of this name in the directories of `path` (the form of $PATH).
[[nodiscard]] std::optional<std::string> find_program(std::string_view name,
                                                      std::string_view path);

// What the program writes in `limit`, at most 64 KiB; its error output counts as well. argv[0] is
// the path. Nothing when it cannot be started or is not done in time, and then it is killed.
[[nodiscard]] std::optional<std::string> output_of(const std::vector<std::string>& argv,
                                                   Duration limit);

// The first thing in a text that looks like a version, `7.93` or `2.0.7`.
[[nodiscard]] std::optional<std::string> version_in(std::string_view text);

}  // namespace attacca::app
