// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace attacca::core {

// What tasks ask of their worker. Those of one kind wait in one line.
struct TaskKind {
    std::string lane;
    std::vector<std::string> capabilities;  // ascending, each once
    friend auto operator<=>(const TaskKind&, const TaskKind&) = default;
};

// Sets of capabilities on one lane, of all live jobs of a tenant together. A worker that asks for
// work looks at each of them that waits (schedule/ready_queue_lanes.cc), on the one thread that
// decides for all tenants: so there must not be many. Admission holds it (tenant/admission.h).
inline constexpr std::size_t task_kinds_max = 64;

}  // namespace attacca::core
