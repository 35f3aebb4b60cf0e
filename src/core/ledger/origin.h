// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

// Origins that follow each other. A ledger that was restored from an older copy must not sign
// another tree under the name under which more was signed already, so it goes on under the next
// one: `O`, `O/2`, `O/3`. Its record `ledger_restored` is the border.
//
// Pure.

namespace attacca::core {

// `O/2` after `O`; `O/3` after `O/2`.
[[nodiscard]] std::string next_origin(std::string_view origin);
// Whether `origin` is one of those that may have come before `later`.
[[nodiscard]] bool is_former_origin(std::string_view origin, std::string_view later);

}  // namespace attacca::core
