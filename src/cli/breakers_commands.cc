// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <utility>

#include "cli/commands.h"
#include "cli/job_event.h"
#include "cli/named_commands.h"

// breakers list, open, close, auto.

namespace attacca::cli {
namespace {

constexpr std::string_view breakers_kind = "breakers";

TextTable breaker_table() {
    return TextTable({"DEPENDENCY", "STATE", "SET", "SINCE", "PROBE", "OPENED", "REASON"});
}

void add_breaker(TextTable& table, const Json& breaker, const TimeWords& times) {
    table.add({printable(text_member(breaker, "dependency")),
               printable(text_member(breaker, "state")), printable(text_member(breaker, "mode")),
               times.instant(text_member(breaker, "since")),
               times.instant(text_member(breaker, "probe_at")),
               std::to_string(number_member(breaker, "openings")),
               printable(text_member(breaker, "reason"))});
}

std::string state_asked_by(std::string_view command) {
    if (command == "breakers open") {
        return "open";
    }
    return command == "breakers close" ? "closed" : "auto";
}

}  // namespace

int breakers_list_command(Context& context) {
    const Result<Client> client = Client::find(context);
    if (!client) {
        return context.refuse(client.error());
    }
    const Result<Json> page = client->get("/api/v1/breakers" + page_query(context));
    if (!page) {
        return context.refuse(page.error());
    }
    TextTable table = breaker_table();
    const TimeWords times = context.times();
    for (const Json& breaker : items_of(*page)) {
        add_breaker(table, breaker, times);
    }
    print_page(context, *page, table, "no breaker has been open, nor been set");
    return 0;
}

int breakers_set_command(Context& context) {
    const Result<Client> client = Client::find(context);
    if (!client) {
        return context.refuse(client.error());
    }
    Json body = Json::object();
    body.set("state", state_asked_by(context.in.command->name));
    if (const auto reason = context.in.value("reason")) {
        body.set("reason", *reason);
    }
    const Result<Json> breaker = client->send(
        "PUT", named_target(breakers_kind, context.in.argument(0)), body.text());
    if (!breaker) {
        return context.refuse(breaker.error());
    }
    if (!context.is_human()) {
        context.answer(*breaker);
        return 0;
    }
    TextTable table = breaker_table();
    add_breaker(table, *breaker, context.times());
    context.out(table.text(!context.in.has("no-headers")));
    return 0;
}

}  // namespace attacca::cli
