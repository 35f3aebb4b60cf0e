// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/json.h"

// Numbers of JSON compared and scaled exactly, by their digits: core has no floating point.

namespace attacca::core {

[[nodiscard]] bool is_number(const Json& value);

// Precondition: both are numbers.
[[nodiscard]] std::strong_ordering compare_numbers(const Json& a, const Json& b);

// The number times 1000, when that is an integer that fits; precondition: a number.
[[nodiscard]] std::optional<std::int64_t> thousandths(const Json& value);

}  // namespace attacca::core
