// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "ports/seal_keys.h"
#include "ports/store.h"

// What a request for a rerun asks for, and what of the old job it keeps.

namespace attacca::http {

// `body`: empty, or {"nodes"?: [ids], "only"?: bool}. Without `nodes` it is what did not succeed.
// Returns the text of core/job/kept.h. Precondition: the row is final.
// Errors: those of JSON; unknown_field, wrong_type, not_found, invalid_value, state_conflict;
// erased, corrupt, io_error.
[[nodiscard]] Result<std::string> kept_for_rerun(ports::StoreReader& reader,
                                                 ports::SealKeys* keys,
                                                 const ports::JobRow& row,
                                                 std::string_view body);

}  // namespace attacca::http
