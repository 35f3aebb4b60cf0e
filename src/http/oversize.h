// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>

// Refusing what is far too large before a tree of it is built: a million nodes cost a second to
// parse and some milliseconds to count (reliability.md 3, row 16).

namespace attacca::http {

// Whether some array that is the value of a key `nodes` has more than `elements_max` elements.
// One pass over the bytes; of text that is no JSON it says anything.
[[nodiscard]] bool has_more_nodes(std::string_view json, std::size_t elements_max);

}  // namespace attacca::http
