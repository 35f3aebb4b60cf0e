// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "cli/commands.h"
#include "cli/job_source.h"
#include "cli/job_text.h"
#include "cli/watch.h"

// jobs list, get, watch, cancel, pause, resume, retry.

namespace attacca::cli {
namespace {

std::string server_flags(const Context& context) {
    std::string flags;
    for (const char* name : {"server", "token-file", "data", "tenant"}) {
        if (context.settings.find(name).origin == Origin::flag) {
            flags += " --" + std::string{name} + " " + shell_word(context.settings.value(name));
        }
    }
    return flags;
}

Result<JobQuery> query_of(const Context& context) {
    constexpr std::uint64_t limit_max = 10'000;
    JobQuery query;
    query.statuses = context.in.values("status");
    query.type = context.in.value("type").value_or("");
    query.waiting_for = context.in.value("waiting-for").value_or("");
    query.tag = context.in.value("tag").value_or("");
    query.text = context.in.value("text").value_or("");
    query.cursor = context.in.value("cursor").value_or("");
    ATTACCA_TRY(const std::optional<std::uint64_t> limit,
                context.in.number("limit", 1, limit_max));
    query.limit = static_cast<std::uint32_t>(limit.value_or(50));
    ATTACCA_TRY(const std::optional<Duration> since, context.in.duration("since"));
    if (since) {
        query.created_after = WallTime{context.env.now().wall.us - since->us};
    }
    return query;
}

// Of a huge job the history is not read for a page.
std::string why_it_failed(const Context& context, JobSource& source, const Json& job) {
    constexpr std::int64_t nodes_max = 10'000;
    const Json* counts = job.find("counts");
    if (counts == nullptr || number_member(*counts, "failed") == 0 ||
        number_member(*counts, "total") > nodes_max) {
        return {};
    }
    ProgressModel model(text_member(job, "name"));
    const std::unique_ptr<JobFeed> feed = stored_feed(source, text_member(job, "id"), model);
    const Result<void> read = feed->follow(
        [&](const JobEvent& event) { static_cast<void>(model.apply(event)); }, [] { return true; });
    return read ? failures_text(model.failures(), context.out_style()) : std::string{};
}

// What is sent for each word, and whether it answers with a new job.
struct Change {
    std::string method;
    std::string rest;
};

Change change_of(std::string_view command) {
    return {"POST", "/" + std::string{command.substr(command.find(' ') + 1)}};
}

// What `jobs rerun` asks for; the other changes need no body.
std::string body_of(const Context& context) {
    if (context.in.command->name != "jobs rerun") {
        return {};
    }
    Json body = Json::object();
    const std::vector<std::string> nodes = context.in.values("node");
    if (!nodes.empty()) {
        Json list = Json::array();
        for (const std::string& node : nodes) {
            list.push(node);
        }
        body.set("nodes", std::move(list));
    }
    if (context.in.has("only")) {
        body.set("only", true);
    }
    return body.text();
}

}  // namespace

int jobs_list_command(Context& context) {
    const Result<JobQuery> query = query_of(context);
    if (!query) {
        return context.refuse(query.error());
    }
    Result<std::unique_ptr<JobSource>> source = JobSource::find(context);
    if (!source) {
        return context.refuse(source.error());
    }
    const Result<Json> page = (*source)->list(*query);
    if (!page) {
        return context.refuse(page.error());
    }
    const Json* found = page->find("items");
    const Json items = found != nullptr && found->is_array() ? *found : Json::array();
    const std::string cursor = text_member(*page, "next_cursor");
    if (context.output() == Output::jsonl) {
        for (const Json& job : items.as_array()) {
            context.answer(job);
        }
    } else if (context.output() == Output::json) {
        context.answer(*page);
    } else if (items.as_array().empty()) {
        context.note("no jobs match; attacca run FILE makes one\n");
        return 0;
    } else {
        context.out(jobs_table(items, context.times(), !context.in.has("no-headers"),
                               context.out_style()));
    }
    if (!cursor.empty() && context.output() != Output::json) {
        const std::int64_t total = number_member(*page, "total");
        context.note(std::to_string(items.as_array().size()) + " of " + std::to_string(total) +
                     "; go on with --cursor " + shell_word(cursor) + "\n");
    }
    return 0;
}

int jobs_get_command(Context& context) {
    Result<std::unique_ptr<JobSource>> source = JobSource::find(context);
    if (!source) {
        return context.refuse(source.error());
    }
    const std::string id = context.in.argument(0);
    const bool wants_events = context.in.has("events");
    const Result<Json> answer = wants_events ? (*source)->events(id) : (*source)->job(id);
    if (!answer) {
        return context.refuse(answer.error());
    }
    if (!wants_events) {
        if (context.is_human()) {
            context.out(job_page(*answer, context.times(), context.out_style()) +
                        why_it_failed(context, **source, *answer));
        } else {
            context.answer(*answer);
        }
        return 0;
    }
    const Json* found = answer->find("items");
    const Json items = found != nullptr && found->is_array() ? *found : Json::array();
    if (context.is_human()) {
        context.out(events_table(items, context.times(), !context.in.has("no-headers")));
    } else if (context.output() == Output::json) {
        context.answer(*answer);
    } else {
        for (const Json& item : items.as_array()) {
            context.answer(item);
        }
    }
    return 0;
}

int jobs_watch_command(Context& context) {
    const Result<std::optional<Duration>> limit = context.in.duration("wait");
    if (!limit) {
        return context.refuse(limit.error());
    }
    Result<Place> place = find_place(context);
    if (!place) {
        return context.refuse(place.error());
    }
    const std::unique_ptr<JobSource> source =
        place->server ? server_source(*place->server)
                      : stored_source(std::move(place->stored), context.settings.value("tenant"));
    const std::string id = context.in.argument(0);
    const Result<Json> job = source->job(id);
    if (!job) {
        return context.refuse(job.error());
    }
    const auto state = core::job_state_of(text_member(*job, "status"));
    if (!place->server && !(state && core::is_final(*state))) {
        return context.refuse(fail(Problem::unreachable,
                                   "the job has not ended, and no server holds " +
                                       quoted(context.settings.value("data"))));
    }
    ProgressModel model(text_member(*job, "name"));
    const std::unique_ptr<JobFeed> feed =
        place->server ? server_feed(*place->server, context.env, id, model)
                      : stored_feed(*source, id, model);
    const Json* nodes = job->find("nodes");
    if (nodes != nullptr && nodes->is_array()) {
        for (const Json& node : nodes->as_array()) {
            NodeProgress progress;
            progress.id = text_member(node, "id");
            model.add_node(std::move(progress));
        }
    }
    WatchOptions options;
    options.limit = *limit;
    options.leaves_at_approval = context.in.has("no-wait-approval");
    options.job = id;
    options.flags = server_flags(context);
    options.logs_command = "attacca jobs logs " + id + options.flags;
    if (place->server) {
        options.again_command = "attacca jobs retry " + id + options.flags;
    }
    return watch_job(context, *feed, model, options);
}

int jobs_change_command(Context& context) {
    const Result<Client> client = Client::find(context);
    if (!client) {
        return context.refuse(client.error());
    }
    Change change = change_of(context.in.command->name);
    if (context.in.has("now")) {
        change.rest += "?now=true";
    }
    const std::string body = body_of(context);
    int status = 0;
    for (const std::string& id : context.in.arguments) {
        const Result<Json> answer = client->send(change.method, job_target(id, change.rest), body);
        if (!answer) {
            Error error = answer.error();
            error.detail = id + ": " + error.detail;
            const int own = context.refuse(error);
            status = status == 0 ? own : status;
            continue;
        }
        if (!context.is_human()) {
            context.answer(*answer);
            continue;
        }
        const bool is_new = change.rest == "/retry" || change.rest == "/rerun";
        context.out(printable(text_member(*answer, "id")) +
                    (is_new ? "\n"
                            : "  " + (is_cancelling(*answer) ? "cancelling"
                                                             : printable(text_member(
                                                                   *answer, "status"))) +
                                  "\n"));
        if (is_new) {
            context.note("watch: attacca jobs watch " + text_member(*answer, "id") +
                         server_flags(context) + "\n");
        }
    }
    return status;
}

}  // namespace attacca::cli
