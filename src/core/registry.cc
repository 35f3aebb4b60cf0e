// SPDX-License-Identifier: Apache-2.0
#include "core/registry.h"

#include <algorithm>
#include <utility>

#include "base/seeded_bug.h"
#include "core/apply.h"

namespace attacca::core {
namespace {

Error misfit(const Record& record, std::string_view why) {
    return fail(Problem::corrupt,
                std::string(type_name_of(record.payload)) + " of " + record.entity.text() + ": " +
                    std::string(why));
}

// The last part of an entity is the name.
std::string name_in(const std::string& entity) {
    return entity.substr(entity.rfind('/') + 1);
}

Result<std::string> text_of(const TextOrBody& value, Bodies& bodies) {
    return value.body ? bodies.text(*value.body) : Result<std::string>(value.text);
}

Result<void> read_spec(Schedule& schedule, Bodies& bodies) {
    ATTACCA_TRY(const std::string text, text_of(schedule.spec_text, bodies));
    ATTACCA_TRY(schedule.spec, load_schedule_spec(text));
    schedule.definition.reset();
    if (schedule.definition_digest) {
        ATTACCA_TRY(schedule.definition, bodies.definition(*schedule.definition_digest));
    }
    return {};
}

Result<void> read_newest(Workflow& workflow, Bodies& bodies) {
    ATTACCA_TRY(workflow.definition, bodies.definition(workflow.newest().definition));
    ATTACCA_TRY(workflow.details, text_of(workflow.newest().details, bodies));
    return {};
}

}  // namespace

const Schedule* Registry::schedule(const std::string& entity) const {
    const auto it = schedules_.find(entity);
    return it == schedules_.end() ? nullptr : &it->second;
}

const Workflow* Registry::workflow(const std::string& entity) const {
    const auto it = workflows_.find(entity);
    return it == workflows_.end() ? nullptr : &it->second;
}

std::vector<std::string> Registry::schedules_of(std::string_view tenant,
                                                std::string_view workflow) const {
    std::vector<std::string> out;
    for (const auto& [entity, schedule] : schedules_) {
        if (!schedule.is_deleted && schedule.tenant == tenant &&
            schedule.spec.workflow == workflow) {
            out.push_back(entity);
        }
    }
    return out;
}

Schedule* Registry::waiting(const Record& record) {
    const auto it = schedules_.find(record.entity.name);
    if (it == schedules_.end() || it->second.is_deleted) {
        return nullptr;
    }
    touched_.insert(record.entity.name);
    return &it->second;
}

Result<void> Registry::fold(const Record& record, const ScheduleSet& set, Bodies& bodies) {
    if (!record.entity.name.starts_with("schedule/")) {
        return misfit(record, "this record is about a schedule");
    }
    Schedule fresh;
    fresh.spec_text = set.spec;
    fresh.definition_digest = set.definition;
    const Result<void> read = read_spec(fresh, bodies);
    if (!read) {
        return read;
    }
    const auto [it, is_added] = schedules_.try_emplace(record.entity.name);
    Schedule& schedule = it->second;
    if (is_added || schedule.is_deleted) {
        fresh.decided_to = schedule.decided_to;
        schedule = std::move(fresh);
        schedule.tenant = record.tenant;
        schedule.name = name_in(record.entity.name);
        schedule.created_at = record.at;
    } else {
        schedule.spec_text = std::move(fresh.spec_text);
        schedule.definition_digest = fresh.definition_digest;
        schedule.spec = std::move(fresh.spec);
        schedule.definition = std::move(fresh.definition);
    }
    schedule.queued.clear();
    schedule.set_at = record.at;
    schedule.decided_to = std::max(schedule.decided_to, record.at);
    touched_.insert(record.entity.name);
    return {};
}

Result<void> Registry::fold(const Record& record, const SchedulePaused&, Bodies&) {
    Schedule* schedule = waiting(record);
    if (schedule == nullptr || schedule->is_paused) {
        return misfit(record, "there is no such schedule that is not paused");
    }
    schedule->is_paused = true;
    return {};
}

Result<void> Registry::fold(const Record& record, const ScheduleResumed&, Bodies&) {
    Schedule* schedule = waiting(record);
    if (schedule == nullptr || !schedule->is_paused) {
        return misfit(record, "there is no such schedule that is paused");
    }
    schedule->is_paused = false;
    // What passed meanwhile was not missed: somebody wanted it to pass.
    schedule->decided_to = std::max(schedule->decided_to, record.at);
    return {};
}

Result<void> Registry::fold(const Record& record, const ScheduleDeleted&, Bodies&) {
    Schedule* schedule = waiting(record);
    if (schedule == nullptr) {
        return misfit(record, "there is no such schedule");
    }
    schedule->is_deleted = true;
    schedule->is_paused = false;
    schedule->queued.clear();
    schedule->definition.reset();
    return {};
}

Result<void> Registry::fold(const Record& record, const ScheduleFired& fired, Bodies&) {
    Schedule* schedule = waiting(record);
    if (schedule == nullptr) {
        return misfit(record, "there is no such schedule");
    }
    switch (fired.cause) {
        case FireCause::due:
        case FireCause::catch_up:
            if (fired.nominal <= schedule->decided_to) {
                return misfit(record, "the occurrence was decided before");
            }
            if (!ATTACCA_BUG(BUG_SKIPPED_DECIDED_AGAIN) ||
                fired.outcome != FireOutcome::skipped) {
                schedule->decided_to = fired.nominal;
            }
            break;
        case FireCause::queue:
            if (schedule->queued.empty() || schedule->queued.front() != fired.nominal) {
                return misfit(record, "the occurrence is not the next of the queue");
            }
            schedule->queued.pop_front();
            break;
        case FireCause::backfill:
        case FireCause::trigger: break;
    }
    switch (fired.outcome) {
        case FireOutcome::started: ++schedule->started; break;
        case FireOutcome::queued: schedule->queued.push_back(fired.nominal); break;
        case FireOutcome::skipped:
        case FireOutcome::refused: ++schedule->skipped; break;
    }
    schedule->last = Schedule::Last{fired.nominal, fired.outcome, fired.job};
    return {};
}

Result<void> Registry::fold(const Record& record, const ScheduleMissed& missed, Bodies&) {
    Schedule* schedule = waiting(record);
    if (schedule == nullptr || missed.first <= schedule->decided_to ||
        missed.last < missed.first) {
        return misfit(record, "the occurrences were decided before");
    }
    schedule->decided_to = missed.last;
    schedule->missed += missed.count;
    return {};
}

Result<void> Registry::fold(const Record& record,
                            const WorkflowApplied& applied,
                            Bodies& bodies) {
    if (!record.entity.name.starts_with("workflow/")) {
        return misfit(record, "this record is about a workflow");
    }
    const auto it = workflows_.find(record.entity.name);
    const std::uint32_t expected =
        it == workflows_.end() ? 1 : it->second.newest().version + 1;
    if (applied.version != expected) {
        return misfit(record, "the version is not the next one");
    }
    Workflow next = it == workflows_.end() ? Workflow{} : it->second;
    next.tenant = record.tenant;
    next.name = name_in(record.entity.name);
    next.versions.push_back({applied.version, applied.definition, applied.details, record.at});
    const Result<void> read = read_newest(next, bodies);
    if (!read) {
        return read;
    }
    workflows_[record.entity.name] = std::move(next);
    return {};
}

Result<void> Registry::fold(const Record& record, const WorkflowDisabled&, Bodies&) {
    const auto it = workflows_.find(record.entity.name);
    if (it == workflows_.end() || !it->second.is_enabled) {
        return misfit(record, "there is no such workflow that is enabled");
    }
    it->second.is_enabled = false;
    return {};
}

Result<void> Registry::fold(const Record& record, const WorkflowEnabled&, Bodies&) {
    const auto it = workflows_.find(record.entity.name);
    if (it == workflows_.end() || it->second.is_enabled) {
        return misfit(record, "there is no such workflow that is disabled");
    }
    it->second.is_enabled = true;
    return {};
}

const Holds& Registry::holds(std::string_view tenant) const {
    static const Holds none;
    const auto it = holds_.find(hold_entity(tenant));
    return it == holds_.end() ? none : it->second;
}

Result<void> Registry::fold(const Record& record, const HoldPlaced& placed, Bodies&) {
    const bool is_its_own = record.entity.name == hold_entity(record.tenant);
    if (!is_its_own || !holds_[record.entity.name].place(
                           {placed.job, placed.matter, placed.by, record.at})) {
        return misfit(record, "the hold stands already, or is of another tenant");
    }
    return {};
}

Result<void> Registry::fold(const Record& record, const HoldReleased& released, Bodies&) {
    const auto it = holds_.find(record.entity.name);
    if (it == holds_.end() || !it->second.release(released.job, released.matter)) {
        return misfit(record, "no such hold stands");
    }
    return {};
}

const std::set<JobId>& Registry::active(const std::string& entity) const {
    static const std::set<JobId> none;
    const auto it = active_.find(entity);
    return it == active_.end() ? none : it->second;
}

void Registry::note_job(const JobId& job, const std::string& entity) {
    schedule_of_[job] = entity;
    active_[entity].insert(job);
}

void Registry::note_end(const JobId& job) {
    const auto it = schedule_of_.find(job);
    if (it == schedule_of_.end()) {
        return;
    }
    const auto active = active_.find(it->second);
    active->second.erase(job);
    if (active->second.empty()) {
        active_.erase(active);
    }
    touched_.insert(it->second);
    schedule_of_.erase(it);
}

std::string Registry::image_of(const std::string& entity) const {
    if (const Schedule* one = schedule(entity)) {
        return core::image_of(*one);
    }
    if (const Workflow* one = workflow(entity)) {
        return core::image_of(*one);
    }
    if (const Breaker* one = breaker(entity)) {
        return core::image_of(*one);
    }
    if (const Reservation* one = lane(entity)) {
        return core::image_of(*one);
    }
    if (const auto erasure = erasures_.find(entity); erasure != erasures_.end()) {
        return core::image_of(erasure->second);
    }
    if (std::string image = image_of_letter(entity); !image.empty()) {
        return image;
    }
    const auto holds = holds_.find(entity);
    return holds == holds_.end() ? std::string{} : core::image_of(holds->second);
}

Result<void> Registry::load(const std::string& entity, std::string_view image, Bodies& bodies) {
    if (entity.starts_with("schedule/")) {
        ATTACCA_TRY(Schedule schedule, load_schedule(image));
        if (!schedule.is_deleted) {
            const Result<void> read = read_spec(schedule, bodies);
            if (!read) {
                return read;
            }
        }
        schedules_[entity] = std::move(schedule);
        touched_.insert(entity);
    } else if (entity.starts_with("workflow/")) {
        ATTACCA_TRY(Workflow workflow, load_workflow(image));
        const Result<void> read = read_newest(workflow, bodies);
        if (!read) {
            return read;
        }
        workflows_[entity] = std::move(workflow);
    } else if (entity.starts_with("hold/")) {
        ATTACCA_TRY(holds_[entity], load_holds(image));
    } else if (entity.starts_with(erasure_prefix)) {
        ATTACCA_TRY(erasures_[entity], load_erasure(image));
    } else if (entity.starts_with("breaker/")) {
        ATTACCA_TRY(Breaker breaker, load_breaker(image));
        add_breaker(entity, std::move(breaker));
    } else if (entity.starts_with("lane/")) {
        ATTACCA_TRY(Reservation reservation, load_reservation(image));
        add_lane(entity, std::move(reservation));
    } else if (entity.starts_with("dead-letter/")) {
        return load_letter(image);
    }
    return {};
}

std::set<std::string> Registry::take_touched() { return std::exchange(touched_, {}); }

}  // namespace attacca::core
