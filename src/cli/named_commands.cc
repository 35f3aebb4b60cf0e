// SPDX-License-Identifier: Apache-2.0
#include "cli/named_commands.h"

#include "cli/job_event.h"

namespace attacca::cli {

std::string named_target(std::string_view kind, std::string_view name, std::string_view rest) {
    return "/api/v1/" + std::string(kind) + "/" + url_part(name) + std::string(rest);
}

std::string page_query(const Context& context) {
    return "?limit=" + url_part(context.in.value("limit").value_or("50")) +
           "&after=" + url_part(context.in.value("after").value_or(""));
}

Result<Json> loose_params(const Context& context) {
    Json params = Json::object();
    for (const std::string& given : context.in.values("param")) {
        const std::size_t at = given.find('=');
        if (at == std::string::npos || at == 0) {
            return fail(Problem::usage, "-p wants NAME=VALUE, not `" + quoted(given) + "`");
        }
        const std::string value = given.substr(at + 1);
        Result<Json> json = parse_json(value);
        params.set(given.substr(0, at), json ? std::move(*json) : Json(value));
    }
    return params;
}

Json::Array items_of(const Json& page) {
    const Json* found = page.find("items");
    return found != nullptr && found->is_array() ? found->as_array() : Json::Array{};
}

void print_page(const Context& context, const Json& page, const TextTable& table,
                std::string_view nothing) {
    if (context.output() == Output::json) {
        context.answer(page);
        return;
    }
    if (context.output() == Output::jsonl) {
        for (const Json& item : items_of(page)) {
            context.answer(item);
        }
    } else if (table.is_empty()) {
        context.note(std::string(nothing) + "\n");
    } else {
        context.out(table.text(!context.in.has("no-headers")));
    }
    if (const std::string after = text_member(page, "next_after"); !after.empty()) {
        context.note("there are more; go on with --after " + after + "\n");
    }
}

}  // namespace attacca::cli
