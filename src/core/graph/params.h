// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "core/graph/input.h"

// The parameters that a definition declares:
// `name: {type, items, default, required, enum, pattern, minimum, maximum, description}`.

namespace attacca::core {

// Checks the declarations and their defaults; `names` gets the declared names. Faults: wrong_type,
// unknown_field, not_supported, invalid_value, out_of_range.
[[nodiscard]] bool check_params(const Input& declarations,
                                std::vector<std::string>& names,
                                Faults& faults);

// A value that came as text, as from a command line (`-p name=value`): read by the declared type.
// A list is JSON text, or items separated by commas. Without a declaration it is a string.
// Errors: invalid_value. bind_params() checks the rest.
[[nodiscard]] Result<Json> param_of_text(const Json& declarations,
                                         std::string_view name,
                                         std::string_view text);

}  // namespace attacca::core
