// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>
#include <variant>

#include "base/seeded_bug.h"
#include "core/decide.h"
#include "core/decide_parts.h"
#include "core/ledger/codec.h"
#include "core/schedule_job.h"

// The rules of schedules. One command decides one occurrence, so that the next one sees what it
// did: the overlap rule looks at the jobs that are live.

namespace attacca::core {
namespace {

constexpr std::uint64_t missed_at_once_max = 100000;

Record schedule_record(const Schedule& schedule, std::string actor, WallTime at, Payload payload) {
    return Record{Entity{std::nullopt, schedule_entity(schedule.tenant, schedule.name)},
                  schedule.tenant, std::move(actor), at, std::move(payload)};
}

void append(Decision& decision, Decision part) {
    std::move(part.records.begin(), part.records.end(), std::back_inserter(decision.records));
    std::move(part.bodies.begin(), part.bodies.end(), std::back_inserter(decision.bodies));
    std::move(part.effects.begin(), part.effects.end(), std::back_inserter(decision.effects));
}

// Why nothing was submitted: the job is not valid, or a limit of its tenant is reached.
const Error* refusal_in(const Answer& submitted) {
    if (!submitted) {
        return &submitted.error();
    }
    const auto* throttled = std::get_if<Throttled>(&*submitted);
    const bool is_let_in = throttled == nullptr || ATTACCA_BUG(BUG_FIRED_WITHOUT_JOB);
    return is_let_in ? nullptr : &throttled->error;
}

// One occurrence about to be decided.
struct Firing {
    const State& state;
    const Schedule& schedule;
    std::string entity;
    std::string actor;
    Now now;
    JobId job;

    void note(Decision& decision, ScheduleFired fired) const {
        decision.records.push_back(schedule_record(schedule, actor, record_time(state, now),
                                                   std::move(fired)));
    }

    // The record of the occurrence and that of its job: one decision, so one batch.
    void start(Decision& decision, WallTime nominal, FireCause cause) const {
        ScheduleFired fired{nominal, cause, FireOutcome::started, job, {}};
        Result<NewJob> made = job_of_schedule(state, schedule, nominal);
        Decision submitted;
        if (made) {
            made->id = job;
            submitted = submit_jobs(
                state, SubmitJobs{schedule.tenant, actor, {std::move(*made)}, {}}, now);
        } else {
            submitted.answer = made.error();
        }
        const Error* refusal = refusal_in(submitted.answer);
        if (refusal != nullptr) {
            fired.outcome = FireOutcome::refused;
            fired.job.reset();
            fired.why = why_of(*refusal);
        }
        note(decision, std::move(fired));
        if (refusal == nullptr) {
            append(decision, std::move(submitted));
        }
    }

    void cancel_live_jobs(Decision& decision) const {
        for (const JobId& id : state.registry.active(entity)) {
            const Job* live = state.find(id);
            // One that is being cancelled cleans up; a second cancel would stop that.
            if (live != nullptr && !live->is_cancelling) {
                append(decision, cancel_job(state, CancelJob{id, schedule.tenant, actor}, now));
            }
        }
    }

    void decide_due(Decision& decision, WallTime nominal, FireCause cause) const {
        const Overlap overlap =
            has_live_job(state, entity) ? schedule.spec.overlap : Overlap::allow;
        switch (overlap) {
            case Overlap::allow: start(decision, nominal, cause); return;
            case Overlap::cancel_running:
                cancel_live_jobs(decision);
                start(decision, nominal, cause);
                return;
            case Overlap::queue:
                if (schedule.queued.size() < queued_occurrences_max) {
                    note(decision, {nominal, cause, FireOutcome::queued, std::nullopt, {}});
                } else {
                    note(decision, {nominal, cause, FireOutcome::skipped, std::nullopt,
                                    "the schedule's queue is full"});
                }
                return;
            case Overlap::skip:
                note(decision, {nominal, cause, FireOutcome::skipped, std::nullopt,
                                "a job of an earlier occurrence is not done"});
                return;
        }
    }

    static std::string why_of(const Error& error) {
        std::string why = quoted(error.text());
        return why.substr(0, utf8_prefix(std::string_view(why).substr(0, 256)));
    }
};

// Occurrences before this instant are not made up for.
WallTime missed_before(const ScheduleSpec& spec,
                       const Occurrences& occurrences,
                       WallTime decided_to,
                       WallTime now) {
    const WallTime on_time_from = now + Duration{-on_time.us};
    const WallTime window_from = now + Duration{-std::max(spec.window, on_time).us};
    switch (spec.catch_up) {
        case CatchUp::skip: return on_time_from;
        case CatchUp::all: return window_from;
        case CatchUp::once:
            return occurrences.last(std::max(decided_to, window_from + Duration{-1}), now)
                .value_or(window_from);
    }
    ATTACCA_CHECK(false);
}

const Schedule* find_own(const State& state, const std::string& tenant, const std::string& name) {
    const Schedule* schedule = state.registry.schedule(schedule_entity(tenant, name));
    return schedule == nullptr || schedule->is_deleted ? nullptr : schedule;
}

Decision no_schedule() {
    return refuse(Problem::not_found, "there is no schedule of this name");
}

}  // namespace

// A job that a start set aside is among the active ones, and is no longer there.
bool has_live_job(const State& state, const std::string& schedule) {
    const std::set<JobId>& active = state.registry.active(schedule);
    return std::any_of(active.begin(), active.end(),
                       [&state](const JobId& id) { return state.find(id) != nullptr; });
}

Decision fire_schedule(const State& state, const FireSchedule& command, Now now) {
    const Schedule* schedule = state.registry.schedule(command.entity);
    Decision decision;
    if (schedule == nullptr || !schedule->is_waiting()) {
        return decision;
    }
    const Firing firing{state, *schedule, command.entity, schedule_actor, now, command.job};
    if (!schedule->queued.empty() && !has_live_job(state, command.entity)) {
        firing.start(decision, schedule->queued.front(), FireCause::queue);
        return decision;
    }
    const Occurrences occurrences = schedule->occurrences(*command.zone);
    const std::optional<WallTime> next = occurrences.next(schedule->decided_to);
    if (!next || *next > now.wall) {
        return decision;
    }
    const WallTime cutoff =
        missed_before(schedule->spec, occurrences, schedule->decided_to, now.wall);
    if (*next < cutoff) {
        const Occurrences::Counted missed = occurrences.count(
            schedule->decided_to, cutoff + Duration{-1}, missed_at_once_max);
        decision.records.push_back(
            schedule_record(*schedule, schedule_actor, record_time(state, now),
                            ScheduleMissed{missed.first, missed.last, missed.count}));
        return decision;
    }
    const bool is_late = now.wall - *next > on_time;
    firing.decide_due(decision, *next, is_late ? FireCause::catch_up : FireCause::due);
    return decision;
}

Decision set_schedule(const State& state, const SetSchedule& command, Now now) {
    const std::string entity = schedule_entity(command.tenant, command.name);
    const Schedule* schedule = find_own(state, command.tenant, command.name);
    if (schedule != nullptr && schedule->spec.is_trigger) {
        return refuse(Problem::changed_meanwhile,
                      "the schedule belongs to the workflow " + schedule->spec.workflow +
                          "; apply another version of that");
    }
    if (!command.spec.workflow.empty()) {
        if (const Result<void> fits = check_workflow(state, command.tenant, command.spec); !fits) {
            Decision refused;
            refused.answer = fits.error();
            return refused;
        }
    }
    const WallTime at = record_time(state, now);
    if (command.spec.timing.kind == TimingKind::once && command.spec.timing.at <= at) {
        Decision refused;
        refused.answer = Error{Problem::out_of_range,
                               "the instant has passed",
                               {{"/at", "out-of-range", "the instant has passed"}}};
        return refused;
    }
    return set_spec(state, command, at);
}

Decision set_spec(const State& state, const SetSchedule& command, WallTime at) {
    const Schedule* schedule = find_own(state, command.tenant, command.name);
    Decision decision;
    ScheduleSet set;
    set.spec = text_or_body(json_of(command.spec).canonical_text(), decision.bodies);
    if (command.definition != nullptr) {
        set.definition = command.definition->digest;
    }
    if (schedule != nullptr && schedule->spec_text == set.spec &&
        schedule->definition_digest == set.definition) {
        decision.bodies.clear();
        return decision;
    }
    if (!fits_in_record(set)) {
        return refuse(Problem::invalid_value, "the schedule's texts are not UTF-8 or too long");
    }
    if (command.definition != nullptr) {
        decision.bodies.push_back({command.definition->digest, command.definition->body});
    }
    decision.records.push_back(
        Record{Entity{std::nullopt, schedule_entity(command.tenant, command.name)},
               command.tenant, command.actor, at, std::move(set)});
    return decision;
}

Decision switch_schedule(const State& state, const SwitchSchedule& command, Now now) {
    const Schedule* schedule = find_own(state, command.tenant, command.name);
    if (schedule == nullptr) {
        return no_schedule();
    }
    Decision decision;
    const auto add = [&](Payload payload) {
        decision.records.push_back(schedule_record(*schedule, command.actor,
                                                   record_time(state, now), std::move(payload)));
    };
    switch (command.to) {
        case ScheduleSwitch::pause:
            if (!schedule->is_paused) {
                add(SchedulePaused{});
            }
            return decision;
        case ScheduleSwitch::resume:
            if (schedule->is_paused) {
                add(ScheduleResumed{});
            }
            return decision;
        case ScheduleSwitch::remove:
            if (schedule->spec.is_trigger) {
                return refuse(Problem::changed_meanwhile,
                              "the schedule belongs to the workflow " + schedule->spec.workflow +
                                  "; pause it, or apply a version without this trigger");
            }
            add(ScheduleDeleted{});
            return decision;
    }
    ATTACCA_CHECK(false);
}

namespace {

// Occurrences that a person asks for: a refusal is told to them, so it leaves no record.
Decision start_asked(const State& state,
                     const Schedule& schedule,
                     const BackfillSchedule& command,
                     FireCause cause,
                     Now now) {
    SubmitJobs submit{command.tenant, command.actor, {}, {}};
    Decision decision;
    for (const BackfillSchedule::Occurrence& one : command.occurrences) {
        Result<NewJob> job = job_of_schedule(state, schedule, one.nominal);
        if (!job) {
            Decision refused;
            refused.answer = job.error();
            return refused;
        }
        job->id = one.job;
        submit.jobs.push_back(std::move(*job));
        decision.records.push_back(
            schedule_record(schedule, command.actor, record_time(state, now),
                            ScheduleFired{one.nominal, cause, FireOutcome::started, one.job, {}}));
    }
    Decision submitted = submit_jobs(state, submit, now);
    if (refusal_in(submitted.answer) != nullptr) {
        return submitted;
    }
    decision.answer = submitted.answer;
    append(decision, std::move(submitted));
    return decision;
}

}  // namespace

Decision trigger_schedule(const State& state, const TriggerSchedule& command, Now now) {
    const Schedule* schedule = find_own(state, command.tenant, command.name);
    if (schedule == nullptr) {
        return no_schedule();
    }
    const BackfillSchedule one{
        command.tenant, command.actor, command.name, 0, {{now.wall, command.job}}};
    return start_asked(state, *schedule, one, FireCause::trigger, now);
}

Decision backfill_schedule(const State& state, const BackfillSchedule& command, Now now) {
    ATTACCA_CHECK(!command.occurrences.empty());
    const Schedule* schedule = find_own(state, command.tenant, command.name);
    if (schedule == nullptr) {
        return no_schedule();
    }
    const auto eseq = state.entity_eseq.find(schedule_entity(command.tenant, command.name));
    if (eseq == state.entity_eseq.end() || eseq->second != command.eseq + 1) {
        return refuse(Problem::changed_meanwhile,
                      "the schedule decided something meanwhile; ask again");
    }
    for (const BackfillSchedule::Occurrence& one : command.occurrences) {
        const bool is_queued = std::find(schedule->queued.begin(), schedule->queued.end(),
                                         one.nominal) != schedule->queued.end();
        if (one.nominal > schedule->decided_to || is_queued) {
            return refuse(Problem::out_of_range,
                          rfc3339_ms(one.nominal) + " has not been decided yet");
        }
    }
    return start_asked(state, *schedule, command, FireCause::backfill, now);
}

}  // namespace attacca::core
