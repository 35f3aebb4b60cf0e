// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "core/state.h"

// What a lock or a half-open breaker lets back into the queue is offered something that nobody else
// may have until it starts. A kept lane does not give it out, so it stands aside until the lane is
// released, and the next one is offered that. Volatile, called by apply and where the queue is
// tended.

namespace attacca::core {

// A task whose lane is kept for somebody else.
[[nodiscard]] bool is_shut_out(const State& state, const Job& job, InstanceIndex instance);

// Precondition: is_shut_out(). It leaves the queue, if it stands there, and what it was offered.
void stand_aside(State& state, const ReadyEntry& entry);

// The lane's record was applied: what is offered to those that it shuts out goes to others, or they
// come back; and who waits for its work may look again.
void note_lane(State& state, const std::string& entity);

}  // namespace attacca::core
