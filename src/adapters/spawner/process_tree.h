// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include <sys/types.h>

// What /proc tells about the descendants of this process.

namespace attacca::spawner {

// The children of the calling thread, zombies included. Complete when no one else reaps them.
[[nodiscard]] std::vector<pid_t> children_of_self();

// What a process tells by the environment that it was started with.
struct EnvironmentMark {
    bool is_readable = false;            // false in the middle of an exec, and when there is none
    std::optional<std::uint64_t> fence;  // the value of ATTACCA_FENCE
};
[[nodiscard]] EnvironmentMark environment_mark(pid_t pid);

}  // namespace attacca::spawner
