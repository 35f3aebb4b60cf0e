// SPDX-License-Identifier: Apache-2.0
#include "ref_schedules.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "invariants/i18_occurrences_decided_once.h"

namespace attacca::sim {
namespace {

using core::FireCause;
using core::FireOutcome;

constexpr std::int64_t on_time_us = 60'000'000;
constexpr std::uint64_t missed_at_once_max = 100'000;

std::string last_part(const std::string& entity) {
    return entity.substr(entity.rfind('/') + 1);
}

bool is_asked_for(FireCause cause) {
    return cause == FireCause::backfill || cause == FireCause::trigger;
}

}  // namespace

void RefSchedules::know(SchedulePlan plan) {
    std::string text = plan.text();
    plans_.try_emplace(std::move(text), std::move(plan));
}

bool RefSchedules::is_any_waiting() const {
    return std::any_of(schedules_.begin(), schedules_.end(),
                       [](const auto& one) { return one.second.is_waiting(); });
}

const Blueprint* RefSchedules::blueprint_of(const RefSchedule& schedule) const {
    if (schedule.plan->workflow.empty()) {
        return schedule.plan->blueprint;
    }
    const auto it =
        workflows_.find("workflow/" + schedule.tenant + "/" + schedule.plan->workflow);
    return it == workflows_.end() || !it->second.is_enabled ? nullptr
                                                            : it->second.versions.back();
}

RefSchedule* RefSchedules::waiting(const core::Record& record) {
    const auto it = schedules_.find(record.entity.name);
    if (it == schedules_.end() || it->second.is_deleted || it->second.tenant != record.tenant) {
        report(record.entity.name, "is not there, or another tenant's, and has a record");
        return nullptr;
    }
    return &it->second;
}

std::optional<RefSchedules::Promise> RefSchedules::take(const core::Record& record, WallSpan wall,
                                                        const JobOf& job_of) {
    if (const auto* fired = std::get_if<core::ScheduleFired>(&record.payload)) {
        return fire(record, *fired, wall, job_of);
    }
    if (const auto* missed = std::get_if<core::ScheduleMissed>(&record.payload)) {
        miss(record, *missed, wall);
    } else if (const auto* is_set = std::get_if<core::ScheduleSet>(&record.payload)) {
        set(record, *is_set);
    } else if (const auto* applied = std::get_if<core::WorkflowApplied>(&record.payload)) {
        apply(record, *applied);
    } else if (std::holds_alternative<core::WorkflowDisabled>(record.payload) ||
               std::holds_alternative<core::WorkflowEnabled>(record.payload)) {
        workflows_[record.entity.name].is_enabled =
            std::holds_alternative<core::WorkflowEnabled>(record.payload);
    } else if (RefSchedule* schedule = waiting(record)) {
        const bool is_resumed = std::holds_alternative<core::ScheduleResumed>(record.payload);
        schedule->is_deleted = std::holds_alternative<core::ScheduleDeleted>(record.payload);
        schedule->is_paused = std::holds_alternative<core::SchedulePaused>(record.payload);
        if (schedule->is_deleted) {
            schedule->queued.clear();
        } else if (is_resumed && record.at.us > schedule->decided_to) {
            const auto next = schedule->next();
            if (next && *next <= record.at.us) {
                marks_.hit(Mark::schedule_paused_over);
            }
            schedule->decided_to = record.at.us;
        }
    }
    return std::nullopt;
}

void RefSchedules::set(const core::Record& record, const core::ScheduleSet& set) {
    const auto plan = plans_.find(set.spec.text);
    if (plan == plans_.end()) {
        report(record.entity.name, "was set to what nobody asked for");
        return;
    }
    RefSchedule& schedule = schedules_[record.entity.name];
    if (schedule.plan == nullptr || schedule.is_deleted) {
        if (schedule.is_deleted) {
            marks_.hit(Mark::schedule_made_again);
        }
        RefSchedule fresh;
        fresh.tenant = record.tenant;
        fresh.name = last_part(record.entity.name);
        fresh.decided_to = schedule.decided_to;
        fresh.with_job = std::move(schedule.with_job);
        fresh.jobs = std::move(schedule.jobs);
        schedule = std::move(fresh);
    }
    schedule.plan = &plan->second;
    schedule.set_at = record.at.us;
    schedule.decided_to = std::max(schedule.decided_to, record.at.us);
    schedule.queued.clear();
    schedule.without_job.clear();
}

void RefSchedules::apply(const core::Record& record, const core::WorkflowApplied& applied) {
    RefWorkflow& workflow = workflows_[record.entity.name];
    const auto blueprint = blueprints_.find(applied.definition);
    if (blueprint == blueprints_.end() || applied.version != workflow.versions.size() + 1) {
        report(record.entity.name, "got a version that nobody asked for");
        return;
    }
    if (!workflow.versions.empty()) {
        marks_.hit(Mark::workflow_changed);
    }
    workflow.tenant = record.tenant;
    workflow.name = last_part(record.entity.name);
    workflow.versions.push_back(blueprint->second);
}

void RefSchedules::check_turn(const RefSchedule& schedule, const core::ScheduleFired& fired,
                              WallSpan wall) {
    const std::string entity = "schedule " + schedule.tenant + "/" + schedule.name;
    const std::int64_t nominal = fired.nominal.us;
    if (schedule.is_paused && !is_asked_for(fired.cause)) {
        report(entity, "decided something while it was paused");
    }
    if (fired.cause == FireCause::queue &&
        (schedule.queued.empty() || schedule.queued.front() != nominal)) {
        report(entity, "took another occurrence than the first of its queue");
    }
    if (fired.cause == FireCause::backfill &&
        (nominal > schedule.decided_to || !schedule.without_job.contains(nominal))) {
        report(entity, "filled back what was not decided, or had a job");
    }
    if (fired.cause != FireCause::due && fired.cause != FireCause::catch_up) {
        return;
    }
    check_in_turn(violations_, {entity, schedule.next(), wall.until}, nominal);
    const bool is_late = fired.cause == FireCause::catch_up;
    if (is_late ? wall.until - nominal <= on_time_us : wall.from - nominal > on_time_us) {
        report(entity, is_late ? "calls an occurrence late that is not"
                               : "calls an occurrence due that is late");
    }
    const auto after = schedule.plan->next(schedule.set_at, nominal);
    const bool is_superseded =
        schedule.plan->catch_up == core::CatchUp::once && after && *after <= wall.from;
    if (is_superseded || nominal < wall.from - schedule.plan->patience_us()) {
        report(entity, "made up for an occurrence that it had to leave out");
    }
}

// What the overlap rule makes of the occurrence, given the jobs that are live.
void RefSchedules::check_overlap(RefSchedule& schedule, const core::ScheduleFired& fired,
                                 const JobOf& job_of) {
    std::erase_if(schedule.jobs, [&](const core::JobId& id) {
        const RefJob* job = job_of(id);
        return job != nullptr && job->is_gone();
    });
    const bool starts =
        fired.outcome == FireOutcome::started || fired.outcome == FireOutcome::refused;
    bool is_right = starts;
    if (!schedule.jobs.empty() && !is_asked_for(fired.cause)) {
        switch (schedule.plan->overlap) {
            case core::Overlap::allow: break;
            case core::Overlap::skip: is_right = fired.outcome == FireOutcome::skipped; break;
            case core::Overlap::queue:
                is_right = fired.outcome == (schedule.queued.size() < core::queued_occurrences_max
                                                 ? FireOutcome::queued
                                                 : FireOutcome::skipped);
                break;
            case core::Overlap::cancel_running:
                is_right = starts && std::all_of(schedule.jobs.begin(), schedule.jobs.end(),
                                                 [&](const core::JobId& id) {
                                                     const RefJob* job = job_of(id);
                                                     return job != nullptr && job->is_cancelling;
                                                 });
                marks_.hit(Mark::schedule_cancelled_running);
                break;
        }
        is_right = is_right && fired.cause != FireCause::queue;
    }
    if (!is_right) {
        report(schedule.tenant + "/" + schedule.name,
               "broke its overlap rule " + std::string(core::name_of(schedule.plan->overlap)) +
                   ": " + std::string(core::name_of(fired.outcome)) + " by " +
                   std::string(core::name_of(fired.cause)) + " while " +
                   std::to_string(schedule.jobs.size()) + " jobs are live and " +
                   std::to_string(schedule.queued.size()) + " are queued");
    }
    if (starts && (fired.outcome == FireOutcome::started) == !fired.job) {
        report(schedule.tenant + "/" + schedule.name, "started no job, or refused to and did");
    }
    if (fired.outcome == FireOutcome::started && blueprint_of(schedule) == nullptr) {
        report(schedule.tenant + "/" + schedule.name, "started a disabled workflow");
    }
}

void RefSchedules::decide(RefSchedule& schedule, const core::ScheduleFired& fired) {
    const std::int64_t nominal = fired.nominal.us;
    if (fired.cause == FireCause::due || fired.cause == FireCause::catch_up) {
        schedule.decided_to = nominal;
    } else if (fired.cause == FireCause::queue) {
        schedule.queued.pop_front();
    }
    if (fired.cause == FireCause::trigger) {
        return;
    }
    if (fired.outcome == FireOutcome::started) {
        check_first_job(violations_, schedule.tenant + "/" + schedule.name, nominal,
                        schedule.with_job.insert(nominal).second);
        schedule.without_job.erase(nominal);
    } else if (fired.outcome != FireOutcome::queued) {
        schedule.without_job.insert(nominal);
    }
}

void RefSchedules::count(RefSchedule& schedule, const core::ScheduleFired& fired) {
    static constexpr Mark by_cause[] = {Mark::schedule_fired, Mark::schedule_caught_up,
                                        Mark::schedule_queue_taken, Mark::schedule_filled_back,
                                        Mark::schedule_triggered};
    switch (fired.outcome) {
        case FireOutcome::started:
            ++schedule.started;
            marks_.hit(by_cause[static_cast<std::size_t>(fired.cause)]);
            return;
        case FireOutcome::queued:
            schedule.queued.push_back(fired.nominal.us);
            marks_.hit(Mark::schedule_queued);
            return;
        case FireOutcome::skipped:
            ++schedule.skipped;
            marks_.hit(Mark::schedule_skipped);
            return;
        case FireOutcome::refused:
            ++schedule.skipped;
            marks_.hit(blueprint_of(schedule) == nullptr ? Mark::workflow_disabled_refused
                                                         : Mark::schedule_refused);
            return;
    }
}

std::optional<RefSchedules::Promise> RefSchedules::fire(const core::Record& record,
                                                        const core::ScheduleFired& fired,
                                                        WallSpan wall, const JobOf& job_of) {
    RefSchedule* schedule = waiting(record);
    if (schedule == nullptr) {
        return std::nullopt;
    }
    check_turn(*schedule, fired, wall);
    check_overlap(*schedule, fired, job_of);
    if (violations_.is_broken()) {
        return std::nullopt;
    }
    decide(*schedule, fired);
    count(*schedule, fired);
    if (fired.outcome != FireOutcome::started) {
        return std::nullopt;
    }
    schedule->jobs.push_back(*fired.job);
    awaited_.insert(*fired.job);
    return Promise{*fired.job, blueprint_of(*schedule)};
}

void RefSchedules::miss(const core::Record& record, const core::ScheduleMissed& missed,
                        WallSpan wall) {
    RefSchedule* schedule = waiting(record);
    if (schedule == nullptr) {
        return;
    }
    const SchedulePlan& plan = *schedule->plan;
    if (schedule->is_paused) {
        report(record.entity.name, "missed something while it was paused");
    }
    check_in_turn(violations_, {record.entity.name, schedule->next(), wall.until},
                  missed.first.us);
    const std::int64_t span = missed.last.us - missed.first.us;
    const bool is_one = span == 0 && missed.count == 1;
    const bool is_run = plan.period_us != 0 && span % plan.period_us == 0 &&
                        missed.count == static_cast<std::uint64_t>(span / plan.period_us) + 1;
    if ((!is_one && !is_run) || missed.count > missed_at_once_max) {
        report(record.entity.name, "missed another number of occurrences than it says");
    }
    const auto after = plan.next(schedule->set_at, missed.last.us);
    const bool is_superseded =
        plan.catch_up == core::CatchUp::once && after && *after <= wall.until;
    if (!is_superseded && missed.last.us >= wall.until - plan.patience_us()) {
        report(record.entity.name, "missed what it could make up for");
    }
    marks_.hit(Mark::schedule_missed);
    schedule->decided_to = missed.last.us;
    schedule->missed += missed.count;
    // Of a long time only the end is worth a backfill.
    const std::int64_t from = std::max(missed.first.us, missed.last.us - 20 * plan.period_us);
    for (std::int64_t at = missed.last.us; at >= from; at -= plan.period_us) {
        schedule->without_job.insert(at);
        if (plan.period_us == 0) {
            break;
        }
    }
}

void RefSchedules::check_made() {
    if (!awaited_.empty()) {
        violations_.report("I18", "an occurrence says that it started job " +
                                      awaited_.begin()->text() + ", which is not in its batch");
    }
}

void RefSchedules::check_state(const core::Registry& registry) {
    for (const auto& [entity, told] : schedules_) {
        const core::Schedule* own = registry.schedule(entity);
        const bool is_same =
            own != nullptr && own->is_paused == (told.is_paused && !told.is_deleted) &&
            own->is_deleted == told.is_deleted && own->decided_to.us == told.decided_to &&
            own->started == told.started && own->skipped == told.skipped &&
            own->missed == told.missed &&
            std::equal(own->queued.begin(), own->queued.end(), told.queued.begin(),
                       told.queued.end(),
                       [](WallTime one, std::int64_t other) { return one.us == other; });
        if (!is_same) {
            violations_.report("I26", entity + " is not what its records tell");
        }
    }
    for (const auto& [entity, told] : workflows_) {
        const core::Workflow* own = registry.workflow(entity);
        const bool is_same =
            own != nullptr && own->is_enabled == told.is_enabled &&
            own->versions.size() == told.versions.size() &&
            own->definition->digest == told.versions.back()->definition->digest;
        if (!is_same) {
            violations_.report("I26", entity + " is not what its records tell");
        }
    }
}

void RefSchedules::check_not_overdue(std::int64_t wall) {
    for (const auto& [entity, schedule] : schedules_) {
        const auto next = schedule.is_waiting() ? schedule.next() : std::nullopt;
        if (next && *next < wall) {
            report(entity, "has not decided " + std::to_string(*next) + ", which has passed");
        }
    }
}

}  // namespace attacca::sim
