// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "base/libraries.h"

namespace attacca::sqlite {

// The libraries that this adapter runs with.
[[nodiscard]] std::vector<Library> libraries();

}  // namespace attacca::sqlite
