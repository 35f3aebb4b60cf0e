// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <variant>

#include <sys/types.h>

#include "adapters/spawner/fd.h"
#include "adapters/spawner/message.h"

// One child, from fork to exec. It leads a session and process group of its own, dies with its
// parent, has no capabilities and cannot gain any, has only its own three descriptors and a bounded
// set of limits.
//
// Call it in the spawner only: it forks, so the process must be small and have one thread, with
// every signal blocked (a signal that comes before exec then waits until the child can die of it).

namespace attacca::spawner {

inline constexpr const char* search_path =
    "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

struct StartedChild {
    pid_t pid = 0;
    Fd failure;  // what failed before exec can be read from it once the child has ended
};

[[nodiscard]] std::variant<StartedChild, NotStarted> start_child(const SpawnRequest& request);

// Why an ended child never reached exec; nothing when it did.
[[nodiscard]] std::optional<NotStarted> failure_of(const Fd& failure);

}  // namespace attacca::spawner
