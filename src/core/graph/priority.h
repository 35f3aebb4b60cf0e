// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/json.h"
#include "base/result.h"
#include "core/job/states.h"

namespace attacca::core {

// `high`, `medium`, `low`, or a number from 1, the highest, to 10: 1–3, 4–7, 8–10 (kernel.md 4).
// Errors: wrong_type, out_of_range.
[[nodiscard]] Result<Priority> parse_priority(const Json& value);

}  // namespace attacca::core
