// SPDX-License-Identifier: Apache-2.0
#include "http/named_view.h"

#include <algorithm>

namespace attacca::http {
namespace {

Json instant(WallTime at) {
    return Json(rfc3339_ms(at));
}

Result<std::optional<WallTime>> next_of(Api& api, const core::Schedule& schedule) {
    if (!schedule.is_waiting()) {
        return std::optional<WallTime>();
    }
    ATTACCA_TRY(const auto zone, zone_of(api, schedule.spec.timing));
    return schedule.occurrences(*zone).next(schedule.decided_to);
}

}  // namespace

Result<core::Schedule> schedule_of(Api& api, const ports::EntityHead& head) {
    ATTACCA_TRY(core::Schedule schedule, core::load_schedule(head.image));
    ATTACCA_TRY(const std::string spec, api.jobs.text_of(schedule.spec_text));
    ATTACCA_TRY(schedule.spec, core::load_schedule_spec(spec));
    return schedule;
}

Result<StoredSchedule> find_schedule(Api& api,
                                     const std::string& tenant,
                                     const std::string& name) {
    const auto none = [] { return fail(Problem::not_found, "there is no such schedule"); };
    if (!core::is_pipeline_name(name)) {
        return none();
    }
    ATTACCA_TRY(std::optional<ports::EntityHead> head,
                api.gateway.reader().entity(core::schedule_entity(tenant, name)));
    if (!head || head->tenant != tenant) {
        return none();
    }
    ATTACCA_TRY(core::Schedule schedule, schedule_of(api, *head));
    if (schedule.is_deleted) {
        return none();
    }
    return StoredSchedule{std::move(schedule), std::move(*head)};
}

Result<std::shared_ptr<const core::Zone>> zone_of(Api& api, const core::Timing& timing) {
    static const auto utc = std::make_shared<const core::Zone>(core::utc_zone());
    if (timing.kind != core::TimingKind::cron || timing.zone == "UTC") {
        return utc;
    }
    if (api.options.zones == nullptr) {
        return fail(Problem::unknown_zone, "this server knows no time zone but UTC");
    }
    return api.options.zones->find(timing.zone);
}

Json schedule_json(Api& api, const core::Schedule& schedule) {
    Json out = Json::object();
    out.set("name", schedule.name);
    const Json spec = core::json_of(schedule.spec);
    for (const Json::Member& member : spec.as_object()) {
        out.set(member.key, member.value);
    }
    if (schedule.definition_digest) {
        out.set("definition", hex(*schedule.definition_digest));
    }
    out.set("paused", schedule.is_paused);
    out.set("created_at", instant(schedule.created_at));
    out.set("set_at", instant(schedule.set_at));
    const Result<std::optional<WallTime>> next = next_of(api, schedule);
    if (!next) {
        out.set("fault", next.error().detail);
    } else if (*next) {
        out.set("next_at", instant(**next));
    }
    Json queued = Json::array();
    for (const WallTime nominal : schedule.queued) {
        queued.push(instant(nominal));
    }
    out.set("queued", std::move(queued));
    out.set("started", static_cast<std::int64_t>(schedule.started));
    out.set("skipped", static_cast<std::int64_t>(schedule.skipped));
    out.set("missed", static_cast<std::int64_t>(schedule.missed));
    if (schedule.last) {
        Json last = Json::object();
        last.set("nominal_at", instant(schedule.last->nominal));
        last.set("outcome", core::name_of(schedule.last->outcome));
        if (schedule.last->job) {
            last.set("job", schedule.last->job->text());
        }
        out.set("last", std::move(last));
    }
    return out;
}

Result<core::Workflow> find_workflow(Api& api,
                                     const std::string& tenant,
                                     const std::string& name) {
    const auto none = [] { return fail(Problem::not_found, "there is no such workflow"); };
    if (!core::is_pipeline_name(name)) {
        return none();
    }
    ATTACCA_TRY(std::optional<ports::EntityHead> head,
                api.gateway.reader().entity(core::workflow_entity(tenant, name)));
    if (!head || head->tenant != tenant) {
        return none();
    }
    return core::load_workflow(head->image);
}

Result<core::WorkflowVersion> version_of(const core::Workflow& workflow, std::uint64_t version) {
    if (version == 0) {
        return workflow.newest();
    }
    const auto found = std::find_if(workflow.versions.begin(), workflow.versions.end(),
                                    [&](const auto& one) { return one.version == version; });
    if (found == workflow.versions.end()) {
        return fail(Problem::not_found, "there is no such version of the workflow");
    }
    return *found;
}

core::FindWorkflow workflows_of(Api& api, const std::string& tenant) {
    return [&api, tenant](const std::string& name,
                          std::uint32_t version) -> Result<core::FoundWorkflow> {
        const auto as_value = [&](const Error& error) {
            return error.problem == Problem::not_found ? fail(Problem::invalid_value, error.detail)
                                                       : error;
        };
        const Result<core::Workflow> workflow = find_workflow(api, tenant, name);
        if (!workflow) {
            return as_value(workflow.error());
        }
        if (!workflow->is_enabled) {
            return fail(Problem::invalid_value, "the workflow is disabled");
        }
        const Result<core::WorkflowVersion> chosen = version_of(*workflow, version);
        if (!chosen) {
            return as_value(chosen.error());
        }
        ATTACCA_TRY(auto definition, api.jobs.definitions().find(chosen->definition));
        return core::FoundWorkflow{std::move(definition), chosen->version};
    };
}

Json workflow_json(const core::Workflow& workflow) {
    Json out = Json::object();
    out.set("name", workflow.name);
    out.set("version", std::int64_t{workflow.newest().version});
    out.set("enabled", workflow.is_enabled);
    out.set("created_at", instant(workflow.versions.front().at));
    out.set("applied_at", instant(workflow.newest().at));
    out.set("definition", hex(workflow.newest().definition));
    return out;
}

Result<Json> document_of(Api& api,
                         const core::Workflow& workflow,
                         const core::WorkflowVersion& version) {
    ATTACCA_TRY(const std::string details, api.jobs.text_of(version.details));
    ATTACCA_TRY(Json out, parse_json(details.empty() ? "{}" : details));
    out.set("name", workflow.name);
    ATTACCA_TRY(const std::optional<std::string> body,
                api.gateway.reader().body(version.definition));
    if (!body) {
        return fail(Problem::corrupt, "the definition of the workflow is missing");
    }
    ATTACCA_TRY(Json definition, parse_json(*body, json_depth_max + 8));
    out.set("dag_definition", std::move(definition));
    return out;
}

}  // namespace attacca::http
