// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "adapters/system/data_dir.h"
#include "base/result.h"
#include "cli/environment.h"
#include "core/ledger/checkpoint.h"

namespace attacca::verify {

// The key in `keys/ledger.vkey`. Errors: not_found, invalid_value, io_error.
[[nodiscard]] Result<core::NoteKey> load_verifier_key(const system::DataDir& directory);

// Verifies the ledger of a data directory against the key in `keys/ledger.vkey`. Takes no lock and
// changes nothing; a server may go on meanwhile, and what it adds is not looked at.
// A policy that was given must know that key.
// What is wrong with the ledger is in the report. Errors: not_found (there is no ledger),
// bad_configuration (of another version), io_error, corrupt (the file is no database).
[[nodiscard]] Result<cli::VerifyReport> verify_directory(const std::string& data,
                                                         const cli::VerifyOptions& options);

}  // namespace attacca::verify
