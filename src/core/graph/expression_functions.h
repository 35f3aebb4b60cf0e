// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include "base/json.h"
#include "base/pattern.h"
#include "base/result.h"
#include "core/graph/expression_tree.h"

// The functions of expressions, and what a run may cost. Private to expression*.cc.

namespace attacca::core {

// No result of a function, and no text that a template yields, is larger.
inline constexpr std::size_t text_bytes_max = 65536;

// An operation costs one step, a value one more for each KiB that it holds.
class Budget {
  public:
    [[nodiscard]] bool charge(std::size_t steps);
    [[nodiscard]] bool charge_for(const Json& value);
    [[nodiscard]] static Error exhausted();

  private:
    std::size_t left_ = static_cast<std::size_t>(expression_steps_max);
};

// "a string", "null", … for messages.
[[nodiscard]] std::string_view type_name_of(const Json& value);

// Precondition: the function takes that many values. Errors: expression_invalid.
[[nodiscard]] Result<Json> call_with_one(Function function, const Json& value, Budget& budget);
[[nodiscard]] Result<Json> call_with_two(Function function, Json a, Json b, Budget& budget);

// The pattern of matches(). Errors: expression_invalid.
[[nodiscard]] Result<Pattern> compile_pattern(const Json& pattern);

// A string as it is, a number or boolean in JSON form; others are an error.
[[nodiscard]] Result<std::string> scalar_text(const Json& value);

}  // namespace attacca::core
