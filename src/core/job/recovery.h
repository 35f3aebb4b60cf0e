// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/state.h"

// What follows when a node failed for good, and when a person decides about it. Called by apply
// only, like flow.h.

namespace attacca::core {

// What the end of an attempt tells about losses; `is_remote`: it ran at a worker.
void note_loss(Instance& instance, const AttemptEnded& ended, bool is_remote);

// A pause stops what runs: those attempts will begin again.
void halt_running(State& state, Job& job);

[[nodiscard]] NodeState end_of(Outcome outcome);

// The last attempt of an instance ended so. Does what the node's `on_failure` says.
void end_or_recover(State& state, Job& job, InstanceIndex instance, NodeState end);

// A person decided about an escalated instance: it is left out, or it has failed.
void resolve_escalated(State& state, Job& job, InstanceIndex instance, Ruling ruling);

}  // namespace attacca::core
