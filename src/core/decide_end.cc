// SPDX-License-Identifier: Apache-2.0
#include "core/decide_parts.h"

#include "base/seeded_bug.h"
#include "core/decide.h"
#include "core/job/render.h"

namespace attacca::core {
namespace {

bool runs(const Instance& instance) {
    return instance.state == NodeState::running;
}

bool waits(const Job& job, const Instance& instance) {
    return instance.state == NodeState::waiting && job.node_of(instance).kind == NodeKind::wait &&
           !(job.node_of(instance).map && instance.item == no_index);
}

// Stops what runs; a wait has no process, so its attempt ends here and now.
void stop_instances(const Job& job, bool is_with_finally, Now now, WallTime at,
                    Decision& decision) {
    for (InstanceIndex i = 0; i < job.instances.size(); ++i) {
        const Instance& instance = job.instances[i];
        if (job.node_of(instance).is_finally && !is_with_finally) {
            continue;
        }
        if (runs(instance) && job.node_of(instance).kind == NodeKind::task) {
            // Its worker learns it by a heartbeat, and then has a while to stop.
            decision.effects.push_back(
                ArmTimer{{FireTimer::Kind::lease_grace, job.id, i, instance.fence},
                         now.mono + lease_grace});
        } else if (runs(instance) && !ATTACCA_BUG(BUG_CANCEL_LETS_RUN)) {
            decision.effects.push_back(StopAttempt{instance.fence});
        } else if (waits(job, instance)) {
            AttemptEnded ended;
            ended.node = job.node_of(instance).id;
            if (instance.item != no_index) {
                ended.item = instance.item;
            }
            ended.attempt = instance.attempts;
            ended.fence = instance.fence;
            ended.outcome = Outcome::cancelled;
            decision.records.push_back(job_record(job, engine_actor, at, std::move(ended)));
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
    if (job->is_cancelling && (job->is_finally_stopped || job->finally_left == 0)) {
        return decision;
    }
    const WallTime at = record_time(state, now);
    decision.records.push_back(
        job_record(*job, command.actor, at, CancelRequested{CancelCause::user}));
    stop_instances(*job, job->is_cancelling, now, at, decision);
    return decision;
}

Decision meet_deadline(const State& state, const Job& job, Now now) {
    Decision decision;
    if (job.is_cancelling || job.main_left == 0) {
        return decision;  // `finally` has only its nodes' time-outs
    }
    const WallTime at = record_time(state, now);
    decision.records.push_back(
        job_record(job, engine_actor, at, CancelRequested{CancelCause::deadline}));
    stop_instances(job, false, now, at, decision);
    return decision;
}

Decision settle_job(const State& state, const SettleJob& command, Now now) {
    const Job* job = state.find(command.job);
    Decision decision;
    if (job == nullptr || !job->is_settled() || job->state == JobState::paused) {
        return decision;
    }
    JobEnded ended;
    if (job->is_cancelling && job->cancel_cause == CancelCause::user) {
        ended.state = JobState::cancelled;
        ended.reason = JobReason::user;
    } else if (job->is_cancelling) {
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
        ended.output = text_or_body(render_outputs(*job).text(), decision.bodies);
    }
    decision.records.push_back(
        job_record(*job, engine_actor, record_time(state, now), std::move(ended)));
    return decision;
}

}  // namespace attacca::core
