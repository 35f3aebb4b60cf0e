// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "base/bytes.h"
#include "cli/commands.h"
#include "cli/client.h"
#include "cli/job_event.h"

// jobs approve, jobs reject.

namespace attacca::cli {
namespace {

// `checks[3]` is item 3 of `checks`.
std::string verdict_target(const std::string& job, std::string node, std::string_view verb) {
    std::string item;
    const std::size_t open = node.find('[');
    if (open != node.npos && node.ends_with(']')) {
        item = node.substr(open + 1, node.size() - open - 2);
        node.resize(open);
    }
    std::string target = job_target(job, "/nodes/" + url_part(node) + "/" + std::string{verb});
    return item.empty() ? target : target + "?item=" + url_part(item);
}

}  // namespace

int jobs_verdict_command(Context& context) {
    const Result<Client> client = Client::find(context);
    if (!client) {
        return context.refuse(client.error());
    }
    const std::string_view name = context.in.command->name;
    const std::string_view verb = name.substr(name.find(' ') + 1);
    const std::string node = context.in.argument(1);
    Json body = Json::object();
    if (const auto comment = context.in.value("comment")) {
        body.set("comment", *comment);
    }
    const Result<Json> answer =
        client->send("POST", verdict_target(context.in.argument(0), node, verb), body.text());
    if (!answer) {
        return context.refuse(answer.error());
    }
    if (!context.is_human()) {
        context.answer(*answer);
        return 0;
    }
    context.out(printable(node) + (verb == "approve" ? " approved" : " rejected") + "; job " +
                printable(text_member(*answer, "id")) + " is " +
                printable(text_member(*answer, "status")) + "\n");
    return 0;
}

}  // namespace attacca::cli
