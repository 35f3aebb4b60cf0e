// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/time.h"
#include "core/command.h"
#include "core/state.h"

// What follows from a command: records, effects, an answer. Reads the state, changes nothing, knows
// no clock and draws no random number; a refusal is an answer without records.

namespace attacca::core {

// A worker may ask for a lease of 1 s to 1 h.
inline constexpr std::int64_t lease_ttl_ms_min = 1000;
inline constexpr std::int64_t lease_ttl_ms_max = 3600000;
// How long a worker has to stop when its job is cancelled.
inline constexpr Duration lease_grace = seconds(10);

[[nodiscard]] Decision decide(const State& state, const Command& command, Now now);

// Timers of the jobs in `state`, to be armed after a start: retries, waits, deadlines, held jobs,
// and those of leases, each of which lasts for one whole ttl once more.
[[nodiscard]] std::vector<ArmTimer> timers_of(const State& state, Now now);

// Volatile: chooses what the next Dispatch or Claim starts. To be called just before it is decided.
void choose_next(State& state, bool has_slot, Now now);
void choose_next(State& state, const Claim& claim, Now now);
// Volatile: limits whose instant came hold nothing back any more.
void wake_limits(State& state, Now now);

// The end of this job makes another one, whose id SettleJob has to bring.
[[nodiscard]] bool may_begin_again(const Job& job);

// True when a Dispatch has something to start; `has_slot` as in the command.
[[nodiscard]] bool has_ready(const State& state, bool has_slot);

// Volatile: the worker of this lease was heard of.
void note_heartbeat(State& state, FenceToken fence, Now now);
// True when a job that the schedule started is not done.
[[nodiscard]] bool has_live_job(const State& state, const std::string& schedule);

}  // namespace attacca::core
