// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "base/result.h"

// The name of an artifact: a relative path below the directory of its attempt, when it is made, and
// no path at all afterwards, only a name. Whoever unpacks a job's files may still use it as one, so
// nothing that could lead elsewhere is let in.

namespace attacca::core {

inline constexpr std::size_t artifact_name_bytes_max = 255;

// Errors: artifact_name.
[[nodiscard]] Result<void> check_artifact_name(std::string_view name);

}  // namespace attacca::core
