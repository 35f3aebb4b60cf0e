// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "cli/commands.h"
#include "cli/job_event.h"
#include "cli/named_commands.h"
#include "cli/pipeline_file.h"

// workflows list, get, apply, diff, versions, start, disable, enable.

namespace attacca::cli {
namespace {

constexpr std::string_view kind = "workflows";

std::string state_of(const Json& workflow) {
    const Json* enabled = workflow.find("enabled");
    return enabled != nullptr && *enabled == Json(false) ? "disabled" : "enabled";
}

void add_row(TextTable& table, const Json& workflow, const TimeWords& times) {
    table.add({printable(text_member(workflow, "name")),
               std::to_string(number_member(workflow, "version")), state_of(workflow),
               times.instant(text_member(workflow, "applied_at"))});
}

TextTable workflow_table() { return TextTable({"NAME", "VERSION", "STATE", "APPLIED"}); }

int show(const Context& context, const Result<Json>& workflow) {
    if (!workflow) {
        return context.refuse(workflow.error());
    }
    if (!context.is_human()) {
        context.answer(*workflow);
        return 0;
    }
    TextTable table = workflow_table();
    add_row(table, *workflow, context.times());
    context.out(table.text(!context.in.has("no-headers")));
    return 0;
}

std::string shown(const Json* value) {
    return value == nullptr ? "" : cut(printable(value->text()), 60);
}

}  // namespace

int workflows_list_command(Context& context) {
    const Result<Client> client = Client::find(context);
    if (!client) {
        return context.refuse(client.error());
    }
    const Result<Json> page =
        client->get("/api/v1/workflows" + page_query(context));
    if (!page) {
        return context.refuse(page.error());
    }
    TextTable table = workflow_table();
    const TimeWords times = context.times();
    for (const Json& workflow : items_of(*page)) {
        add_row(table, workflow, times);
    }
    print_page(context, *page, table,
               "there are no workflows; attacca workflows apply FILE makes one");
    return 0;
}

int workflows_get_command(Context& context) {
    const Result<Client> client = Client::find(context);
    if (!client) {
        return context.refuse(client.error());
    }
    const auto version = context.in.value("version");
    const Result<Json> workflow =
        client->get(named_target(kind, context.in.argument(0),
                                 version ? "?version=" + url_part(*version) : ""));
    if (workflow && context.is_human()) {
        context.out(workflow->pretty_text() + "\n");
        return 0;
    }
    return show(context, workflow);
}

int workflows_apply_command(Context& context) {
    int status = 0;
    for (const std::string& path : context.in.arguments) {
        const std::variant<PipelineFile, PipelineError> loaded = load_pipeline(context, path);
        if (const auto* wrong = std::get_if<PipelineError>(&loaded)) {
            return refuse_file(context, *wrong);
        }
        const Result<Client> client = Client::find(context);
        if (!client) {
            return context.refuse(client.error());
        }
        const auto& file = std::get<PipelineFile>(loaded);
        status = show(context, client->send("PUT", named_target(kind, file.name),
                                            file.located.document.text()));
        if (status != 0) {
            return status;
        }
    }
    return status;
}

int workflows_diff_command(Context& context) {
    const Result<Client> client = Client::find(context);
    if (!client) {
        return context.refuse(client.error());
    }
    std::string query;
    for (const char* name : {"from", "to"}) {
        if (const auto value = context.in.value(name)) {
            query += (query.empty() ? "?" : "&") + std::string(name) + "=" + url_part(*value);
        }
    }
    const Result<Json> diff =
        client->get(named_target(kind, context.in.argument(0), "/diff" + query));
    if (!diff) {
        return context.refuse(diff.error());
    }
    if (!context.is_human()) {
        context.answer(*diff);
        return 0;
    }
    const Json* changes = diff->find("changes");
    for (const Json& change : changes == nullptr ? Json::Array{} : changes->as_array()) {
        const Json* from = change.find("from");
        const Json* to = change.find("to");
        context.out(printable(text_member(change, "pointer")) + "\n");
        if (from != nullptr) {
            context.out(context.out_style()(Colour::red, "  - " + shown(from)) + "\n");
        }
        if (to != nullptr) {
            context.out(context.out_style()(Colour::green, "  + " + shown(to)) + "\n");
        }
    }
    context.note("version " + std::to_string(number_member(*diff, "from")) + " against " +
                 std::to_string(number_member(*diff, "to")) + "\n");
    return 0;
}

int workflows_versions_command(Context& context) {
    const Result<Client> client = Client::find(context);
    if (!client) {
        return context.refuse(client.error());
    }
    const Result<Json> page =
        client->get(named_target(kind, context.in.argument(0), "/versions"));
    if (!page) {
        return context.refuse(page.error());
    }
    TextTable table({"VERSION", "APPLIED", "DEFINITION"});
    const TimeWords times = context.times();
    for (const Json& version : items_of(*page)) {
        table.add({std::to_string(number_member(version, "version")),
                   times.instant(text_member(version, "applied_at")),
                   printable(text_member(version, "definition")).substr(0, 12)});
    }
    print_page(context, *page, table, "there are no versions");
    return 0;
}

int workflows_start_command(Context& context) {
    const Result<Json> params = loose_params(context);
    if (!params) {
        return context.refuse(params.error());
    }
    const Result<std::optional<std::uint64_t>> version =
        context.in.number("version", 1, 1'000'000);
    if (!version) {
        return context.refuse(version.error());
    }
    const Result<Client> client = Client::find(context);
    if (!client) {
        return context.refuse(client.error());
    }
    Json body = Json::object();
    body.set("params", *params);
    if (*version) {
        body.set("version", static_cast<std::int64_t>(**version));
    }
    Client::Headers headers;
    if (const auto key = context.in.value("idempotency-key")) {
        headers.emplace_back("Idempotency-Key", *key);
    }
    const Result<Json> job = client->send(
        "POST", named_target(kind, context.in.argument(0), "/start"), body.text(), headers);
    if (!job) {
        return context.refuse(job.error());
    }
    if (!context.is_human()) {
        context.answer(*job);
        return 0;
    }
    context.out(printable(text_member(*job, "id")) + "\n");
    context.note("watch: attacca jobs watch " + printable(text_member(*job, "id")) + "\n");
    return 0;
}

int workflows_switch_command(Context& context) {
    const Result<Client> client = Client::find(context);
    if (!client) {
        return context.refuse(client.error());
    }
    const std::string_view command = context.in.command->name;
    const std::string verb(command.substr(command.find(' ') + 1));
    return show(context,
                client->send("POST", named_target(kind, context.in.argument(0), "/" + verb), ""));
}

}  // namespace attacca::cli
