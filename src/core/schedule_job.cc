// SPDX-License-Identifier: Apache-2.0
#include "core/schedule_job.h"

#include <utility>

#include "core/graph/priority.h"

namespace attacca::core {
namespace {

Result<Json> params_of(const ScheduleSpec& spec) {
    return spec.params.empty() ? Result<Json>(Json::object()) : parse_json(spec.params);
}

void copy_member(const Json& from, std::string_view key, Json& to) {
    if (const Json* value = from.find(key)) {
        to.set(key, *value);
    }
}

}  // namespace

Result<NewJob> job_of_workflow(const Workflow& workflow, const Json& params, Json origin) {
    if (!workflow.is_enabled) {
        return fail(Problem::is_disabled, "the workflow " + workflow.name + " is disabled");
    }
    ATTACCA_TRY(Json bound, bind_params(workflow.definition->params, params));
    ATTACCA_TRY(const Json given, parse_json(workflow.details.empty() ? "{}" : workflow.details));
    NewJob job;
    job.definition = workflow.definition;
    job.name = workflow.name;
    if (const Json* priority = given.find("priority")) {
        ATTACCA_TRY(job.priority, parse_priority(*priority));
    }
    Json details = std::move(origin);
    if (!bound.as_object().empty()) {
        details.set("params", std::move(bound));
    }
    copy_member(given, "description", details);
    copy_member(given, "labels", details);
    details.set("workflow", workflow.name);
    details.set("workflow_version", std::int64_t{workflow.newest().version});
    job.details = details.canonical_text();
    return job;
}

Result<NewJob> job_of_schedule(const State& state, const Schedule& schedule, WallTime nominal) {
    const ScheduleSpec& spec = schedule.spec;
    Json origin = Json::object();
    origin.set("schedule", schedule.name);
    origin.set("nominal_at", rfc3339_ms(nominal));
    if (!spec.workflow.empty()) {
        const Workflow* workflow =
            state.registry.workflow(workflow_entity(schedule.tenant, spec.workflow));
        if (workflow == nullptr) {
            return fail(Problem::not_found, "there is no workflow " + spec.workflow);
        }
        ATTACCA_TRY(const Json params, params_of(spec));
        return job_of_workflow(*workflow, params, std::move(origin));
    }
    NewJob job;
    job.definition = schedule.definition;
    job.name = spec.job_name;
    job.priority = spec.priority;
    ATTACCA_TRY(Json details, parse_json(spec.details.empty() ? "{}" : spec.details));
    for (Json::Member& member : origin.as_object()) {
        details.set(member.key, std::move(member.value));
    }
    job.details = details.canonical_text();
    return job;
}

Result<void> check_workflow(const State& state,
                            const std::string& tenant,
                            const ScheduleSpec& spec) {
    const Workflow* workflow = state.registry.workflow(workflow_entity(tenant, spec.workflow));
    if (workflow == nullptr) {
        const std::string why = "there is no workflow " + quoted(spec.workflow);
        return Error{Problem::invalid_value, why, {{"/workflow", "invalid-value", why}}};
    }
    ATTACCA_TRY(const Json params, params_of(spec));
    const Result<Json> bound = bind_params(workflow->definition->params, params);
    return bound ? Result<void>() : Result<void>(bound.error());
}

}  // namespace attacca::core
