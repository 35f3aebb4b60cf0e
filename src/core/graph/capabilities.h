// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "core/graph/input.h"

// What a task needs of its worker, and what a worker has, beside the name of a lane: names like
// `gpu`, of the same form as those of lanes.

namespace attacca::core {

inline constexpr std::size_t task_capabilities_max = 16;
inline constexpr std::size_t worker_capabilities_max = 64;

// The member `capabilities` of an object, where it has one: ascending, each once. Faults:
// wrong_type, out_of_range (more than `most`), invalid_value.
[[nodiscard]] bool read_capabilities(const Input& object, std::size_t most,
                                     std::vector<std::string>& out, Faults& faults);

}  // namespace attacca::core
