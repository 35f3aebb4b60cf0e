// SPDX-License-Identifier: Apache-2.0
#include <string>

#include "cli/client.h"
#include "cli/commands.h"
#include "cli/job_event.h"

// jobs why.

namespace attacca::cli {
namespace {

std::string place_of(const Json& wait) {
    std::string place = printable(text_member(wait, "node"));
    if (wait.find("item") != nullptr) {
        place += "[" + std::to_string(number_member(wait, "item")) + "]";
    }
    return place.empty() ? "the job" : place;
}

std::string why_table(const Json& waits, const TimeWords& times, bool has_header) {
    TextTable table({"NODE", "WAITS FOR", "SINCE", "UNTIL", "RELEASED BY", "DETAIL"});
    for (const Json& wait : waits.as_array()) {
        table.add({place_of(wait), printable(text_member(wait, "cause")),
                   times.age(text_member(wait, "since")), times.age(text_member(wait, "until")),
                   printable(text_member(wait, "released_by")),
                   printable(text_member(wait, "detail"))});
    }
    return table.text(has_header);
}

}  // namespace

int jobs_why_command(Context& context) {
    const Result<Client> client = Client::find(context);
    if (!client) {
        return context.refuse(client.error());
    }
    const Result<Json> why = client->get(job_target(context.in.argument(0), "/why"));
    if (!why) {
        return context.refuse(why.error());
    }
    const Json* waits = why->find("waits");
    if (!context.is_human()) {
        context.answer(*why);
    } else if (waits == nullptr || !waits->is_array() || waits->as_array().empty()) {
        context.out("waits for nothing: " + printable(text_member(*why, "status")) + "\n");
    } else {
        context.out(why_table(*waits, context.times(), !context.in.has("no-headers")));
    }
    return 0;
}

}  // namespace attacca::cli
