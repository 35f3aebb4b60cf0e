// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "adapters/yaml/located.h"
#include "base/result.h"

namespace attacca::yaml {

inline constexpr std::size_t yaml_bytes_max = std::size_t{32} << 20U;
// Values that all aliases together may stand for; each 64 bytes of text count as one more.
inline constexpr std::size_t alias_values_max = 100000;

// One document. `fault_at` gets the place of an error. Errors: yaml_syntax, json_encoding,
// json_duplicate_key, json_depth, json_number.
[[nodiscard]] Result<Located> parse_yaml(std::string_view text, Position& fault_at);

}  // namespace attacca::yaml
