// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include "core/decide_parts.h"
#include "core/ledger/codec.h"
#include "core/schedule_job.h"

// The rules of workflows: versions, and the schedules that a file's triggers are.

namespace attacca::core {
namespace {

void take(Decision& decision, Decision part) {
    std::move(part.records.begin(), part.records.end(), std::back_inserter(decision.records));
    std::move(part.bodies.begin(), part.bodies.end(), std::back_inserter(decision.bodies));
}

std::string trigger_name(const std::string& workflow, std::size_t position) {
    return position == 0 ? workflow : workflow + "-" + std::to_string(position + 1);
}

// A name that somebody else's schedule has is no trigger's to take.
Result<void> check_trigger(const State& state,
                           const ApplyWorkflow& command,
                           const std::string& name,
                           std::size_t position) {
    const Schedule* schedule = state.registry.schedule(schedule_entity(command.tenant, name));
    const bool is_free = schedule == nullptr || schedule->is_deleted ||
                         (schedule->spec.is_trigger && schedule->spec.workflow == command.name);
    const std::string pointer = "/triggers/schedule/" + std::to_string(position);
    if (!is_free) {
        const std::string why = "there is another schedule of the name " + name;
        return Error{Problem::changed_meanwhile, why, {{pointer, "changed-meanwhile", why}}};
    }
    const Result<Json> bound = bind_params(command.definition->params, Json::object());
    if (!bound) {
        const std::string why = "a trigger gives no parameters: " + bound.error().text();
        return Error{Problem::missing_field, why, {{pointer, "missing-field", why}}};
    }
    return {};
}

// The schedules become those of the file; what it no longer names is deleted.
Result<Decision> set_triggers(const State& state, const ApplyWorkflow& command, WallTime at) {
    Decision decision;
    std::vector<std::string> kept;
    for (std::size_t i = 0; i < command.triggers.size(); ++i) {
        const std::string name = trigger_name(command.name, i);
        if (const Result<void> free = check_trigger(state, command, name, i); !free) {
            return free.error();
        }
        kept.push_back(schedule_entity(command.tenant, name));
        SetSchedule set{command.tenant, command.actor, name, command.triggers[i], nullptr};
        set.spec.workflow = command.name;
        set.spec.is_trigger = true;
        Decision part = set_spec(state, set, at);
        if (!part.answer) {
            return part.answer.error();
        }
        take(decision, std::move(part));
    }
    for (const std::string& entity : state.registry.schedules_of(command.tenant, command.name)) {
        const bool is_gone = std::find(kept.begin(), kept.end(), entity) == kept.end();
        if (is_gone && state.registry.schedule(entity)->spec.is_trigger) {
            decision.records.push_back(Record{Entity{std::nullopt, entity}, command.tenant,
                                              command.actor, at, ScheduleDeleted{}});
        }
    }
    return decision;
}

}  // namespace

Decision apply_workflow(const State& state, const ApplyWorkflow& command, Now now) {
    const std::string entity = workflow_entity(command.tenant, command.name);
    const Workflow* workflow = state.registry.workflow(entity);
    const WallTime at = record_time(state, now);
    Decision decision;
    WorkflowApplied applied;
    applied.version = workflow == nullptr ? 1 : workflow->newest().version + 1;
    applied.definition = command.definition->digest;
    applied.details = text_or_body(command.details, decision.bodies);
    if (workflow != nullptr && workflow->newest().definition == applied.definition &&
        workflow->newest().details == applied.details) {
        decision.bodies.clear();
        return decision;
    }
    if (workflow != nullptr && workflow->versions.size() >= workflow_versions_max) {
        return refuse(Problem::too_many, "a workflow has at most " +
                                             std::to_string(workflow_versions_max) + " versions");
    }
    if (!fits_in_record(applied)) {
        return refuse(Problem::invalid_value, "the workflow's texts are not UTF-8 or too long");
    }
    decision.bodies.push_back({command.definition->digest, command.definition->body});
    decision.records.push_back(Record{Entity{std::nullopt, entity}, command.tenant, command.actor,
                                      at, std::move(applied)});
    Result<Decision> triggers = set_triggers(state, command, at);
    if (!triggers) {
        Decision refused;
        refused.answer = triggers.error();
        return refused;
    }
    take(decision, std::move(*triggers));
    return decision;
}

Decision switch_workflow(const State& state, const SwitchWorkflow& command, Now now) {
    const std::string entity = workflow_entity(command.tenant, command.name);
    const Workflow* workflow = state.registry.workflow(entity);
    if (workflow == nullptr) {
        return refuse(Problem::not_found, "there is no workflow of this name");
    }
    Decision decision;
    if (workflow->is_enabled != command.is_enabled) {
        Payload payload = command.is_enabled ? Payload{WorkflowEnabled{}}
                                             : Payload{WorkflowDisabled{}};
        decision.records.push_back(Record{Entity{std::nullopt, entity}, command.tenant,
                                          command.actor, record_time(state, now),
                                          std::move(payload)});
    }
    return decision;
}

}  // namespace attacca::core
