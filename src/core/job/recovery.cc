// SPDX-License-Identifier: Apache-2.0
#include "core/job/recovery.h"

#include "base/check.h"
#include "core/job/flow.h"

namespace attacca::core {
namespace {

// What depends on it goes on as if its `if` had been false.
void leave_out(State& state, Job& job, InstanceIndex instance) {
    finish_instance(state, job, instance, NodeState::skipped, true);
}

}  // namespace

void end_or_recover(State& state, Job& job, InstanceIndex instance, NodeState end) {
    switch (job.recovery_of(job.instances[instance], end)) {
        case OnFailure::skip_node: leave_out(state, job, instance); return;
        case OnFailure::escalate_manual:
            job.instances[instance].state = NodeState::waiting;
            job.instances[instance].is_escalated = true;
            job.instances[instance].since_at = state.last_at;
            ++job.awaiting;
            state.mark_dirty(job, instance);
            release_ready(state, job);
            return;
        case OnFailure::fail:
        case OnFailure::retry_job:
        case OnFailure::rollback_state:
        case OnFailure::requeue_job:
        case OnFailure::abort_execution:
        case OnFailure::fallback_strategy: finish_instance(state, job, instance, end); return;
    }
    ATTACCA_CHECK(false);
}

void resolve_escalated(State& state, Job& job, InstanceIndex instance, Ruling ruling) {
    if (ruling == Ruling::approved) {
        leave_out(state, job, instance);
    } else {
        finish_instance(state, job, instance, NodeState::failed);
    }
}

}  // namespace attacca::core
