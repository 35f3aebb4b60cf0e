// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "cli/client.h"
#include "cli/commands.h"
#include "cli/job_event.h"

// tests list.

namespace attacca::cli {
namespace {

std::string tests_target(const Context& context, std::uint64_t limit) {
    std::string target =
        job_target(context.in.argument(0), "/tests?limit=" + std::to_string(limit));
    for (const std::string& status : context.in.values("status")) {
        target += "&status=" + url_part(status);
    }
    if (const auto node = context.in.value("node")) {
        target += "&node=" + url_part(*node);
    }
    return target;
}

std::string glyph_of(std::string_view status) {
    if (status == "passed") {
        return "✓";
    }
    return status == "skipped" ? "»" : "✗";
}

std::string line_of(const Json& item) {
    const std::string status = text_member(item, "status");
    std::string name = printable(text_member(item, "suite"));
    name += (name.empty() ? "" : ".") + printable(text_member(item, "name"));
    std::string line = glyph_of(status) + " " + printable(text_member(item, "node")) + "  " + name +
                       "  " + human_duration(milliseconds(number_member(item, "duration_ms")));
    const std::string message = printable(text_member(item, "message"));
    return message.empty() ? line + "\n" : line + "\n    " + message + "\n";
}

std::string counts_text(const Json& answer) {
    const Json* counts = answer.find("counts");
    std::string text;
    for (const char* name : {"passed", "failed", "error", "skipped"}) {
        const std::int64_t count = counts == nullptr ? 0 : number_member(*counts, name);
        text += (text.empty() ? "" : ", ") + std::to_string(count) + " " + name;
    }
    return text + "\n";
}

}  // namespace

int tests_list_command(Context& context) {
    constexpr std::uint64_t limit_max = 1000;
    const Result<std::optional<std::uint64_t>> limit = context.in.number("limit", 1, limit_max);
    if (!limit) {
        return context.refuse(limit.error());
    }
    const Result<Client> client = Client::find(context);
    if (!client) {
        return context.refuse(client.error());
    }
    const Result<Json> answer = client->get(tests_target(context, limit->value_or(100)));
    if (!answer) {
        return context.refuse(answer.error());
    }
    const Json* found = answer->find("items");
    const Json items = found != nullptr && found->is_array() ? *found : Json::array();
    if (context.output() == Output::json) {
        context.answer(*answer);
        return 0;
    }
    for (const Json& item : items.as_array()) {
        if (context.output() == Output::jsonl) {
            context.answer(item);
        } else {
            context.out(line_of(item));
        }
    }
    context.note(counts_text(*answer));
    return 0;
}

}  // namespace attacca::cli
