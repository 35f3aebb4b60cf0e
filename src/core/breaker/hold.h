// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "core/job/record.h"
#include "core/state.h"

// What breakers do to the queue, and what is noted of calls. All of it volatile: called by apply
// with the times of records, and where the queue is tended.

namespace attacca::core {

// An attempt that a runner or a worker carries out began, or ended.
void note_call(State& state, const Job& job, InstanceIndex instance, WallTime at);
void note_call_end(State& state, const Job& job, InstanceIndex instance, const AttemptEnded& ended,
                   WallTime at);

// The breaker that keeps the instance from starting now; nullptr when none does.
[[nodiscard]] const Breaker* holding_breaker(const State& state, const Job& job,
                                             InstanceIndex instance);

// An entry that was taken from the queue because its breaker holds it: it waits for that, without
// a slot. Other instances of its job may take its place.
void hold_back(State& state, const ReadyEntry& entry, const Breaker& breaker);

// The breaker moved: what it holds may go, or fresh probes are to be found.
void note_breaker(State& state, const std::string& entity);

// Lets as many of what is held go as a half-open breaker wants probes. Again and again, because
// one that was let go may be cancelled or paused before it starts.
void offer_probes(State& state);

// After a start: the live calls, and nothing else.
void rebuild_calls(State& state);

}  // namespace attacca::core
