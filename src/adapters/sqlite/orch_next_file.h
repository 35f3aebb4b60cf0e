// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/json.h"
#include "base/result.h"

// The tasks of an ORCH-Next database: a foreign file of `user_version` 1 (tasks) or 2 (with
// `metadata` and `result`). It is opened for reading only, beside a process that may still use it,
// and all of it is one state.

namespace attacca::sqlite {

// An array, oldest first: {task_id, core_id, status, priority, timeout, created_at, metadata?},
// with the values as they stand; `metadata` is a text. Errors: not_found, corrupt (no such
// database), invalid_value (another version), io_error.
[[nodiscard]] Result<Json> read_orch_next(const std::string& path);

}  // namespace attacca::sqlite
