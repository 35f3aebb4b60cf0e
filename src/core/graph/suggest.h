// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>

// "Did you mean …?" for names that people mistype.

namespace attacca::core {

// The candidate nearest to `name`, or empty when none is near: at most a third of the name's
// letters differ (insertions, deletions, replacements, swaps; case does not count). The first one
// wins.
[[nodiscard]] std::string_view nearest(std::string_view name,
                                       std::span<const std::string_view> candidates);

// "; did you mean `x`?", or nothing.
[[nodiscard]] std::string suggestion(std::string_view name,
                                     std::span<const std::string_view> candidates);

}  // namespace attacca::core
