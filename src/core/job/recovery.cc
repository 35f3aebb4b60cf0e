// SPDX-License-Identifier: Apache-2.0
#include "core/job/recovery.h"

#include <cstdint>

#include "base/check.h"
#include "core/job/flow.h"

namespace attacca::core {
namespace {

// What depends on it goes on as if its `if` had been false.
void leave_out(State& state, Job& job, InstanceIndex instance) {
    finish_instance(state, job, instance, NodeState::skipped, true);
}

// The outcomes that the server decides about a worker's attempt by itself.
bool is_without_report(Outcome outcome) {
    return outcome == Outcome::lost || outcome == Outcome::timeout;
}

}  // namespace

void note_loss(Instance& instance, const AttemptEnded& ended, bool is_remote) {
    const bool is_lost = ended.outcome == Outcome::lost;
    const bool is_free = (is_lost && !is_remote) || ended.outcome == Outcome::stopped;
    instance.lost = static_cast<std::uint16_t>(instance.lost + (is_free ? 1 : 0));
    const bool is_counted = is_lost && instance.crashes < UINT8_MAX;
    instance.crashes = static_cast<std::uint8_t>(instance.crashes + (is_counted ? 1 : 0));
    instance.parked = ended.parked;
    instance.is_halted = false;
    instance.is_given_up = is_remote && is_without_report(ended.outcome);
}

void halt_running(State& state, Job& job) {
    for (InstanceIndex i = 0; i < job.instances.size(); ++i) {
        if (job.instances[i].state == NodeState::running) {
            job.instances[i].is_halted = true;
            state.mark_dirty(job, i);
        }
    }
}

NodeState end_of(Outcome outcome) {
    switch (outcome) {
        case Outcome::succeeded: return NodeState::succeeded;
        case Outcome::stopped:
        case Outcome::cancelled: return NodeState::cancelled;
        case Outcome::failed:
        case Outcome::timeout:
        case Outcome::lost:
        case Outcome::error: return NodeState::failed;
    }
    ATTACCA_CHECK(false);
}

void end_or_recover(State& state, Job& job, InstanceIndex instance, NodeState end) {
    switch (job.recovery_of(job.instances[instance], end)) {
        case OnFailure::skip_node: leave_out(state, job, instance); return;
        case OnFailure::fallback_strategy:
            job.instances[instance].has_fallen_back = true;
            leave_out(state, job, instance);
            return;
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
        case OnFailure::abort_execution: finish_instance(state, job, instance, end); return;
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
