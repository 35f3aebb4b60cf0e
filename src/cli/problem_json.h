// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "base/error.h"
#include "base/json.h"

// Errors for programs. Pure.

namespace attacca::cli {

// The HTTP status that goes with a problem; empty where none can: a command line that is wrong, or
// a server that does not answer, never had one.
[[nodiscard]] std::optional<int> wire_status_of(Problem problem);

// One object in the form of the API's errors (RFC 9457), with `exit_status`: what standard error
// gets, as one line, when the answer is to be JSON.
[[nodiscard]] Json problem_json(const Error& error);

}  // namespace attacca::cli
