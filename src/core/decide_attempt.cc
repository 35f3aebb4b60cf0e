// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/seeded_bug.h"
#include "core/decide.h"
#include "core/decide_parts.h"
#include "core/exclusion/lock.h"
#include "core/job/names.h"
#include "core/job/render.h"
#include "core/ledger/codec.h"
#include "core/schedule/fair/expect.h"
#include "core/schedule/retry.h"

namespace attacca::core {
namespace {

std::optional<std::uint32_t> item_of(const Instance& instance) {
    return instance.item == no_index ? std::nullopt : std::optional{instance.item};
}

AttemptEnded ended_of(const Job& job, const Instance& instance, const AttemptReport& report) {
    AttemptEnded ended = end_of_attempt(job, instance);
    ended.fence = report.fence;
    ended.outcome = report.outcome;
    ended.exit_code = report.exit_code;
    ended.detail = quoted(report.detail);
    ended.failure = class_of(report);
    ended.output_file = report.output_file;
    ended.artifacts = report.artifacts;
    return ended;
}

// An item failed for good, and the map's `on_error` is `stop`.
bool is_of_stopped_map(const Job& job, const Instance& instance) {
    if (instance.item == no_index || !job.node_of(instance).map->stops_on_error) {
        return false;
    }
    const MapRun* run = job.map_of(instance.node);
    return run != nullptr && run->failed > 0;
}

// When the attempt is followed by another one, or why it is not although its failure was worth it.
void try_again(const State& state, const Job& job, const Instance& instance,
               const AttemptReport& report, std::uint64_t seed, WallTime at, AttemptEnded& ended) {
    if (is_poison(instance, report.outcome)) {
        ended.parked = Parked::poison;
        return;
    }
    const NodeDef& node = job.node_of(instance);
    AttemptReport judged = report;
    if (node.kind == NodeKind::task && report.outcome == Outcome::lost) {
        judged.outcome = Outcome::timeout;  // a silent worker is no fault of our own restart
    }
    ended.retry_in_ms =
        retry_delay_ms(node.retry, judged, std::uint32_t{instance.attempts} - instance.lost, seed);
    if (judged.outcome != Outcome::lost && judged.outcome != Outcome::stopped) {
        keep_retry_budget(state, ended, at);
    }
    if (!ended.retry_in_ms && is_worth_retrying(node.retry, judged)) {
        ended.parked = Parked::exhausted;
    }
}

void start_map(const Job& job, InstanceIndex i, AttemptStarted started, Now now, WallTime at,
               Decision& decision) {
    Result<Json> items = render_items(job, i);
    if (!items) {
        fail_at_start(job, std::move(started), items.error(), now, at, decision);
        return;
    }
    std::string text = items->text();
    if (job.seal) {
        text = sealed_text(*job.seal, std::to_string(job.eseq), text);
    }
    MapExpanded expanded;
    expanded.node = job.definition->nodes[i].id;
    expanded.count = static_cast<std::uint32_t>(items->as_array().size());
    expanded.body = sha256(text);
    decision.bodies.push_back({expanded.body, std::move(text)});
    decision.records.push_back(job_record(job, engine_actor, at, std::move(expanded)));
}

void start_wait(const Job& job, InstanceIndex i, AttemptStarted started, Now now, WallTime at,
                Decision& decision) {
    const Result<WallTime> until = render_until(job, i, at);
    if (!until) {
        fail_at_start(job, std::move(started), until.error(), now, at, decision);
        return;
    }
    started.until = *until;
    // `at` may be ahead of a wall clock that was set back: a length is counted from now, whatever
    // the clock says, an instant by the clock.
    const Duration ahead = job.node_of(job.instances[i]).wait.length ? *until - at
                                                                      : *until - now.wall;
    const Duration left{std::max<std::int64_t>(0, ahead.us)};
    decision.effects.push_back(
        ArmTimer{{FireTimer::Kind::wait_until, job.id, i, started.fence}, now.mono + left});
    decision.records.push_back(job_record(job, engine_actor, at, std::move(started)));
}

// The engine's own work: it begins and ends in one decision.
void compute_values(const Job& job, InstanceIndex i, AttemptStarted started, Now now, WallTime at,
                    Decision& decision) {
    Result<Json> values = render_values(job, i);
    if (!values) {
        fail_at_start(job, std::move(started), values.error(), now, at, decision);
        return;
    }
    add_deadline(job, started, now, decision);
    AttemptEnded ended;
    ended.node = started.node;
    ended.item = started.item;
    ended.attempt = started.attempt;
    ended.fence = started.fence;
    if (!values->as_object().empty()) {
        ended.output = text_of_job(job, values->text(), decision.bodies);
    }
    decision.records.push_back(job_record(job, engine_actor, at, std::move(started)));
    decision.records.push_back(job_record(job, engine_actor, at, std::move(ended)));
}

void start_approval(const Job& job, InstanceIndex i, AttemptStarted started, Now now, WallTime at,
                    Decision& decision) {
    Result<std::string> message = render_message(job, i);
    if (!message) {
        fail_at_start(job, std::move(started), message.error(), now, at, decision);
        return;
    }
    add_deadline(job, started, now, decision);
    started.message = std::move(*message);
    const std::optional<Duration> timeout = job.node_of(job.instances[i]).timeout;
    if (timeout) {
        started.until = at + *timeout;
        decision.effects.push_back(ArmTimer{
            {FireTimer::Kind::wait_until, job.id, i, started.fence}, now.mono + *timeout});
    }
    decision.records.push_back(job_record(job, engine_actor, at, std::move(started)));
}

}  // namespace

// Nothing of a job that is being cancelled is tried again, but for `finally` nodes; nor is what
// still ran of a map when that was stopped: the attempts end, and no new one begins.
bool may_try_again(const Job& job, const Instance& instance) {
    return !is_of_stopped_map(job, instance) && !job.is_stopping(instance);
}

AttemptStarted started_of(const State& state, const Job& job, InstanceIndex i,
                          const std::string& worker) {
    const Instance& instance = job.instances[i];
    AttemptStarted started;
    started.node = job.node_of(instance).id;
    started.item = item_of(instance);
    started.attempt = instance.attempts + 1U;
    started.fence = FenceToken{state.last_fence.value + 1};
    started.ttl_ms = local_ttl_ms;
    started.worker = worker;
    started.is_first = job.started_at.us == 0;
    return started;
}

void add_deadline(const Job& job, const AttemptStarted& started, Now now, Decision& decision) {
    if (started.is_first) {
        decision.effects.push_back(ArmTimer{{FireTimer::Kind::job_deadline, job.id, 0, {}},
                                            now.mono + job.definition->timeout});
    }
}

void fail_at_start(const Job& job, AttemptStarted started, const Error& error, Now now,
                   WallTime at, Decision& decision) {
    const InstanceIndex i = job.instance_of(job.definition->find(started.node), started.item);
    const Instance& instance = job.instances[i];
    add_deadline(job, started, now, decision);
    AttemptEnded ended;
    ended.node = started.node;
    ended.item = started.item;
    ended.attempt = started.attempt;
    ended.fence = started.fence;
    ended.outcome = Outcome::error;
    ended.detail = quoted(error.detail);
    decision.records.push_back(job_record(job, engine_actor, at, std::move(started)));
    close_attempt(job, instance, std::move(ended), {engine_actor, at}, decision);
}

Error condition_error(const Job& job, InstanceIndex i) {
    const JobNames names(job, i);
    const Result<bool> holds = job.node_of(job.instances[i]).condition->holds(names);
    const std::string why = holds ? "the condition could not be evaluated" : holds.error().detail;
    return fail(Problem::expression_invalid, "`if`: " + why);
}

AttemptEnded end_of_attempt(const Job& job, const Instance& instance) {
    AttemptEnded ended;
    ended.node = job.node_of(instance).id;
    ended.item = item_of(instance);
    ended.attempt = instance.attempts;
    ended.fence = instance.fence;
    return ended;
}

void close_attempt(const Job& job, const Instance& instance, AttemptEnded ended, const Stamp& stamp,
                   Decision& decision) {
    const bool is_failed = !ended.retry_in_ms && ended.outcome != Outcome::succeeded &&
                           ended.outcome != Outcome::cancelled;
    const OnFailure action =
        is_failed ? job.recovery_of(instance, NodeState::failed) : OnFailure::fail;
    if (ended.failure == FailureClass::none) {
        AttemptReport plain;
        plain.outcome = ended.outcome;
        ended.failure = class_of(plain);
    }
    RecoveryTaken taken{ended.node, ended.item, action};
    decision.records.push_back(job_record(job, stamp.actor, stamp.at, std::move(ended)));
    if (action != OnFailure::fail) {
        decision.records.push_back(job_record(job, engine_actor, stamp.at, std::move(taken)));
    }
}

Decision dispatch(const State& state, const Dispatch& command, Now now) {
    const ReadyEntry entry = state.chosen(command.has_slot);
    if (entry.slot == no_index) {
        return {};
    }
    const Job& job = *state.slots[entry.slot];
    const InstanceIndex i = entry.instance;
    const Instance& instance = job.instances[i];
    ATTACCA_CHECK(instance.is_queued);
    const NodeDef& node = job.node_of(instance);
    const WallTime at = record_time(state, now);

    Decision decision;
    AttemptStarted started = started_of(state, job, i, command.worker);
    if (instance.has_condition_error) {
        fail_at_start(job, std::move(started), condition_error(job, i), now, at, decision);
        return decision;
    }
    Result<std::string> lock = lock_at_start(state, job, i);
    if (!lock) {
        fail_at_start(job, std::move(started), lock.error(), now, at, decision);
        return decision;
    }
    started.lock = std::move(*lock);
    if (node.map && instance.item == no_index) {
        start_map(job, i, std::move(started), now, at, decision);
        return decision;
    }
    if (node.kind == NodeKind::wait) {
        add_deadline(job, started, now, decision);
        start_wait(job, i, std::move(started), now, at, decision);
        return decision;
    }
    if (node.kind == NodeKind::condition || node.kind == NodeKind::checkpoint) {
        compute_values(job, i, std::move(started), now, at, decision);
        return decision;
    }
    if (node.kind == NodeKind::job) {
        start_child(state, job, i, std::move(started), now, decision);
        return decision;
    }
    if (node.kind == NodeKind::approve) {
        start_approval(job, i, std::move(started), now, at, decision);
        return decision;
    }
    Result<AttemptSpec> spec = render_attempt(job, i, started.fence, command.work_root);
    if (!spec) {
        fail_at_start(job, std::move(started), spec.error(), now, at, decision);
        return decision;
    }
    spec->seal = job.seal;
    decision.effects.reserve(2);
    add_deadline(job, started, now, decision);
    decision.records.push_back(job_record(job, engine_actor, at, std::move(started)));
    decision.effects.push_back(StartAttempt{std::move(*spec)});
    return decision;
}

Decision report_attempt(const State& state, const ReportAttempt& command, Now now) {
    const AttemptReport& report = command.report;
    const Job* found = state.find(report.job);
    if (found == nullptr || report.instance >= found->instances.size()) {
        return refuse(Problem::not_live);
    }
    const Job& job = *found;
    const Instance& instance = job.instances[report.instance];
    if (instance.fence != report.fence && !ATTACCA_BUG(BUG_SKIP_FENCE)) {
        return refuse(Problem::fenced, "another attempt has taken over");
    }
    if (instance.state != NodeState::running) {
        return {};  // the same report again: accepted before
    }
    return end_attempt(state, report, engine_actor, command.seed, now);
}

Decision end_attempt(const State& state, const AttemptReport& given, const std::string& actor,
                     std::uint64_t seed, Now now) {
    const Job& job = *state.find(given.job);
    const Instance& instance = job.instances[given.instance];
    // What its record will touch was not looked at since the attempt began.
    state.queue.fair().expect(instance.entry);
    state.exclusion.locks.expect(instance.lock_line);
    state.exclusion.keys.expect(job.key_line);
    AttemptReport report = given;
    if (report.outcome == Outcome::cancelled && instance.is_halted) {
        report.outcome = Outcome::stopped;
    }
    Decision decision;
    AttemptEnded ended = ended_of(job, instance, report);
    ended.output = text_of_job(job, report.output, decision.bodies);
    if (!fits_in_record(ended)) {
        // A runner's texts come from outside: they may end an attempt, never the server.
        ended.outcome = Outcome::error;
        ended.failure = FailureClass::permanent;
        ended.detail = "the runner's report does not fit in a record";
        ended.output = {};
        ended.output_file.reset();
        ended.artifacts.clear();
        decision.bodies.clear();
    }
    if (may_try_again(job, instance)) {
        try_again(state, job, instance, report, seed, record_time(state, now), ended);
    } else if (report.outcome == Outcome::lost || report.outcome == Outcome::stopped) {
        ended.outcome = Outcome::cancelled;
        ended.failure = FailureClass::none;
    }
    if (ended.retry_in_ms) {
        decision.effects.push_back(
            ArmTimer{{FireTimer::Kind::retry, job.id, report.instance, report.fence},
                     now.mono + milliseconds(*ended.retry_in_ms)});
    }
    if (const auto lease = state.leases.find(report.fence); lease != state.leases.end()) {
        await_follower(state, job, given.instance, lease->second.owner, now, decision);
    }
    Decision judged;
    judge_call(state, job, ended, now, judged);
    if (instance.entry != no_index) {
        fair::expect_end(state.queue.fair(), instance.entry);
    }
    state.exclusion.locks.expect_drop(instance.lock_line);
    state.exclusion.keys.expect_drop(job.key_line);
    close_attempt(job, instance, std::move(ended), {actor, record_time(state, now)}, decision);
    std::move(judged.records.begin(), judged.records.end(), std::back_inserter(decision.records));
    std::move(judged.effects.begin(), judged.effects.end(), std::back_inserter(decision.effects));
    return decision;
}

Decision end_wait(const State& state, const Job& job, const FireTimer& timer, Now now) {
    if (timer.instance >= job.instances.size()) {
        return {};
    }
    const Instance& instance = job.instances[timer.instance];
    if (instance.state != NodeState::waiting || instance.is_escalated ||
        instance.fence != timer.fence) {
        return {};
    }
    AttemptEnded ended = end_of_attempt(job, instance);
    if (job.node_of(instance).kind == NodeKind::approve) {
        ended.outcome = Outcome::timeout;
        ended.detail = "nobody decided in time";
    }
    Decision decision;
    close_attempt(job, instance, std::move(ended), {engine_actor, record_time(state, now)},
                  decision);
    return decision;
}

}  // namespace attacca::core
