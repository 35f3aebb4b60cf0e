// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "cli/client.h"
#include "cli/commands.h"
#include "cli/diagnostic.h"
#include "cli/job_event.h"

// worker run, workers list.

namespace attacca::cli {
namespace {

constexpr std::uint64_t slots_max = 256;
constexpr Duration ttl_default = seconds(30);
constexpr Duration ttl_min = seconds(1);
constexpr Duration ttl_max = seconds(3600);

Result<WorkerOptions> options_of(const Context& context) {
    WorkerOptions options;
    options.lanes = context.in.values("lane");
    if (options.lanes.empty()) {
        return fail(Problem::usage, "say which lane to work for: --lane NAME");
    }
    options.capabilities = context.in.values("capability");
    ATTACCA_TRY(const std::optional<std::uint64_t> slots,
                context.in.number("slots", 1, slots_max));
    options.slots = static_cast<std::uint32_t>(slots.value_or(1));
    ATTACCA_TRY(const std::optional<Duration> ttl, context.in.duration("ttl"));
    options.ttl = ttl.value_or(ttl_default);
    if (options.ttl < ttl_min || options.ttl > ttl_max) {
        return fail(Problem::usage, "--ttl is from 1s to 1h");
    }
    options.name = context.in.value("name").value_or("");
    if (options.name.empty()) {
        options.name = context.env.variable("HOSTNAME").value_or("worker");
    }
    options.argv = context.in.arguments;
    return options;
}

std::string worker_rows(const Json& page, const Style&, bool has_head) {
    TextTable table({"WORKER", "LANE", "JOB", "NODE", "ATTEMPT", "EXPIRES"});
    for (const Json& lease : page.find("items")->as_array()) {
        const Json* left = lease.find("expires_in_ms");
        const Json* attempt = lease.find("attempt");
        table.add({printable(text_member(lease, "worker")), printable(text_member(lease, "lane")),
                   printable(text_member(lease, "job")), printable(text_member(lease, "node")),
                   attempt == nullptr ? "" : attempt->text(),
                   left == nullptr
                       ? ""
                       : human_duration(milliseconds(number_member(lease, "expires_in_ms")))});
    }
    for (const Json& waiting : page.find("waiting")->as_array()) {
        std::string lanes;
        for (const Json& lane : waiting.find("lanes")->as_array()) {
            lanes += (lanes.empty() ? "" : ",") + lane.as_string();
        }
        lanes += capabilities_of(waiting);
        table.add({printable(text_member(waiting, "worker")), printable(lanes), "waits", "", "",
                   ""});
    }
    return table.text(has_head);
}

// Lanes that `stay` keeps.
std::string kept_rows(const Json& page, const TimeWords& times, bool has_head) {
    TextTable table({"KEPT LANE", "OWNER", "SINCE", "JOB", "NODE"});
    for (const Json& lane : page.find("reservations")->as_array()) {
        table.add({printable(text_member(lane, "lane")), printable(text_member(lane, "owner")),
                   times.instant(text_member(lane, "since")),
                   printable(text_member(lane, "job")), printable(text_member(lane, "node"))});
    }
    return table.text(has_head);
}

bool is_list(const Json* value) {
    return value != nullptr && value->is_array();
}

}  // namespace

int worker_run_command(Context& context) {
    Result<WorkerOptions> options = options_of(context);
    if (!options) {
        return context.refuse(options.error());
    }
    const Result<Client> client = Client::find(context);
    if (!client) {
        return context.refuse(client.error());
    }
    options->server = client->server();
    options->headers = client->headers();
    options->note = [&context](std::string_view line) {
        context.note(printable(line) + "\n");
    };
    const Result<int> status = context.env.run_worker(*options);
    return status ? *status : context.refuse(status.error());
}

int workers_list_command(Context& context) {
    const Result<Client> client = Client::find(context);
    const Result<Json> page =
        client ? client->get("/api/v1/workers") : Result<Json>(client.error());
    if (!page) {
        return context.refuse(page.error());
    }
    const bool has_kept = is_list(page->find("reservations"));  // older servers do not tell
    if (!is_list(page->find("items")) || !is_list(page->find("waiting"))) {
        return context.refuse(fail(Problem::internal, "the server's answer holds no workers"));
    }
    if (!context.is_human()) {
        context.answer(*page);
        return 0;
    }
    const bool has_head = !context.in.has("no-headers");
    if (page->find("items")->as_array().empty() && page->find("waiting")->as_array().empty()) {
        context.note("no worker is here; attacca worker run --lane LANE -- COMMAND makes one\n");
    } else {
        context.out(worker_rows(*page, context.out_style(), has_head));
    }
    if (has_kept && !page->find("reservations")->as_array().empty()) {
        context.out("\n" + kept_rows(*page, context.times(), has_head));
    }
    return 0;
}

}  // namespace attacca::cli
