// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <utility>

#include "cli/commands.h"
#include "cli/job_event.h"
#include "cli/named_commands.h"

// dlq list, show, replay, discard.

namespace attacca::cli {
namespace {

constexpr std::string_view letters_kind = "dead-letters";
constexpr std::string_view letter_filters[] = {"cause", "node", "name"};
constexpr std::int64_t letters_at_once = 1000;

TextTable letter_table() {
    return TextTable({"JOB", "NAME", "CAUSE", "NODE", "ATTEMPTS", "SINCE"});
}

void add_letter(TextTable& table, const Json& letter, const TimeWords& times) {
    const std::int64_t item = number_member(letter, "item", -1);
    table.add({printable(text_member(letter, "id")), printable(text_member(letter, "name")),
               printable(text_member(letter, "cause")),
               printable(text_member(letter, "node")) +
                   (item < 0 ? "" : "[" + std::to_string(item) + "]"),
               std::to_string(number_member(letter, "attempts")),
               times.instant(text_member(letter, "since"))});
}

std::string letters_query(const Context& context) {
    std::string query = page_query(context);
    for (const std::string_view name : letter_filters) {
        if (const auto value = context.in.value(name)) {
            query += "&" + std::string(name) + "=" + url_part(*value);
        }
    }
    return query;
}

// What a request names beside one letter. Errors: usage.
Result<Json> letters_body(const Context& context) {
    Json body = Json::object();
    bool is_chosen = context.in.has("all");
    for (const std::string_view name : letter_filters) {
        if (const auto value = context.in.value(name)) {
            body.set(name, *value);
            is_chosen = true;
        }
    }
    const bool is_one = !context.in.argument(0).empty();
    if (is_one && context.in.has("dry-run")) {
        return fail(Problem::usage, "--dry-run lists what a filter or --all would take; "
                                    "attacca dlq show shows one");
    }
    if (is_one && is_chosen) {
        return fail(Problem::usage, "name one JOB, or choose by a filter or --all: not both");
    }
    if (!is_one && !is_chosen) {
        return fail(Problem::usage,
                    "name a JOB, or choose by --cause, --node, --name, or take --all");
    }
    if (!is_one) {
        body.set("limit", letters_at_once);
    }
    if (context.in.has("dry-run")) {
        body.set("dry_run", true);
    }
    if (context.in.command->name == "dlq discard") {
        if (const auto reason = context.in.value("reason")) {
            body.set("reason", *reason);
        }
    }
    return body;
}

void print_letter(const Context& context, const Json& letter) {
    TextTable table = letter_table();
    add_letter(table, letter, context.times());
    context.out(table.text(!context.in.has("no-headers")));
    const std::string state = text_member(letter, "state");
    if (state == "open") {
        return;
    }
    const std::string replay = text_member(letter, "replayed_as");
    const std::string reason = text_member(letter, "reason");
    context.out(printable(state) + (replay.empty() ? "" : " as job " + printable(replay)) + " by " +
                printable(text_member(letter, "closed_by")) + ", " +
                context.times().instant(text_member(letter, "closed_at")) +
                (reason.empty() ? "" : ": " + printable(reason)) + "\n");
}

int print_letters(const Context& context, const Json& page) {
    TextTable table = letter_table();
    const TimeWords times = context.times();
    for (const Json& letter : items_of(page)) {
        add_letter(table, letter, times);
    }
    print_page(context, page, table, "no dead letters match");
    return 0;
}

std::string letter_count(std::size_t count) {
    return std::to_string(count) + " dead letter" + (count == 1 ? "" : "s");
}

// One letter by its id.
int close_one(Context& context, const Client& client, std::string_view act, const Json& body) {
    const bool is_replay = act == "replay";
    const std::string id = context.in.argument(0);
    const Result<Json> answer =
        client.send("POST", named_target(letters_kind, id, "/" + std::string(act)),
                    is_replay ? std::string() : body.text());
    if (!answer) {
        return context.refuse(answer.error());
    }
    if (!context.is_human()) {
        context.answer(*answer);
    } else if (is_replay) {
        context.out("replayed as job " + printable(text_member(*answer, "id")) + "\n");
    } else {
        context.out("discarded\n");
    }
    return 0;
}

// All that the filter finds, in as many requests as it takes.
int close_many(Context& context, const Client& client, std::string_view act, const Json& body) {
    Json::Array all;
    for (bool is_done = false; !is_done;) {
        const Result<Json> answer =
            client.send("POST", "/api/v1/dead-letters/" + std::string(act), body.text());
        if (!answer) {
            return context.refuse(answer.error());
        }
        if (context.in.has("dry-run")) {
            return print_letters(context, *answer);
        }
        const Json* ids = answer->find("ids");
        const bool has_ids = ids != nullptr && ids->is_array();
        const std::size_t count = has_ids ? ids->as_array().size() : 0;
        for (std::size_t i = 0; i < count; ++i) {
            all.push_back(ids->as_array()[i]);
        }
        is_done = count < static_cast<std::size_t>(letters_at_once);
    }
    if (context.is_human()) {
        context.out(letter_count(all.size()) +
                    (act == "replay" ? " replayed\n" : " discarded\n"));
        return 0;
    }
    Json list = Json::array();
    for (Json& id : all) {
        list.push(std::move(id));
    }
    Json out = Json::object();
    out.set("ids", std::move(list));
    context.answer(out);
    return 0;
}

}  // namespace

int letters_list_command(Context& context) {
    const Result<Client> client = Client::find(context);
    const Result<Json> page =
        client ? client->get("/api/v1/dead-letters" + letters_query(context))
               : Result<Json>(client.error());
    return page ? print_letters(context, *page) : context.refuse(page.error());
}

int letters_show_command(Context& context) {
    const Result<Client> client = Client::find(context);
    const Result<Json> letter =
        client ? client->get(named_target(letters_kind, context.in.argument(0)))
               : Result<Json>(client.error());
    if (!letter) {
        return context.refuse(letter.error());
    }
    if (context.is_human()) {
        print_letter(context, *letter);
    } else {
        context.answer(*letter);
    }
    return 0;
}

int letters_close_command(Context& context) {
    const Result<Json> body = letters_body(context);
    if (!body) {
        return context.refuse(body.error());
    }
    const Result<Client> client = Client::find(context);
    if (!client) {
        return context.refuse(client.error());
    }
    const std::string_view act =
        context.in.command->name == "dlq replay" ? "replay" : "discard";
    return context.in.argument(0).empty() ? close_many(context, *client, act, *body)
                                          : close_one(context, *client, act, *body);
}

}  // namespace attacca::cli
