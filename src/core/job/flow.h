// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "core/state.h"

// What follows by itself inside a job: nodes become ready, are skipped, maps finish, the `finally`
// nodes begin. Called by apply only, so that live running and replay derive the same.
//
// Everything here is iterative and costs O(out-degree) for each node that ends.

namespace attacca::core {

// Starts the main nodes that need nothing.
void begin_main(State& state, Job& job);

// An instance reached its final node state. Derives all that follows. `is_by_if`: of a skipped one,
// that it holds nothing up.
void finish_instance(State& state,
                     Job& job,
                     InstanceIndex instance,
                     NodeState end,
                     bool is_by_if = false);

// Appends the items of a map and releases the first of them.
void expand_map(State& state,
                Job& job,
                NodeIndex node,
                std::uint32_t count,
                std::shared_ptr<const Json> items);

// An attempt ended and will be tried again.
void begin_retry(State& state, Job& job, InstanceIndex instance, WallTime due_at);

// The attempt of an instance started: it leaves the ready queue.
void take_from_queue(State& state, Job& job, InstanceIndex instance);

// The retry's time has come: the instance may stand in the queue again. Volatile.
void enqueue_due(State& state, Job& job, InstanceIndex instance);

// It was held back, and is no more: it may stand in the queue again. Volatile.
void offer_again(State& state, Job& job, InstanceIndex instance);
// It leaves the queue without a start. Volatile.
void leave_queue(State& state, Job& job, InstanceIndex instance);

// Cancels everything that has not started; what runs goes on until its attempt ends.
void cancel_pending(State& state, Job& job, bool is_with_finally);

// Paused, resumed, or its scheduled time came.
void withdraw_ready(State& state, Job& job);
void release_ready(State& state, Job& job);

}  // namespace attacca::core
