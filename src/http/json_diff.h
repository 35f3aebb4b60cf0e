// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/json.h"

namespace attacca::http {

// What differs between two documents: an array of {pointer, from?, to?} in the order of the first
// one, then of what is new. Elements of arrays that are objects with an `id` are matched by it,
// others by their position.
[[nodiscard]] Json json_diff(const Json& from, const Json& to);

}  // namespace attacca::http
