// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include "adapters/spawner/fd.h"
#include "base/result.h"
#include "ports/clock.h"

// The process that starts and ends all others. It is forked off the server before the server has a
// thread, a database or much memory, because only then a fork is cheap and safe.
//
// It leads a session of its own, so a terminal's interrupt does not reach it, and blocks every
// signal that asks it to end: it lives until the server's end of the socket is closed. Then, also
// when the server was killed, it kills every process of every attempt, reaps them and exits; only
// after that its copy of the data directory's lock is gone.

namespace attacca::spawner {

struct SpawnerHandle {
    Fd socket;  // closing it ends the spawner
    pid_t pid = 0;
};

// Forks the spawner, which inherits `lock_fd` (-1: none) and nothing else but standard error.
// Precondition: the process has one thread. Errors: io_error.
[[nodiscard]] Result<SpawnerHandle> launch_spawner(int lock_fd, const ports::Clock& clock);

// The main function of the spawner process; its exit status.
[[nodiscard]] int run_spawner(Fd socket, const ports::Clock& clock);

// Waits until the spawner has ended. Close the socket first.
void wait_for_spawner(pid_t pid);

}  // namespace attacca::spawner
