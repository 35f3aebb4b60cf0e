// SPDX-License-Identifier: Apache-2.0
#include <string>

#include "cli/client.h"
#include "cli/commands.h"
#include "cli/job_event.h"
#include "cli/named_commands.h"
#include "cli/text.h"

// evidence hold, evidence release, evidence holds.

namespace attacca::cli {
namespace {

constexpr std::string_view holds_path = "/api/v1/evidence/holds";

Result<Json> hold_body(const Context& context) {
    const auto matter = context.in.value("matter");
    if (!matter || matter->empty()) {
        return fail(Problem::usage, "name the matter: --matter TEXT");
    }
    Json body = Json::object();
    std::string job = context.in.argument(0);
    if (job.starts_with("job/")) {
        job.erase(0, 4);
    }
    if (!job.empty()) {
        body.set("job", job);
    }
    body.set("matter", *matter);
    if (const auto by = context.in.value("by")) {
        body.set("by", *by);
    }
    return body;
}

}  // namespace

int evidence_hold_command(Context& context) {
    const bool is_release = context.in.command->name == "evidence release";
    const Result<Json> body = hold_body(context);
    if (!body) {
        return context.refuse(body.error());
    }
    const Result<Client> client = Client::find(context);
    const Result<Json> answer =
        client ? client->send("POST", std::string(holds_path) + (is_release ? "/release" : ""),
                              body->text())
               : Result<Json>(client.error());
    if (!answer) {
        return context.refuse(answer.error());
    }
    if (!context.is_human()) {
        context.answer(*answer);
        return 0;
    }
    context.out(printable(text_member(*answer, "scope")) +
                (is_release ? " is no longer held for " : " is held for ") +
                printable(text_member(*answer, "matter")) + "\n");
    return 0;
}

int evidence_holds_command(Context& context) {
    const Result<Client> client = Client::find(context);
    const Result<Json> page =
        client ? client->get(std::string(holds_path)) : Result<Json>(client.error());
    if (!page) {
        return context.refuse(page.error());
    }
    TextTable table({"SCOPE", "MATTER", "BY", "SINCE"});
    const TimeWords times = context.times();
    for (const Json& hold : items_of(*page)) {
        table.add({printable(text_member(hold, "scope")), printable(text_member(hold, "matter")),
                   printable(text_member(hold, "by")),
                   times.instant(text_member(hold, "placed_at"))});
    }
    print_page(context, *page, table, "nothing is held");
    return 0;
}

// evidence erase.
int evidence_erase_command(Context& context) {
    const auto reason = context.in.value("reason");
    if (!reason || reason->empty()) {
        return context.refuse(fail(Problem::usage, "say why: --reason TEXT"));
    }
    std::string job = context.in.argument(0);
    if (job.starts_with("job/")) {
        job.erase(0, 4);
    }
    Json body = Json::object();
    body.set("reason", *reason);
    if (const auto by = context.in.value("by")) {
        body.set("by", *by);
    }
    const Result<Client> client = Client::find(context);
    const Result<Json> answer =
        client ? client->send("POST", "/api/v1/evidence/job/" + job + "/erase", body.text())
               : Result<Json>(client.error());
    if (!answer) {
        return context.refuse(answer.error());
    }
    if (!context.is_human()) {
        context.answer(*answer);
        return 0;
    }
    context.out("job/" + printable(text_member(*answer, "job")) +
                " is erased: its key is destroyed, its evidence stays\n");
    return 0;
}

}  // namespace attacca::cli
