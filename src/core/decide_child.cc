// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "core/decide.h"
#include "core/decide_parts.h"
#include "core/exclusion/name.h"
#include "core/exclusion/turn.h"
#include "core/graph/node_extras.h"
#include "core/job/child.h"
#include "core/job/render.h"
#include "core/job/trace.h"
#include "core/ledger/codec.h"
#include "core/schedule/retry.h"

// Child jobs: their start, what their end means for the attempt that waits for it, and the pause
// that they share with its job.

namespace attacca::core {
namespace {

constexpr std::size_t name_bytes_max = 200;

std::string child_name(const Job& job, const NodeDef& node) {
    std::string name = node.extras->child.name.empty() ? job.name + "/" + node.id
                                                       : node.extras->child.name;
    if (name.size() > name_bytes_max) {
        name.resize(utf8_prefix(std::string_view(name).substr(0, name_bytes_max)));
    }
    return name;
}

Result<JobCreated> created_of(const State& state, const Job& job, InstanceIndex i,
                              const AttemptStarted& started, Decision& decision) {
    const NodeDef& node = job.node_of(job.instances[i]);
    const ChildDef& child = node.extras->child;
    ATTACCA_TRY(const Json given, render_child_params(job, i));
    ATTACCA_TRY(Json params, bind_params(child.definition->params, given));
    Json details = Json::object();
    if (!params.as_object().empty()) {
        details.set("params", std::move(params));
    }
    if (!child.workflow.empty()) {
        details.set("workflow", child.workflow);
        if (child.version != 0) {
            details.set("workflow_version", std::int64_t{child.version});
        }
    }
    if (const std::string trace = job.trace(); !trace.empty()) {
        details.set("traceparent", trace_parent_of(trace, started.fence));
    }
    if (child.definition->is_sealed && !job.seal) {
        return fail(Problem::not_supported, "a sealed job can only be the child of a sealed one");
    }
    JobCreated created;
    created.definition = child.definition->digest;
    created.seal = job.seal ? std::optional(job.seal->id) : std::nullopt;
    created.name = child_name(job, node);
    created.priority = job.priority;
    created.sem = sem_newest;
    created.parent = ParentRef{job.id, started.node, started.item, started.fence};
    std::string text = details.as_object().empty() ? std::string() : details.text();
    if (!is_utf8(text)) {
        return fail(Problem::invalid_value, "`job.params`: a value is not UTF-8");
    }
    const JobId id = child_job_id(job.id, started.fence);
    ATTACCA_TRY(created.concurrency_key,
                concurrency_key_of({*child.definition, id, created.name, job.tenant, text}));
    const std::string& key = created.concurrency_key;
    if (!key.empty() && has_key_above(state, job, key)) {
        return fail(Problem::state_conflict,
                    "`limits.concurrency_key`: a job that waits for this one has the key `" +
                        quoted(key) + "` itself");
    }
    created.details = text_of_job(job, std::move(text), decision.bodies);
    decision.bodies.push_back({child.definition->digest, child.definition->body});
    return created;
}

std::string_view words_of(const JobEnded& end) {
    if (end.state == JobState::cancelled) {
        return " was cancelled";
    }
    return end.reason == JobReason::timeout ? " ran into its time-out" : " failed";
}

// A pause or a resume, by whom and when.
struct Turn {
    const State& state;
    std::string actor;
    Now now;
    bool is_pause;
    bool is_now = false;  // of a pause: what runs is stopped
    [[nodiscard]] WallTime at() const { return record_time(state, now); }
};

// The attempts of the job that run: each reports, or has lost its worker, and begins again later.
void halt(const Turn& turn, const Job& job, Decision& decision) {
    for (InstanceIndex i = 0; i < job.instances.size(); ++i) {
        const Instance& instance = job.instances[i];
        if (instance.state != NodeState::running || instance.is_halted) {
            continue;
        }
        if (job.node_of(instance).kind == NodeKind::task) {
            decision.effects.push_back(
                ArmTimer{{FireTimer::Kind::lease_grace, job.id, i, instance.fence},
                         turn.now.mono + lease_grace});
        } else {
            decision.effects.push_back(StopAttempt{instance.fence});
        }
    }
}

// The record of this job, where the turn changes something, and then of its children. A job that is
// paused already or was resumed by itself is passed over, but not what stands below it. Recursion
// ends: jobs are nested child_depth_max deep at most.
void add_turn(const Turn& turn, const Job& job, Decision& decision) {
    const bool is_halting = turn.is_now && job.has_unhalted();
    const bool may_pause = job.state == JobState::running && !job.is_cancelling;
    if (turn.is_pause && (may_pause || (is_halting && job.state == JobState::paused))) {
        decision.records.push_back(job_record(job, turn.actor, turn.at(), JobPaused{turn.is_now}));
        if (is_halting) {
            halt(turn, job, decision);
        }
    } else if (!turn.is_pause && job.state == JobState::paused) {
        decision.records.push_back(job_record(job, turn.actor, turn.at(), JobResumed{}));
    }
    for (const Instance& instance : job.instances) {
        const Job* child = child_of(turn.state, job, instance);
        if (child != nullptr) {
            add_turn(turn, *child, decision);
        }
    }
}

}  // namespace

Decision pause_job(const State& state, const PauseJob& command, Now now) {
    const Job* job = state.find(command.job);
    if (job == nullptr || job->tenant != command.tenant) {
        return refuse(Problem::not_live);
    }
    const bool is_paused = job->state == JobState::paused;
    if (is_paused && !command.is_now) {
        return {};
    }
    if (!is_paused && (job->state != JobState::running || job->is_cancelling)) {
        return refuse(Problem::state_conflict,
                      "a job can be paused while it is running; this one is " +
                          std::string(job->is_cancelling ? "being cancelled"
                                                         : name_of(job->state)));
    }
    Decision decision;
    add_turn({state, command.actor, now, true, command.is_now}, *job, decision);
    return decision;
}

Decision resume_job(const State& state, const ResumeJob& command, Now now) {
    const Job* job = state.find(command.job);
    if (job == nullptr || job->tenant != command.tenant) {
        return refuse(Problem::not_live);
    }
    if (job->state == JobState::running) {
        return {};
    }
    if (job->state != JobState::paused) {
        return refuse(Problem::state_conflict, "only a paused job can be resumed; this one is " +
                                                   std::string(name_of(job->state)));
    }
    Decision decision;
    add_turn({state, command.actor, now, false}, *job, decision);
    return decision;
}

void start_child(const State& state, const Job& job, InstanceIndex i, AttemptStarted started,
                 Now now, Decision& decision) {
    const WallTime at = record_time(state, now);
    if (depth_of(state, job) >= child_depth_max) {
        fail_at_start(job, std::move(started),
                      fail(Problem::out_of_range, "child jobs are nested too deeply"), now, at,
                      decision);
        return;
    }
    const std::size_t bodies = decision.bodies.size();
    Result<JobCreated> created = created_of(state, job, i, started, decision);
    if (!created) {
        decision.bodies.resize(bodies);
        Error error = created.error();
        if (!error.fields.empty() && error.detail.empty()) {
            error.detail = error.fields.front().detail;
        }
        if (!error.detail.starts_with("`")) {
            error.detail = "`job.params`: " + error.detail;
        }
        fail_at_start(job, std::move(started), error, now, at, decision);
        return;
    }
    add_deadline(job, started, now, decision);
    const JobId id = child_job_id(job.id, started.fence);
    const std::optional<Duration> timeout = job.node_of(job.instances[i]).timeout;
    if (timeout) {
        decision.effects.push_back(
            ArmTimer{{FireTimer::Kind::job_deadline, id, 0, {}}, now.mono + *timeout});
    }
    decision.records.push_back(job_record(job, engine_actor, at, std::move(started)));
    decision.records.push_back(
        Record{Entity{id, {}}, job.tenant, engine_actor, at, std::move(*created)});
}

void tell_parent(const State& state, const Job& child, const JobEnded& end, Now now,
                 Decision& decision) {
    const Instance* instance = waiting_parent(state, child);
    if (instance == nullptr) {
        return;
    }
    const Job& parent = *state.find(child.parent->job);
    AttemptEnded ended = end_of_attempt(parent, *instance);
    if (end.state == JobState::completed) {
        ended.output = end.output;
    } else if (parent.is_stopping(*instance)) {
        ended.outcome = Outcome::cancelled;
    } else {
        ended.outcome = Outcome::failed;
        ended.detail = "job " + child.id.text() + std::string(words_of(end));
    }
    if (ended.outcome == Outcome::failed && may_try_again(parent, *instance)) {
        constexpr std::uint64_t odd = 0x9E3779B97F4A7C15ULL;
        AttemptReport report;
        report.outcome = ended.outcome;
        ended.retry_in_ms =
            retry_delay_ms(parent.node_of(*instance).retry, report,
                           std::uint32_t{instance->attempts} - instance->lost,
                           ended.fence.value * odd);
        if (!ended.retry_in_ms) {
            ended.parked = is_worth_retrying(parent.node_of(*instance).retry, report)
                               ? Parked::exhausted
                               : parked_in(child);
        }
    }
    if (ended.retry_in_ms) {
        decision.effects.push_back(ArmTimer{
            {FireTimer::Kind::retry, parent.id, child.parent->instance, ended.fence},
            now.mono + milliseconds(*ended.retry_in_ms)});
    }
    close_attempt(parent, *instance, std::move(ended), {engine_actor, record_time(state, now)},
                  decision);
}

}  // namespace attacca::core
