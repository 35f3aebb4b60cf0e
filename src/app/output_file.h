// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "cli/environment.h"

namespace attacca::app {

// A file that a person asked for, written beside its name and moved there at the end.
// Errors: locked when the file exists and `is_replacing` is false; io_error.
[[nodiscard]] Result<std::unique_ptr<cli::OutputFile>> create_user_file(const std::string& path,
                                                                        bool is_replacing);

}  // namespace attacca::app
