// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/result.h"
#include "cli/environment.h"

namespace attacca::verify {

// Verifies the ledger of a data directory against the key in `keys/ledger.vkey`. Takes no lock and
// changes nothing; a server may go on meanwhile, and what it adds is not looked at.
// What is wrong with the ledger is in the report. Errors: not_found (there is no ledger),
// bad_configuration (of another version), io_error, corrupt (the file is no database).
[[nodiscard]] Result<cli::VerifyReport> verify_directory(const std::string& data,
                                                         const cli::VerifyOptions& options);

}  // namespace attacca::verify
