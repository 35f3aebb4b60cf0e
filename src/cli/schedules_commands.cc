// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "cli/commands.h"
#include "cli/job_event.h"
#include "cli/named_commands.h"

// schedules list, get, set, next, pause, resume, trigger, backfill, delete.

namespace attacca::cli {
namespace {

constexpr std::string_view kind = "schedules";

std::string rule_of(const Json& schedule) {
    for (const char* key : {"cron", "every", "at"}) {
        const std::string text = text_member(schedule, key);
        if (!text.empty()) {
            const std::string zone = text_member(schedule, "timezone");
            return (std::string_view(key) == "every" ? "every " : "") + text +
                   (zone.empty() ? "" : " " + zone);
        }
    }
    return "";
}

std::string state_of(const Json& schedule) {
    const Json* paused = schedule.find("paused");
    return paused != nullptr && *paused == Json(true) ? "paused" : "active";
}

std::string target_of(const Json& schedule) {
    const Json* job = schedule.find("job");
    return job == nullptr ? text_member(schedule, "workflow") : text_member(*job, "name");
}

void add_row(TextTable& table, const Json& schedule, const TimeWords& times) {
    table.add({printable(text_member(schedule, "name")), state_of(schedule),
               printable(rule_of(schedule)), times.instant(text_member(schedule, "next_at")),
               printable(target_of(schedule)),
               std::to_string(number_member(schedule, "started")),
               std::to_string(number_member(schedule, "skipped")),
               std::to_string(number_member(schedule, "missed"))});
}

TextTable schedule_table() {
    return TextTable(
        {"NAME", "STATE", "WHEN", "NEXT", "STARTS", "STARTED", "SKIPPED", "MISSED"});
}

int show(const Context& context, const Result<Json>& schedule) {
    if (!schedule) {
        return context.refuse(schedule.error());
    }
    if (!context.is_human()) {
        context.answer(*schedule);
        return 0;
    }
    TextTable table = schedule_table();
    add_row(table, *schedule, context.times());
    context.out(table.text(!context.in.has("no-headers")));
    return 0;
}

Result<Json> schedule_of(const Context& context) {
    Json body = Json::object();
    for (const char* name : {"cron", "timezone", "every", "at", "overlap", "workflow"}) {
        if (const auto value = context.in.value(name)) {
            body.set(name, *value);
        }
    }
    const auto policy = context.in.value("catch-up");
    const auto window = context.in.value("window");
    if (window && (!policy || *policy == "skip")) {
        return fail(Problem::usage, "--window belongs to --catch-up once or all");
    }
    if (policy && *policy != "skip") {
        Json catch_up = Json::object();
        catch_up.set("policy", *policy);
        if (window) {
            catch_up.set("window", *window);
        }
        body.set("catch_up", std::move(catch_up));
    }
    ATTACCA_TRY(Json params, loose_params(context));
    if (!params.as_object().empty()) {
        body.set("params", std::move(params));
    }
    return body;
}

std::string verb_of(const Context& context) {
    const std::string_view command = context.in.command->name;
    return std::string(command.substr(command.find(' ') + 1));
}

}  // namespace

int schedules_list_command(Context& context) {
    const Result<Client> client = Client::find(context);
    if (!client) {
        return context.refuse(client.error());
    }
    const Result<Json> page =
        client->get("/api/v1/schedules" + page_query(context));
    if (!page) {
        return context.refuse(page.error());
    }
    TextTable table = schedule_table();
    const TimeWords times = context.times();
    for (const Json& schedule : items_of(*page)) {
        add_row(table, schedule, times);
    }
    print_page(context, *page, table, "there are no schedules; attacca schedules set makes one");
    return 0;
}

int schedules_get_command(Context& context) {
    const Result<Client> client = Client::find(context);
    if (!client) {
        return context.refuse(client.error());
    }
    return show(context, client->get(named_target(kind, context.in.argument(0))));
}

int schedules_set_command(Context& context) {
    const Result<Json> body = schedule_of(context);
    if (!body) {
        return context.refuse(body.error());
    }
    const Result<Client> client = Client::find(context);
    if (!client) {
        return context.refuse(client.error());
    }
    return show(context, client->send("PUT", named_target(kind, context.in.argument(0)),
                                      body->text()));
}

int schedules_next_command(Context& context) {
    const Result<Client> client = Client::find(context);
    if (!client) {
        return context.refuse(client.error());
    }
    const Result<Json> page = client->get(
        named_target(kind, context.in.argument(0),
                     "/next?count=" + url_part(context.in.value("count").value_or("10"))));
    if (!page) {
        return context.refuse(page.error());
    }
    TextTable table({"UTC", printable(text_member(*page, "timezone"))});
    for (const Json& item : items_of(*page)) {
        table.add({printable(text_member(item, "at")), printable(text_member(item, "local"))});
    }
    print_page(context, *page, table, "it fires no more");
    return 0;
}

// pause and resume answer with the schedule.
int schedules_switch_command(Context& context) {
    const Result<Client> client = Client::find(context);
    if (!client) {
        return context.refuse(client.error());
    }
    return show(context, client->send("POST",
                                      named_target(kind, context.in.argument(0),
                                                   "/" + verb_of(context)),
                                      ""));
}

int schedules_trigger_command(Context& context) {
    const Result<Client> client = Client::find(context);
    if (!client) {
        return context.refuse(client.error());
    }
    const Result<Json> answer =
        client->send("POST", named_target(kind, context.in.argument(0), "/trigger"), "");
    if (!answer) {
        return context.refuse(answer.error());
    }
    if (context.is_human()) {
        context.out(printable(text_member(*answer, "id")) + "\n");
    } else {
        context.answer(*answer);
    }
    return 0;
}

int schedules_backfill_command(Context& context) {
    const auto from = context.in.value("from");
    const auto to = context.in.value("to");
    if (!from || !to) {
        return context.refuse(fail(Problem::usage, "--from and --to are required"));
    }
    const Result<Client> client = Client::find(context);
    if (!client) {
        return context.refuse(client.error());
    }
    Json body = Json::object();
    body.set("from", *from);
    body.set("to", *to);
    body.set("dry_run", context.in.has("dry-run"));
    const Result<Json> answer = client->send(
        "POST", named_target(kind, context.in.argument(0), "/backfill"), body.text());
    if (!answer) {
        return context.refuse(answer.error());
    }
    if (!context.is_human()) {
        context.answer(*answer);
        return 0;
    }
    const Json* occurrences = answer->find("occurrences");
    for (const Json& at : occurrences == nullptr ? Json::Array{} : occurrences->as_array()) {
        context.out(printable(at.is_string() ? at.as_string() : "") + "\n");
    }
    context.note(std::to_string(number_member(*answer, "to_start")) +
                 (context.in.has("dry-run") ? " jobs would start" : " jobs started") + "; " +
                 std::to_string(number_member(*answer, "started_before")) +
                 " occurrences had theirs\n");
    return 0;
}

int schedules_delete_command(Context& context) {
    const Result<Client> client = Client::find(context);
    if (!client) {
        return context.refuse(client.error());
    }
    const Result<Json> answer =
        client->send("DELETE", named_target(kind, context.in.argument(0)), "");
    return answer ? 0 : context.refuse(answer.error());
}

}  // namespace attacca::cli
