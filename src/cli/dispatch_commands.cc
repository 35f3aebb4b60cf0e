// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "cli/client.h"
#include "cli/commands.h"
#include "cli/diagnostic.h"

// dispatch, tasks get, tasks cancel.

namespace attacca::cli {
namespace {

constexpr std::uint64_t priority_max = 10;

Result<Json> body_of(const Context& context) {
    Json body = Json::object();
    const std::optional<std::string> core = context.in.value("core");
    if (!core) {
        return fail(Problem::usage, "say which lane the work is for: --core NAME");
    }
    body.set("coreId", *core);
    body.set("stay", context.in.has("stay"));
    ATTACCA_TRY(const std::optional<std::uint64_t> priority,
                context.in.number("priority", 1, priority_max));
    if (priority) {
        body.set("priority", static_cast<std::int64_t>(*priority));
    }
    ATTACCA_TRY(const std::optional<Duration> timeout, context.in.duration("timeout"));
    if (timeout) {
        body.set("timeout", format_duration(*timeout));
    }
    if (const std::optional<std::string> text = context.in.value("metadata")) {
        Result<Json> metadata = parse_json(*text);
        if (!metadata || !metadata->is_object()) {
            return fail(Problem::usage, "--metadata is a JSON object");
        }
        body.set("metadata", std::move(*metadata));
    }
    return body;
}

// The whole answer as an object, or its members one in a line.
int show(const Context& context, const Json& answer) {
    if (!context.is_human()) {
        context.answer(answer);
        return 0;
    }
    TextTable table({"FIELD", "VALUE"});
    for (const Json::Member& member : answer.as_object()) {
        table.add({printable(member.key), printable(member.value.is_string()
                                                        ? member.value.as_string()
                                                        : member.value.text())});
    }
    context.out(table.text(!context.in.has("no-headers")));
    return 0;
}

int ask(const Context& context, const std::string& method, const std::string& target,
        const std::string& body) {
    const Result<Client> client = Client::find(context);
    const Result<Json> answer =
        client ? client->send(method, target, body) : Result<Json>(client.error());
    if (!answer || !answer->is_object()) {
        return context.refuse(answer ? fail(Problem::internal, "the server's answer is no object")
                                     : answer.error());
    }
    return show(context, *answer);
}

}  // namespace

int dispatch_command(Context& context) {
    const Result<Json> body = body_of(context);
    if (!body) {
        return context.refuse(body.error());
    }
    return ask(context, "POST", "/dispatch", body->text());
}

int tasks_get_command(Context& context) {
    return ask(context, "GET", "/tasks/" + url_part(context.in.argument(0)), "");
}

int tasks_cancel_command(Context& context) {
    return ask(context, "DELETE", "/tasks/" + url_part(context.in.argument(0)), "");
}

}  // namespace attacca::cli
