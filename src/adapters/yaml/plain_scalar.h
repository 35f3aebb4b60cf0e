// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/json.h"
#include "base/result.h"

namespace attacca::yaml {

// What an unquoted scalar means by the core schema of YAML 1.2 (section 10.3.2): true and false,
// integers (decimal, 0o17, 0x1F), other numbers, else a string. Errors: json_number, for what no
// JSON number can be: `.inf`, `.nan`, and numbers that are too large.
[[nodiscard]] Result<Json> plain_scalar(const std::string& text);

}  // namespace attacca::yaml
