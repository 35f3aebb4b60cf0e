// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "base/time.h"
#include "core/command.h"
#include "core/state.h"

// What follows from a command: records, effects, an answer. Reads the state, changes nothing, knows
// no clock and draws no random number; a refusal is an answer without records.

namespace attacca::core {

// How long a lease lasts without a heartbeat; local ones renew while the process lives.
inline constexpr std::int64_t local_ttl_ms = 30000;

[[nodiscard]] Decision decide(const State& state, const Command& command, Now now);

// Timers of the jobs in `state`, to be armed after a start: retries, waits, deadlines, held jobs.
[[nodiscard]] std::vector<ArmTimer> timers_of(const State& state, Now now);

// True when a Dispatch has something to start; `has_slot` as in the command.
[[nodiscard]] bool has_ready(const State& state, bool has_slot);

}  // namespace attacca::core
