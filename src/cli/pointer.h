// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"

// RFC 6901 JSON pointers. Pure.

namespace attacca::cli {

// `/a~1b/0` as {"a/b", "0"}.
[[nodiscard]] std::vector<std::string> pointer_parts(std::string_view pointer);
[[nodiscard]] std::string pointer_child(std::string_view pointer, std::string_view key);
[[nodiscard]] std::string_view pointer_parent(std::string_view pointer);
// What stands there; nullptr when there is nothing.
[[nodiscard]] const Json* value_at(const Json& document, std::string_view pointer);

}  // namespace attacca::cli
