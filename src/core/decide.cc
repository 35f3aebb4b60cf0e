// SPDX-License-Identifier: Apache-2.0
#include "core/decide.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "base/digest.h"
#include "core/decide_parts.h"
#include "core/job/child.h"

namespace attacca::core {

WallTime record_time(const State& state, Now now) {
    return std::max(state.last_at, now.wall);
}

namespace {

// What a sealed job's record says instead of a line that may tell of its content.
constexpr const char* withheld_detail = "sealed: the files of the attempt tell more";
constexpr const char* withheld_message = "sealed: see the parameters and outputs of the job";

void withhold(Payload& payload) {
    if (auto* ended = std::get_if<AttemptEnded>(&payload); ended && !ended->detail.empty()) {
        ended->detail = withheld_detail;
    }
    auto* started = std::get_if<AttemptStarted>(&payload);
    if (started != nullptr && !started->message.empty()) {
        started->message = withheld_message;
    }
}

}  // namespace

Record job_record(const Job& job, std::string actor, WallTime at, Payload payload) {
    if (job.seal) {
        withhold(payload);
    }
    return Record{Entity{job.id, {}}, job.tenant, std::move(actor), at, std::move(payload)};
}

TextOrBody text_or_body(std::string text, std::vector<Body>& bodies) {
    if (text.size() <= inline_text_bytes_max) {
        return {std::move(text), std::nullopt};
    }
    const Sha256 digest = sha256(text);
    bodies.push_back({digest, std::move(text)});
    return {{}, digest};
}

TextOrBody text_of_job(const Boxed<SealKey>& seal, std::uint64_t place, std::string text,
                       std::vector<Body>& bodies) {
    if (!seal || text.empty()) {
        return text_or_body(std::move(text), bodies);
    }
    std::string sealed = sealed_text(*seal, std::to_string(place), text);
    const Sha256 digest = sha256(sealed);
    bodies.push_back({digest, std::move(sealed)});
    return {{}, digest};
}

// `longest` is the length that the timer had when it was set: a clock that was set back while the
// process was away must not make it longer.
MonoTime mono_of(WallTime due, Now now, Duration longest) {
    const std::int64_t most = std::max<std::int64_t>(0, longest.us);
    const std::int64_t left = std::clamp<std::int64_t>((due - now.wall).us, 0, most);
    return now.mono + Duration{left};
}

Decision refuse(Problem problem, std::string detail) {
    Decision decision;
    decision.answer = fail(problem, std::move(detail));
    return decision;
}

namespace {

// What is looked for by itself has a chain of its own.
const char* entity_of(const Payload& payload) {
    return std::holds_alternative<LedgerRestored>(payload) ? restores_entity
           : std::holds_alternative<KeyRotated>(payload)   ? keys_entity
                                                           : "ledger";
}

struct Decider {
    const State& state;
    Now now;

    Decision operator()(const SubmitJobs& command) const {
        return submit_jobs(state, command, now);
    }
    Decision operator()(const CancelJob& command) const { return cancel_job(state, command, now); }
    Decision operator()(const GiveApproval& command) const {
        return give_approval(state, command, now);
    }
    Decision operator()(const ReportAttempt& command) const {
        return report_attempt(state, command, now);
    }
    Decision operator()(const Dispatch& command) const { return dispatch(state, command, now); }
    Decision operator()(const SettleJob& command) const { return settle_job(state, command, now); }
    Decision operator()(const Claim& command) const { return claim_task(state, command, now); }
    Decision operator()(const Heartbeat& command) const { return beat(state, command); }
    Decision operator()(const ReportTask& command) const {
        return report_task(state, command, now);
    }
    Decision operator()(const ListWorkers& command) const {
        return list_workers(state, command, now);
    }
    Decision operator()(const EndClaims&) const { return {}; }
    Decision operator()(const SetTenant& command) const { return set_tenant(state, command, now); }
    Decision operator()(const ExplainJob& command) const {
        return explain_job(state, command, now);
    }
    Decision operator()(const ReadTenants& command) const {
        return read_tenants(state, command, now);
    }
    Decision operator()(const ReadQueue& command) const { return read_queue(state, command); }
    Decision operator()(const SetSchedule& command) const {
        return set_schedule(state, command, now);
    }
    Decision operator()(const SwitchSchedule& command) const {
        return switch_schedule(state, command, now);
    }
    Decision operator()(const TriggerSchedule& command) const {
        return trigger_schedule(state, command, now);
    }
    Decision operator()(const BackfillSchedule& command) const {
        return backfill_schedule(state, command, now);
    }
    Decision operator()(const FireSchedule& command) const {
        return fire_schedule(state, command, now);
    }
    Decision operator()(const ApplyWorkflow& command) const {
        return apply_workflow(state, command, now);
    }
    Decision operator()(const SwitchWorkflow& command) const {
        return switch_workflow(state, command, now);
    }
    Decision operator()(const PlaceHold& command) const { return place_hold(state, command, now); }
    Decision operator()(const ReleaseHold& command) const {
        return release_hold(state, command, now);
    }
    Decision operator()(const PruneEntries& command) const {
        return prune_entries(state, command, now);
    }
    Decision operator()(const CollectContent& command) const {
        return collect_content(state, command, now);
    }
    Decision operator()(const EraseJob& command) const { return erase_job(state, command, now); }
    Decision operator()(const SetBreaker& command) const {
        return set_breaker(state, command, now);
    }
    Decision operator()(const ReadDeadLetters& command) const {
        return read_dead_letters(state, command);
    }
    Decision operator()(const DiscardDeadLetters& command) const {
        return discard_dead_letters(state, command, now);
    }

    Decision operator()(const PauseJob& command) const { return pause_job(state, command, now); }
    Decision operator()(const ResumeJob& command) const {
        return resume_job(state, command, now);
    }

    Decision operator()(const FireTimer& timer) const {
        if (timer.kind == FireTimer::Kind::breaker_probe) {
            return probe_breaker(state, timer, now);
        }
        if (timer.kind == FireTimer::Kind::lane_quiet) {
            return release_quiet_lane(state, timer, now);
        }
        const Job* job = state.find(timer.job);
        if (job == nullptr) {
            return {};
        }
        switch (timer.kind) {
            case FireTimer::Kind::retry:
            case FireTimer::Kind::breaker_probe:
            case FireTimer::Kind::lane_quiet:
            case FireTimer::Kind::job_start: return {};
            case FireTimer::Kind::wait_until: return end_wait(state, *job, timer, now);
            case FireTimer::Kind::job_deadline: return meet_deadline(state, *job, now);
            case FireTimer::Kind::lease_expiry:
            case FireTimer::Kind::lease_grace:
            case FireTimer::Kind::attempt_timeout: return end_lease(state, timer, now);
        }
        ATTACCA_CHECK(false);
    }

    Decision operator()(const NoteLedger& command) const {
        Decision decision;
        decision.records.push_back(Record{Entity{std::nullopt, entity_of(command.payload)},
                                          std::string(system_tenant),
                                          engine_actor,
                                          record_time(state, now),
                                          command.payload});
        return decision;
    }

    Decision operator()(const NoteTimestamp& command) const {
        if (command.size == 0 || command.size > state.size) {
            return refuse(Problem::invalid_value, "the ledger has no checkpoint of this size");
        }
        Decision decision;
        const Body query{sha256(command.query), command.query};
        const Body reply{sha256(command.reply), command.reply};
        decision.bodies = {query, reply};
        decision.records.push_back(
            Record{Entity{std::nullopt, timestamps_entity}, std::string(system_tenant),
                   command.actor, record_time(state, now),
                   AnchorTimestamped{command.stamped_at, query.digest, reply.digest, command.size,
                                     command.authority}});
        return decision;
    }
};

void add_instance_timers(const Job& job, Now now, std::vector<ArmTimer>& timers) {
    for (InstanceIndex i = 0; i < job.instances.size(); ++i) {
        const Instance& instance = job.instances[i];
        if (instance.state == NodeState::retrying) {
            timers.push_back({{FireTimer::Kind::retry, job.id, i, instance.fence},
                              mono_of(instance.due_at, now,
                                      instance.due_at - instance.ended_at)});
        } else if (instance.state == NodeState::waiting && !instance.is_escalated &&
                   instance.due_at.us != 0) {
            timers.push_back({{FireTimer::Kind::wait_until, job.id, i, instance.fence},
                              mono_of(instance.due_at, now,
                                      instance.due_at - instance.started_at)});
        }
    }
}

}  // namespace

Decision decide(const State& state, const Command& command, Now now) {
    return std::visit(Decider{state, now}, command);
}

std::vector<ArmTimer> timers_of(const State& state, Now now) {
    std::vector<ArmTimer> timers;
    for (const auto& [id, slot] : state.slot_of) {
        const Job& job = *state.slots[slot];
        if (job.started_at.us != 0 && !job.is_cancelling) {
            const Duration timeout = job.definition->timeout;
            timers.push_back({{FireTimer::Kind::job_deadline, id, 0, {}},
                              mono_of(job.started_at + timeout, now, timeout)});
        }
        // The time-out of the node that waits for this job.
        const Instance* parent = waiting_parent(state, job);
        const std::optional<Duration> limit =
            parent == nullptr ? std::nullopt
                              : state.find(job.parent->job)->node_of(*parent).timeout;
        if (limit && !job.is_cancelling) {
            timers.push_back({{FireTimer::Kind::job_deadline, id, 0, {}},
                              mono_of(job.created_at + *limit, now, *limit)});
        }
        if (job.is_held && job.scheduled_at) {
            timers.push_back({{FireTimer::Kind::job_start, id, 0, {}},
                              mono_of(*job.scheduled_at, now,
                                      *job.scheduled_at - job.created_at)});
        }
        add_instance_timers(job, now, timers);
    }
    add_lease_timers(state, now, timers);
    add_breaker_timers(state, now, timers);
    add_lane_timers(state, now, timers);
    return timers;
}

bool has_ready(const State& state, bool has_slot) {
    return state.chosen(has_slot).slot != no_index;
}

void choose_next(State& state, bool has_slot, Now now) {
    state.choose(has_slot, record_time(state, now));
}

void choose_next(State& state, const Claim& claim, Now now) {
    state.choose_task(claim.tenant, claim.lanes, claim.capabilities, record_time(state, now));
}

void wake_limits(State& state, Now now) {
    state.queue.wake(record_time(state, now));
}

}  // namespace attacca::core
