// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/result.h"
#include "cli/environment.h"

namespace attacca::verify {

// Verifies what stands at the path: a data directory, a bundle's archive, or the directory that it
// was unpacked to. Changes nothing.
// Errors: those of verify_directory(); invalid_value, when it is no bundle at all; io_error.
[[nodiscard]] Result<cli::VerifyReport> verify_path(const std::string& path,
                                                    const cli::VerifyOptions& options);

}  // namespace attacca::verify
