// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/result.h"
#include "core/job/record.h"
#include "core/state.h"

// Locks of nodes. An attempt holds its lock from its start to its end; its record names it. An
// instance that is chosen while its lock is taken leaves the ready queue, and others of its job may
// go on; when the lock is free, the first of those that wait is let back, and nobody takes the lock
// before it.

namespace attacca::core {

// An attempt began, or ended. Called by apply.
void note_lock(State& state, Job& job, InstanceIndex instance, const AttemptStarted& started);
// Precondition: the fence token is still that of the attempt.
void note_unlock(State& state, Instance& instance);

// The chosen entry finds its lock taken: it waits for that now, and true is returned.
bool wait_for_lock(State& state, const ReadyEntry& entry);
// As render_lock(): of what was chosen just now it is known already.
[[nodiscard]] Result<std::string> lock_at_start(const State& state, const Job& job,
                                                InstanceIndex instance);

// An entry leaves the ready queue without a start: what it was offered goes to the next one.
void drop_offer(State& state, ReadyQueue::Handle entry);
// Lets the next ones of free locks into the ready queue. Again and again: after records, and before
// something is chosen.
void offer_locks(State& state);

// After a start nobody waits yet: whoever is chosen finds out.
void rebuild_locks(State& state);

// What the instance's lock waits for. Nothing: it is free, or there is none.
struct LockWait {
    std::string lock;
    const LockHolder* holder = nullptr;  // null: another one is about to take it
    std::uint32_t before = 0;          // that wait before it, lock_wait_max at most
};
inline constexpr std::uint32_t lock_wait_max = 1000;
[[nodiscard]] std::optional<LockWait> lock_wait_of(const State& state, const Job& job,
                                                   InstanceIndex instance);

}  // namespace attacca::core
