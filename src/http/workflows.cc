// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>
#include <utility>

#include "core/graph/pipeline.h"
#include "core/graph/priority.h"
#include "core/schedule_job.h"
#include "http/api.h"
#include "http/conditions.h"
#include "http/evidence_view.h"
#include "http/json_diff.h"
#include "http/named_view.h"
#include "http/query.h"
#include "http/submission.h"

// Workflows: applied, shown, compared, switched off and on. Starting one is a submission
// (jobs_create.cc).

namespace attacca::http {
namespace {

constexpr std::string_view start_keys[] = {"params", "version", "priority"};

Result<core::ApplyWorkflow> parse_workflow(Api& api, const std::string& tenant,
                                           const std::string& name, std::string_view body) {
    ATTACCA_TRY(const Json json, parse_bounded(body));
    ATTACCA_TRY(core::Pipeline pipeline, core::parse_pipeline(json, workflows_of(api, tenant)));
    core::Faults faults;
    if (pipeline.name != name) {
        faults.add("/name", Problem::invalid_value,
                   "the file's name is not the one in the request's path");
        return faults.take();
    }
    for (std::size_t i = 0; i < pipeline.triggers.size(); ++i) {
        const Result<std::shared_ptr<const core::Zone>> zone =
            zone_of(api, pipeline.triggers[i].timing);
        if (!zone) {
            faults.add("/triggers/schedule/" + std::to_string(i) + "/timezone",
                       zone.error().problem, zone.error().detail);
            return faults.take();
        }
    }
    core::ApplyWorkflow out;
    out.name = name;
    Json details = Json::object();
    if (!pipeline.description.empty()) {
        details.set("description", pipeline.description);
    }
    if (!pipeline.labels.as_object().empty()) {
        details.set("labels", pipeline.labels);
    }
    details.set("priority", core::name_of(pipeline.priority));
    if (const Json* triggers = json.find("triggers")) {
        details.set("triggers", *triggers);
    }
    out.details = details.canonical_text();
    out.triggers = std::move(pipeline.triggers);
    out.definition =
        std::make_shared<const core::Definition>(std::move(pipeline.definition));
    return out;
}

engine::AnswerHandler show_workflow(Api& api, const Call& call, const std::string& name) {
    return [kept = api.shared_from_this(), reply = call.reply, tenant = call.tenant,
            name](const core::Answer& given) {
        if (!given) {
            reply.refuse(given.error());
            return;
        }
        reply.send_made([kept, reply, tenant, name] {
            const Result<core::Workflow> found = find_workflow(*kept, tenant, name);
            Response response = reply.response_of(
                200, found ? Result<std::string>(workflow_json(*found).text())
                           : Result<std::string>(found.error()));
            if (found) {
                response.headers.push_back(newest_receipt(core::workflow_entity(tenant, name)));
            }
            return response;
        });
    };
}

Result<std::string> workflow_page(Api& api, Call& call) {
    ATTACCA_TRY(const std::uint64_t limit, call.query.take_number("limit", 50, 1, page_max));
    const std::string after = call.query.take("after").value_or("");
    if (Result<void> done = call.query.finish(); !done) {
        return done.error();
    }
    const std::string prefix = core::workflow_entity(call.tenant, "");
    ATTACCA_TRY(const auto heads,
                api.gateway.reader().entities_below(prefix, prefix + after, limit + 1));
    Json items = Json::array();
    for (std::size_t i = 0; i < std::min<std::size_t>(heads.size(), limit); ++i) {
        ATTACCA_TRY(const core::Workflow workflow, core::load_workflow(heads[i].image));
        items.push(workflow_json(workflow));
    }
    Json out = Json::object();
    out.set("items", std::move(items));
    if (heads.size() > limit) {
        out.set("next_after", heads[limit - 1].entity.substr(prefix.size()));
    }
    return out.text();
}

Result<std::string> workflow_document(Api& api, Call& call) {
    ATTACCA_TRY(const std::uint64_t asked, call.query.take_number("version", 0, 1, 1'000'000));
    if (Result<void> done = call.query.finish(); !done) {
        return done.error();
    }
    ATTACCA_TRY(const core::Workflow workflow,
                find_workflow(api, call.tenant, call.path.front()));
    ATTACCA_TRY(const core::WorkflowVersion version, version_of(workflow, asked));
    Json out = workflow_json(workflow);
    ATTACCA_TRY(const Json document, document_of(api, workflow, version));
    for (const Json::Member& member : document.as_object()) {
        out.set(member.key, member.value);
    }
    out.set("version", std::int64_t{version.version});
    out.set("newest_version", std::int64_t{workflow.newest().version});
    out.set("applied_at", rfc3339_ms(version.at));
    out.set("definition", hex(version.definition));
    return out.text();
}

Result<std::string> version_page(Api& api, Call& call) {
    if (Result<void> done = call.query.finish(); !done) {
        return done.error();
    }
    ATTACCA_TRY(const core::Workflow workflow,
                find_workflow(api, call.tenant, call.path.front()));
    Json items = Json::array();
    for (auto it = workflow.versions.rbegin(); it != workflow.versions.rend(); ++it) {
        Json item = Json::object();
        item.set("version", std::int64_t{it->version});
        item.set("applied_at", rfc3339_ms(it->at));
        item.set("definition", hex(it->definition));
        items.push(std::move(item));
    }
    Json out = Json::object();
    out.set("items", std::move(items));
    return out.text();
}

// `from` defaults to the version before `to`, and `to` to the newest.
Result<std::string> workflow_diff(Api& api, Call& call) {
    ATTACCA_TRY(const std::uint64_t from, call.query.take_number("from", 0, 1, 1'000'000));
    ATTACCA_TRY(const std::uint64_t to, call.query.take_number("to", 0, 1, 1'000'000));
    if (Result<void> done = call.query.finish(); !done) {
        return done.error();
    }
    ATTACCA_TRY(const core::Workflow workflow,
                find_workflow(api, call.tenant, call.path.front()));
    ATTACCA_TRY(const core::WorkflowVersion newer, version_of(workflow, to));
    const std::uint64_t before = from != 0 ? from : std::max<std::uint64_t>(newer.version, 2) - 1;
    ATTACCA_TRY(const core::WorkflowVersion older, version_of(workflow, before));
    ATTACCA_TRY(const Json a, document_of(api, workflow, older));
    ATTACCA_TRY(const Json b, document_of(api, workflow, newer));
    Json out = Json::object();
    out.set("from", std::int64_t{older.version});
    out.set("to", std::int64_t{newer.version});
    out.set("changes", json_diff(a, b));
    return out.text();
}

void switch_workflow(Api& api, const Call& call, bool is_enabled) {
    if (!has_plain_query(call)) {
        return;
    }
    const std::string& name = call.path.front();
    api.gateway.submit_if(
        condition_on(call.request, core::workflow_entity(call.tenant, name)),
        core::SwitchWorkflow{call.tenant, api.options.actor, name, is_enabled},
        show_workflow(api, call, name));
}

}  // namespace

// A job of a workflow: of its newest version, or of the one that the body names.
Result<core::NewJob> workflow_job(Api& api, const Call& call) {
    ATTACCA_TRY(const Json json,
                parse_json(call.request.body.empty() ? "{}" : call.request.body));
    core::Faults faults;
    const core::Input body(json, "");
    std::int64_t asked = 0;
    const auto params = body.member("params");
    const auto version = body.member("version");
    if (!core::check_keys(body, core::Keys{start_keys}, faults) ||
        (params && !core::check_object(*params, faults)) ||
        (version && !core::read_integer(*version, {1, 1'000'000}, asked, faults))) {
        return faults.take();
    }
    ATTACCA_TRY(core::Workflow workflow,
                find_workflow(api, call.tenant, call.path.front()));
    ATTACCA_TRY(core::WorkflowVersion chosen,
                version_of(workflow, static_cast<std::uint64_t>(asked)));
    ATTACCA_TRY(workflow.definition, api.jobs.definitions().find(chosen.definition));
    ATTACCA_TRY(workflow.details, api.jobs.text_of(chosen.details));
    workflow.versions = {std::move(chosen)};
    ATTACCA_TRY(core::NewJob job, core::job_of_workflow(workflow,
                                                        params ? params->json() : Json::object(),
                                                        Json::object()));
    if (const auto priority = body.member("priority")) {
        const Result<core::Priority> parsed = core::parse_priority(priority->json());
        if (!parsed) {
            faults.add(*priority, parsed.error().problem, parsed.error().detail);
            return faults.take();
        }
        job.priority = *parsed;
    }
    return job;
}

void list_workflows(Api& api, Call call) {
    call.reply.send(call.reply.response_of(200, workflow_page(api, call)));
}

void get_workflow(Api& api, Call call) {
    // Read before the document: a newer one under an older version can only be asked for again.
    const Result<std::optional<ports::EntityHead>> head =
        api.gateway.reader().entity(core::workflow_entity(call.tenant, call.path.front()));
    Response response = call.reply.response_of(200, workflow_document(api, call));
    response.version = head && *head ? version_of_tag((*head)->eseq) : std::string();
    call.reply.send(std::move(response));
}

void put_workflow(Api& api, Call call) {
    if (!has_plain_query(call)) {
        return;
    }
    const std::string& name = call.path.front();
    Result<core::ApplyWorkflow> apply = parse_workflow(api, call.tenant, name, call.request.body);
    if (!apply) {
        call.reply.refuse(apply.error());
        return;
    }
    apply->tenant = call.tenant;
    apply->actor = api.options.actor;
    api.gateway.submit_if(condition_on(call.request, core::workflow_entity(call.tenant, name)),
                          std::move(*apply), show_workflow(api, call, name));
}

void list_versions(Api& api, Call call) {
    call.reply.send(call.reply.response_of(200, version_page(api, call)));
}

void diff_workflow(Api& api, Call call) {
    call.reply.send(call.reply.response_of(200, workflow_diff(api, call)));
}

void enable_workflow(Api& api, Call call) {
    switch_workflow(api, call, true);
}

void disable_workflow(Api& api, Call call) {
    switch_workflow(api, call, false);
}

}  // namespace attacca::http
