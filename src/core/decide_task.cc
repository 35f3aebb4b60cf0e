// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>
#include <utility>

#include "base/seeded_bug.h"
#include "core/decide.h"
#include "core/decide_parts.h"
#include "core/exclusion/lock.h"
#include "core/job/render.h"
#include "core/reservation/owner.h"

// Task nodes: claimed by a worker outside this server, kept by its heartbeats, ended by its report
// or by the end of its lease.

namespace attacca::core {
namespace {

Decision answered(Acceptance acceptance) {
    Decision decision;
    decision.answer = std::move(acceptance);
    return decision;
}

FireTimer timer_of(FireTimer::Kind kind, FenceToken fence, const Lease& lease) {
    return {kind, lease.job, lease.instance, fence};
}

void arm_lease(const Job& job, InstanceIndex i, const AttemptStarted& started, Now now,
               Decision& decision) {
    const NodeDef& node = job.node_of(job.instances[i]);
    decision.effects.push_back(
        ArmTimer{{FireTimer::Kind::lease_expiry, job.id, i, started.fence},
                 now.mono + milliseconds(started.ttl_ms)});
    if (node.timeout) {
        decision.effects.push_back(
            ArmTimer{{FireTimer::Kind::attempt_timeout, job.id, i, started.fence},
                     now.mono + *node.timeout});
    }
}

LeaseOffer offer_of(const Job& job, InstanceIndex i, const AttemptStarted& started,
                    TaskRendering rendering) {
    const NodeDef& node = job.node_of(job.instances[i]);
    LeaseOffer offer;
    offer.attempt = {job.id, started.node, started.item, started.attempt, started.fence};
    offer.lane = node.task->lane;
    offer.capabilities = node.task->capabilities;
    offer.job_name = job.name;
    offer.item_key = std::move(rendering.item_key);
    offer.ttl_ms = started.ttl_ms;
    offer.timeout = node.timeout;
    offer.stays = node.task->stays;
    offer.spec = std::move(rendering.spec);
    return offer;
}

// A worker's silence may be limited by the node too.
std::int64_t ttl_of(const NodeDef& node, const Claim& command) {
    return node.heartbeat ? std::min(command.ttl_ms, node.heartbeat->ms()) : command.ttl_ms;
}

struct Named {
    const Job* job = nullptr;
    InstanceIndex instance = no_index;
};

// Errors: not_live (unknown, ended, or another tenant's).
Result<Named> find_named(const State& state, const AttemptName& name, const std::string& tenant) {
    const Job* job = state.find(name.job);
    if (job == nullptr || job->tenant != tenant) {
        return fail(Problem::not_live);
    }
    const InstanceIndex i = job->instance_of(job->definition->find(name.node), name.item);
    if (i == no_index || job->node_of(job->instances[i]).kind != NodeKind::task) {
        return fail(Problem::not_found, "the job has no such task");
    }
    return Named{job, i};
}

Error fenced() {
    return fail(Problem::fenced, "this attempt has ended, or another one has taken over");
}

bool is_current(const Instance& instance, const AttemptName& name) {
    if (ATTACCA_BUG(BUG_TASK_WITHOUT_FENCE)) {
        return true;
    }
    return instance.fence == name.fence && instance.attempts == name.attempt;
}

// The attempt has ended already. By this very report?
bool is_repeated(const Instance& instance, Outcome outcome) {
    const bool is_success = instance.state == NodeState::succeeded;
    return !instance.is_given_up && is_success == (outcome == Outcome::succeeded);
}

}  // namespace

Decision claim_task(const State& state, const Claim& command, Now now) {
    const std::optional<ReadyEntry> entry = state.queue.chosen();
    if (!entry) {
        return answered(Leased{});
    }
    const Job& job = *state.slots[entry->slot];
    const InstanceIndex i = entry->instance;
    const Instance& instance = job.instances[i];
    // Whatever the queue says, a worker gets the work of its tenant only.
    ATTACCA_CHECK(job.tenant == command.tenant && instance.is_queued &&
                  job.node_of(instance).kind == NodeKind::task);
    const WallTime at = record_time(state, now);
    AttemptStarted started = started_of(state, job, i, command.worker);
    started.ttl_ms = ttl_of(job.node_of(instance), command);
    Result<TaskRendering> rendering = instance.has_condition_error
                                          ? Result<TaskRendering>(condition_error(job, i))
                                          : render_task(job, i);
    Result<std::string> lock = lock_at_start(state, job, i);
    Decision decision = answered(Leased{});
    const Result<std::string> owner = owner_of(state, job, i);
    if (!rendering || !lock || !owner) {
        const Error& error = !rendering ? rendering.error() : !lock ? lock.error() : owner.error();
        fail_at_start(job, std::move(started), error, now, at, decision);
        await_follower(state, job, i, owner ? *owner : std::string(), now, decision);
        return decision;
    }
    started.lock = std::move(*lock);
    add_deadline(job, started, now, decision);
    arm_lease(job, i, started, now, decision);
    decision.answer = Acceptance{Leased{{offer_of(job, i, started, std::move(*rendering))}}};
    decision.records.push_back(job_record(job, command.actor, at, started));
    keep_lane(state, job, started, *owner, at, decision);
    return decision;
}

Decision beat(const State& state, const Heartbeat& command) {
    const Result<Named> named = find_named(state, command.attempt, command.tenant);
    if (!named) {
        return refuse(named.error().problem, named.error().detail);
    }
    const Instance& instance = named->job->instances[named->instance];
    const auto lease = state.leases.find(command.attempt.fence);
    if (!is_current(instance, command.attempt) || lease == state.leases.end()) {
        return refuse(Problem::fenced, fenced().detail);
    }
    return answered(Alive{named->job->is_to_stop(instance), lease->second.ttl_ms});
}

Decision report_task(const State& state, const ReportTask& command, Now now) {
    const Result<Named> named = find_named(state, command.attempt, command.tenant);
    if (!named) {
        return refuse(named.error().problem, named.error().detail);
    }
    const Instance& instance = named->job->instances[named->instance];
    if (!is_current(instance, command.attempt)) {
        return refuse(Problem::fenced, fenced().detail);
    }
    if (instance.state != NodeState::running) {
        return is_repeated(instance, command.report.outcome)
                   ? Decision{}
                   : refuse(Problem::fenced, fenced().detail);
    }
    AttemptReport report = command.report;
    report.job = command.attempt.job;
    report.instance = named->instance;
    report.fence = command.attempt.fence;
    if (report.outcome == Outcome::failed && named->job->is_to_stop(instance)) {
        report.outcome = Outcome::cancelled;  // it stopped because it was told to
    }
    return end_attempt(state, report, command.actor, command.seed, now);
}

Decision list_workers(const State& state, const ListWorkers& command, Now now) {
    WorkerList list;
    for (const auto& [fence, lease] : state.leases) {
        const Job& job = *state.find(lease.job);
        if (job.tenant != command.tenant) {
            continue;
        }
        const Instance& instance = job.instances[lease.instance];
        const NodeDef& node = job.node_of(instance);
        const std::optional<std::uint32_t> item =
            instance.item == no_index ? std::nullopt : std::optional{instance.item};
        const Duration left = lease.expires_at - now.mono;
        list.held.push_back({{job.id, node.id, item, instance.attempts, fence},
                             lease.worker,
                             node.task->lane,
                             lease.started_at,
                             Duration{std::max<std::int64_t>(0, left.us)}});
    }
    const auto& lanes = state.registry.lanes();
    const std::string prefix = lane_entity(command.tenant, "");
    for (auto lane = lanes.lower_bound(prefix);
         lane != lanes.end() && lane->first.starts_with(prefix); ++lane) {
        if (lane->second.is_kept()) {
            list.kept.push_back(lane->second);
        }
    }
    std::stable_sort(list.held.begin(), list.held.end(),
                     [](const auto& a, const auto& b) { return a.worker < b.worker; });
    return answered(std::move(list));
}

Decision end_lease(const State& state, const FireTimer& timer, Now now) {
    const auto it = state.leases.find(timer.fence);
    if (it == state.leases.end()) {
        return {};
    }
    const Lease& lease = it->second;
    AttemptReport report;
    report.job = lease.job;
    report.instance = lease.instance;
    report.fence = timer.fence;
    if (timer.kind == FireTimer::Kind::lease_expiry) {
        if (lease.expires_at > now.mono) {
            Decision again;
            again.effects.push_back(ArmTimer{timer, lease.expires_at});
            return again;
        }
        report.outcome = Outcome::lost;
        report.detail = "its worker was not heard of for " +
                        format_duration(milliseconds(lease.ttl_ms));
    } else if (timer.kind == FireTimer::Kind::lease_grace) {
        report.outcome = Outcome::cancelled;
        report.detail = "its worker did not stop within " + format_duration(lease_grace);
    } else {
        report.outcome = Outcome::timeout;
        report.detail = "it took longer than the node's time-out";
    }
    return end_attempt(state, report, engine_actor, timer.fence.value, now);
}

void add_lease_timers(const State& state, Now now, std::vector<ArmTimer>& timers) {
    for (const auto& [fence, lease] : state.leases) {
        const Job& job = *state.find(lease.job);
        const Instance& instance = job.instances[lease.instance];
        const NodeDef& node = job.node_of(instance);
        timers.push_back({timer_of(FireTimer::Kind::lease_expiry, fence, lease),
                          now.mono + milliseconds(lease.ttl_ms)});
        if (node.timeout) {
            timers.push_back({timer_of(FireTimer::Kind::attempt_timeout, fence, lease),
                              mono_of(lease.started_at + *node.timeout, now, *node.timeout)});
        }
        if (job.is_to_stop(instance)) {
            timers.push_back({timer_of(FireTimer::Kind::lease_grace, fence, lease),
                              now.mono + lease_grace});
        }
    }
}

void note_heartbeat(State& state, FenceToken fence, Now now) {
    const auto it = state.leases.find(fence);
    if (it != state.leases.end() && !ATTACCA_BUG(BUG_HEARTBEAT_IGNORED)) {
        it->second.expires_at = now.mono + milliseconds(it->second.ttl_ms);
    }
}

}  // namespace attacca::core
