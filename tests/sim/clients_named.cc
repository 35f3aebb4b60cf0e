// SPDX-License-Identifier: Apache-2.0
#include <utility>
#include <variant>

#include "clients.h"

// What clients ask about schedules and workflows.

namespace attacca::sim {

void Clients::draw_named(Request& request) {
    request.kind = Kind::named;
    request.tenant =
        context_.durable.tenants().existing(context_.prng.below(context_.knobs.tenants));
    const std::uint32_t what = context_.prng.below(100);
    if (what < 25) {
        draw_workflow(request, workflow_name(context_.prng.below(workflow_names)));
        return;
    }
    const std::string name = schedule_name(context_.prng.below(schedule_names));
    if (what < 55) {
        draw_schedule(request, name);
    } else if (what < 75) {
        static constexpr core::ScheduleSwitch switches[] = {
            core::ScheduleSwitch::pause, core::ScheduleSwitch::resume,
            core::ScheduleSwitch::resume, core::ScheduleSwitch::remove};
        request.named = core::SwitchSchedule{request.tenant, "usr:1", name,
                                             switches[context_.prng.below(4)]};
    } else if (what < 85) {
        request.named = core::TriggerSchedule{request.tenant, "usr:1", name, {}};
    } else {
        draw_backfill(request, name);
    }
}

void Clients::draw_schedule(Request& request, const std::string& name) {
    SchedulePlan plan = draw_plan(context_.prng, context_.clock.now().wall);
    const std::uint32_t which =
        context_.prng.below(static_cast<std::uint32_t>(context_.blueprints.size()));
    core::SetSchedule command{request.tenant, "usr:1", name, {}, nullptr};
    if (context_.prng.chance(300)) {
        plan.workflow = workflow_name(context_.prng.below(workflow_names));
        plan.spec.workflow = plan.workflow;
    } else {
        plan.blueprint = &context_.blueprints[which];
        plan.spec.job_name = "b" + std::to_string(which);
        command.definition = plan.blueprint->definition;
    }
    command.spec = plan.spec;
    context_.durable.schedules().know(std::move(plan));
    request.named = std::move(command);
}

void Clients::draw_workflow(Request& request, const std::string& name) {
    if (context_.prng.chance(300)) {
        const bool is_enabled = context_.prng.chance(600);
        request.named = core::SwitchWorkflow{request.tenant, "usr:1", name, is_enabled};
        return;
    }
    const std::uint32_t which =
        context_.prng.below(static_cast<std::uint32_t>(context_.blueprints.size()));
    core::ApplyWorkflow command{request.tenant, "usr:1", name,
                                context_.blueprints[which].definition, {}, {}};
    if (context_.prng.chance(300)) {
        SchedulePlan plan = draw_plan(context_.prng, context_.clock.now().wall);
        plan.workflow = name;
        plan.spec.workflow = name;
        plan.spec.is_trigger = true;
        command.triggers.push_back(plan.spec);
        context_.durable.schedules().know(std::move(plan));
    }
    request.named = std::move(command);
}

// As the edge does: it reads what the schedule decided, and names the last record that it saw.
void Clients::draw_backfill(Request& request, const std::string& name) {
    const std::string entity = core::schedule_entity(request.tenant, name);
    const RefSchedule* schedule = context_.durable.schedules().schedule(entity);
    request.named = core::TriggerSchedule{request.tenant, "usr:1", name, {}};
    if (schedule == nullptr || schedule->without_job.empty()) {
        return;
    }
    core::BackfillSchedule command{request.tenant, "usr:1", name, 0, {}};
    command.eseq = context_.durable.entities().at(entity) - 1;
    for (const std::int64_t nominal : schedule->without_job) {
        if (command.occurrences.size() < 3 && context_.prng.chance(500)) {
            command.occurrences.push_back({{nominal}, {}});
        }
    }
    if (!command.occurrences.empty()) {
        request.named = std::move(command);
    }
}

// In the last phase nothing new comes: schedules are deleted, those of workflows paused.
bool Clients::draw_end_of_schedules(Request& request) {
    for (const auto& [entity, schedule] : context_.durable.schedules().schedules()) {
        if (schedule.is_waiting()) {
            const bool is_trigger = schedule.plan->spec.is_trigger;
            request.kind = Kind::named;
            request.tenant = schedule.tenant;
            request.named = core::SwitchSchedule{
                schedule.tenant, "usr:1", schedule.name,
                is_trigger ? core::ScheduleSwitch::pause : core::ScheduleSwitch::remove};
            return true;
        }
    }
    return false;
}

void Clients::draw_ids(core::Command& command) {
    if (auto* trigger = std::get_if<core::TriggerSchedule>(&command)) {
        trigger->job = context_.add_intent().id;
    } else if (auto* backfill = std::get_if<core::BackfillSchedule>(&command)) {
        for (core::BackfillSchedule::Occurrence& one : backfill->occurrences) {
            one.job = context_.add_intent().id;
        }
    } else if (auto* replay = std::get_if<core::SubmitJobs>(&command)) {
        for (core::NewJob& job : replay->jobs) {
            Intent& intent = context_.add_intent();
            intent.blueprint = context_.durable.at(index_of(*job.retry_of)).blueprint;
            intent.tenant = replay->tenant;
            job.id = intent.id;
        }
    }
}

void Clients::check_named(const Request& request, const core::Answer& given) {
    check_letter(request, given);
    check_erasure(request, given);
    check_breaker(request, given);
    const auto* set = std::get_if<core::SetSchedule>(&request.named);
    const bool is_there =
        set == nullptr || context_.durable.schedules().schedule(
                              core::schedule_entity(set->tenant, set->name)) != nullptr;
    if (given && !is_there) {
        context_.violations.report("I01", "a schedule was answered before it was durable");
    }
    if (!given && given.error().problem == Problem::changed_meanwhile &&
        std::holds_alternative<core::BackfillSchedule>(request.named)) {
        context_.marks.hit(Mark::schedule_overtook_backfill);
    }
}

}  // namespace attacca::sim
