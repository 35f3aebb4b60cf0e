// SPDX-License-Identifier: Apache-2.0
#include "core/decide_parts.h"

#include "base/seeded_bug.h"
#include "core/decide.h"
#include "core/job/child.h"
#include "core/job/render.h"

namespace attacca::core {
namespace {

bool runs(const Instance& instance) {
    return instance.state == NodeState::running;
}

// Who cancels, and why.
struct Cancel {
    const State& state;
    CancelCause cause;
    std::string actor;
    Now now;
    WallTime at;
};

bool is_stopped_whole(const Job& job) {
    return job.is_cancelling && (job.is_finally_stopped || job.finally_left == 0);
}

// The cancel of a job, and of the child jobs that its nodes wait for. What runs is stopped and
// reports later, a child tells of its end by itself; any other wait has no process and ends here.
void add_cancel(const Cancel& cancel, const Job& job, Decision& decision) {
    const bool is_with_finally = job.is_cancelling;
    decision.records.push_back(
        job_record(job, cancel.actor, cancel.at, CancelRequested{cancel.cause}));
    for (InstanceIndex i = 0; i < job.instances.size(); ++i) {
        const Instance& instance = job.instances[i];
        if (job.node_of(instance).is_finally && !is_with_finally) {
            continue;
        }
        if (runs(instance) && job.node_of(instance).kind == NodeKind::task) {
            // Its worker learns it by a heartbeat, and then has a while to stop.
            decision.effects.push_back(
                ArmTimer{{FireTimer::Kind::lease_grace, job.id, i, instance.fence},
                         cancel.now.mono + lease_grace});
        } else if (runs(instance) && !ATTACCA_BUG(BUG_CANCEL_LETS_RUN)) {
            decision.effects.push_back(StopAttempt{instance.fence});
        } else if (const Job* child = child_of(cancel.state, job, instance)) {
            if (!is_stopped_whole(*child)) {
                add_cancel(cancel, *child, decision);
            }
        } else if (job.is_waiting(instance)) {
            AttemptEnded ended = end_of_attempt(job, instance);
            ended.outcome = Outcome::cancelled;
            decision.records.push_back(
                job_record(job, engine_actor, cancel.at, std::move(ended)));
        }
    }
}

std::vector<JobState> steps_to(JobState from, JobState to) {
    if (to == JobState::cancelled) {
        return {};
    }
    switch (from) {
        case JobState::queued: return {JobState::scheduled, JobState::running};
        case JobState::scheduled: return {JobState::running};
        case JobState::running:
        case JobState::paused:
        case JobState::completed:
        case JobState::failed:
        case JobState::cancelled: return {};
    }
    ATTACCA_CHECK(false);
}

}  // namespace

Decision cancel_job(const State& state, const CancelJob& command, Now now) {
    const Job* job = state.find(command.job);
    if (job == nullptr || job->tenant != command.tenant) {
        return refuse(Problem::not_live);
    }
    Decision decision;
    if (!is_stopped_whole(*job)) {
        add_cancel({state, CancelCause::user, command.actor, now, record_time(state, now)}, *job,
                   decision);
    }
    return decision;
}

Decision meet_deadline(const State& state, const Job& job, Now now) {
    Decision decision;
    if (job.is_cancelling || job.main_left == 0) {
        return decision;  // `finally` has only its nodes' time-outs
    }
    add_cancel({state, CancelCause::deadline, engine_actor, now, record_time(state, now)}, job,
               decision);
    return decision;
}

Decision settle_job(const State& state, const SettleJob& command, Now now) {
    const Job* job = state.find(command.job);
    Decision decision;
    if (job == nullptr || !job->is_to_settle()) {
        return decision;
    }
    if (job->is_to_abort()) {
        add_cancel({state, CancelCause::failure, engine_actor, now, record_time(state, now)}, *job,
                   decision);
        return decision;
    }
    JobEnded ended;
    if (job->is_cancelling && job->cancel_cause == CancelCause::user) {
        ended.state = JobState::cancelled;
        ended.reason = JobReason::user;
    } else if (job->is_cancelling && job->cancel_cause == CancelCause::deadline) {
        ended.state = JobState::failed;
        ended.reason = JobReason::timeout;
    } else if (job->has_failed_node) {
        ended.state = JobState::failed;
        ended.reason = JobReason::node_failed;
    } else {
        ended.state = JobState::completed;
    }
    ended.steps = steps_to(job->state, ended.state);
    if (!job->definition->outputs.empty()) {
        ended.output = text_of_job(*job, render_outputs(*job).text(), decision.bodies);
    }
    const WallTime at = record_time(state, now);
    const bool is_again = is_to_begin_again(state, *job, ended, at);
    if (!is_again) {
        add_dead_letter(state, *job, ended, at, decision);
    }
    decision.records.push_back(job_record(*job, engine_actor, at, ended));
    release_lanes_of(state, *job, at, decision);
    if (is_again) {
        begin_again(state, *job, command.next, at, decision);
    }
    tell_parent(state, *job, ended, now, decision);
    return decision;
}

}  // namespace attacca::core
