// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <utility>
#include <vector>

#include "base/check.h"
#include "core/apply.h"
#include "core/exclusion/turn.h"
#include "core/job/flow.h"

// What moves an instance into or out of the ready queue and derives nothing. See flow.h and
// apply.h.

namespace attacca::core {

void begin_retry(State& state, Job& job, InstanceIndex instance, WallTime due_at) {
    job.instances[instance].state = NodeState::retrying;
    job.instances[instance].due_at = due_at;
    job.instances[instance].since_at = state.last_at;
    state.mark_dirty(job, instance);
    release_ready(state, job);
}

void take_from_queue(State& state, Job& job, InstanceIndex instance) {
    job.instances[instance].is_queued = false;
    if (!job.takes_no_slot(job.instances[instance])) {
        state.count_unready(job);
    }
}

void leave_queue(State& state, Job& job, InstanceIndex instance) {
    ATTACCA_CHECK(job.instances[instance].is_queued);
    job.instances[instance].is_queued = false;
    if (!job.takes_no_slot(job.instances[instance])) {
        --job.active;
        state.count_unready(job);
        state.cancel_ready(job.instances[instance]);
    }
}

void withdraw_ready(State& state, Job& job) {
    std::vector<InstanceIndex> backlog;
    for (InstanceIndex i = 0; i < job.instances.size(); ++i) {
        if (job.instances[i].is_queued) {
            leave_queue(state, job, i);
            backlog.push_back(i);
        }
    }
    backlog.insert(backlog.end(),
                   job.backlog.begin() + static_cast<std::ptrdiff_t>(job.backlog_head),
                   job.backlog.end());
    job.backlog = std::move(backlog);
    job.backlog_head = 0;
}

void note_due(State& state, const FireTimer& timer) {
    Job* job = state.find(timer.job);
    if (job == nullptr) {
        return;
    }
    switch (timer.kind) {
        case FireTimer::Kind::job_start:
            if (job->is_held) {
                job->is_held = false;
                join_line(state, *job);
                release_ready(state, *job);
            }
            return;
        case FireTimer::Kind::retry:
            if (timer.instance < job->instances.size() &&
                job->instances[timer.instance].fence == timer.fence) {
                enqueue_due(state, *job, timer.instance);
            }
            return;
        case FireTimer::Kind::wait_until:
        case FireTimer::Kind::job_deadline:
        case FireTimer::Kind::lease_expiry:
        case FireTimer::Kind::lease_grace:
        case FireTimer::Kind::attempt_timeout:
        case FireTimer::Kind::breaker_probe:
        case FireTimer::Kind::lane_quiet: return;
    }
    ATTACCA_CHECK(false);
}

}  // namespace attacca::core
