// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <future>
#include <utility>

#include "base/bytes.h"
#include "cli/commands.h"
#include "cli/diagnostic.h"
#include "cli/job_feed.h"
#include "cli/named_commands.h"
#include "cli/pipeline_file.h"
#include "cli/watch.h"
#include "core/graph/pipeline.h"

// run: in this process, or by a server.

namespace attacca::cli {
namespace {

struct Order {
    PipelineFile file;
    Json params;
    std::string priority;
    std::optional<Duration> limit;
};

core::NewJob new_job(const Order& order, core::JobId id) {
    core::NewJob job;
    job.id = id;
    job.definition = order.file.definition;
    job.name = order.file.name;
    job.priority = core::priority_of(order.priority).value_or(order.file.priority);
    Json details = Json::object();
    if (!order.file.description.empty()) {
        details.set("description", order.file.description);
    }
    if (order.file.labels.is_object() && !order.file.labels.as_object().empty()) {
        details.set("labels", order.file.labels);
    }
    if (!order.params.as_object().empty()) {
        details.set("params", order.params);
    }
    job.details = details.text();
    return job;
}

// How to reach the same server again, for commands that are printed.
std::string reach_flags(const Context& context) {
    std::string flags;
    for (const char* name : {"server", "token-file", "data", "tenant"}) {
        if (context.settings.find(name).origin == Origin::flag) {
            flags += " --" + std::string{name} + " " + shell_word(context.settings.value(name));
        }
    }
    return flags;
}

std::string run_again(const Context& context, const Order& order) {
    std::string line = "attacca run " + shell_word(order.file.path);
    for (const std::string& param : context.in.values("param")) {
        line += " -p " + shell_word(param);
    }
    if (const auto params = context.in.value("params")) {
        line += " --params " + shell_word(*params);
    }
    return line + reach_flags(context);
}

// A job that a server has just made: printed, or watched to its end.
int follow(const Context& context,
           const Client& client,
           const Json& created,
           ProgressModel& model,
           std::optional<Duration> limit) {
    const std::string id = text_member(created, "id");
    const std::string flags = reach_flags(context);
    if (context.in.has("detach")) {
        if (context.is_human()) {
            context.out(id + "\n");
        } else {
            context.answer(created);
        }
        context.note("watch: attacca jobs watch " + id + flags + "\n");
        return 0;
    }
    const std::unique_ptr<JobFeed> feed = server_feed(client, context.env, id, model);
    WatchOptions options;
    options.limit = limit;
    options.leaves_at_approval = context.in.has("no-wait-approval");
    options.job = id;
    options.logs_command = "attacca jobs logs " + id + flags;
    options.again_command = "attacca jobs retry " + id + flags;
    options.flags = flags;
    return watch_job(context, *feed, model, options);
}

Client::Headers key_headers(const Context& context) {
    Client::Headers headers;
    if (const auto key = context.in.value("idempotency-key")) {
        headers.emplace_back("Idempotency-Key", *key);
    }
    return headers;
}

int run_by_server(const Context& context, const Order& order) {
    const Result<Client> client = Client::find(context);
    if (!client) {
        return context.refuse(client.error());
    }
    const Result<Json> created = client->send(
        "POST", std::string{api_prefix} + "/job",
        submission_of(order.file, order.params, order.priority).text(), key_headers(context));
    if (!created) {
        return context.refuse(created.error());
    }
    ProgressModel model(order.file.name);
    model.add_nodes(*order.file.definition);
    return follow(context, *client, *created, model, order.limit);
}

int run_here(const Context& context, const Order& order, Embedded& embedded) {
    engine::Gateway& gateway = embedded.gateway();
    // An engine takes up whatever its directory holds; nobody should have to guess why other
    // commands run.
    const std::uint64_t older = gateway.status().live_jobs;
    if (older > 0) {
        context.note(std::to_string(older) +
                     (older == 1 ? " older job that had not ended goes on"
                                 : " older jobs that had not ended go on") +
                     " in " + printable(context.settings.value("data")) + ", too\n");
    }
    const core::JobId id = gateway.new_job_id();
    core::SubmitJobs command;
    command.tenant = context.settings.value("tenant");
    command.actor = "usr:local";
    command.jobs.push_back(new_job(order, id));
    auto answered = std::make_shared<std::promise<core::Answer>>();
    std::future<core::Answer> answer = answered->get_future();
    gateway.submit(std::move(command),
                   [answered](core::Answer given) { answered->set_value(std::move(given)); });
    const core::Answer given = answer.get();
    if (!given) {
        return context.refuse(given.error());
    }
    if (const auto* throttled = std::get_if<core::Throttled>(&*given)) {
        return context.refuse(throttled->error);
    }
    ProgressModel model(order.file.name);
    model.add_nodes(*order.file.definition);
    const std::unique_ptr<JobFeed> feed =
        embedded_feed(embedded, id, order.file.definition, model);
    WatchOptions options;
    options.is_local = true;
    options.limit = order.limit;
    options.leaves_at_approval = context.in.has("no-wait-approval");
    options.job = id.text();
    options.flags = reach_flags(context);
    options.logs_command = "attacca jobs logs " + id.text() + options.flags;
    options.again_command = run_again(context, order);
    return watch_job(context, *feed, model, options);
}

int dry_run(const Context& context, const Order& order) {
    Json answer = Json::object();
    answer.set("file", order.file.path);
    answer.set("name", order.file.name);
    answer.set("nodes", static_cast<std::int64_t>(order.file.definition->nodes.size()));
    answer.set("params", order.params);
    if (!context.is_human()) {
        context.answer(answer);
        return 0;
    }
    context.out(printable(order.file.name) + ": " +
                counted(order.file.definition->nodes.size(), "node") + ", nothing was run\n");
    for (const Json::Member& param : order.params.as_object()) {
        context.out("  " + printable(param.key) + " = " + printable(param.value.text()) + "\n");
    }
    return 0;
}

// What to do about it: parameters are given by flags, whatever the file's own advice would be.
std::string param_fix(const Context& context, const Error& error, const Json& declared) {
    std::string names;
    std::string flags;
    const bool is_object = declared.is_object();
    for (const Json::Member& param : is_object ? declared.as_object() : Json::Object{}) {
        const Json* required = param.value.find("required");
        const std::vector<std::string> given = context.in.values("param");
        const bool is_given = std::any_of(given.begin(), given.end(), [&](const auto& word) {
            return word.starts_with(param.key + "=");
        });
        // What stands in a file of --params is not looked up again: then only that is told which
        // the error names.
        const bool is_told = !context.in.has("params") ||
                             error.detail.find("`" + param.key + "`") != std::string::npos;
        names += (names.empty() ? "" : ", ") + printable(param.key);
        if (required != nullptr && required->is_bool() && required->as_bool() && !is_given &&
            is_told && param.value.find("default") == nullptr) {
            flags += " -p " + printable(param.key) + "=VALUE";
        }
    }
    if (error.problem == Problem::missing_field && !flags.empty()) {
        return "add" + flags;
    }
    if (error.problem == Problem::unknown_field) {
        return names.empty() ? "leave it out; there are no parameters"
                             : "the parameters are " + names;
    }
    return "see what the file says of it below `params`";
}

// A parameter's error names the parameter, not a place in the file.
int refuse_params(const Context& context, const Error& error, const Json& declared) {
    if (error.problem == Problem::usage) {
        return context.refuse(error);
    }
    constexpr std::string_view above = "/params/";
    constexpr std::string_view named = "parameter ";
    Error shown = error;
    shown.fields.clear();
    for (const FieldError& field : error.fields) {
        if (field.pointer.starts_with(above)) {
            FieldError own = field;
            own.pointer = std::string{named} + field.pointer.substr(above.size());
            shown.fields.push_back(std::move(own));
        } else if (shown.detail.empty()) {
            shown.detail = field.detail;  // about the parameters as a whole
        }
    }
    // One line says it when the parameter's own error is all there is.
    if (shown.fields.size() == 1 && shown.detail == shown.fields.front().detail) {
        const std::string name = shown.fields.front().pointer.substr(named.size());
        if (shown.detail.find("`" + name + "`") == std::string::npos) {
            shown.detail = shown.fields.front().pointer + ": " + shown.detail;
        }
        shown.fields.clear();
    }
    return context.refuse(shown, param_fix(context, error, declared));
}

// A word that names no file may be a workflow of the server.
int run_workflow(const Context& context,
                 const Client& client,
                 const std::string& name,
                 std::optional<Duration> limit) {
    const std::string target = named_target("workflows", name);
    const Result<Json> workflow = client.get(target);
    if (!workflow) {
        return context.refuse(workflow.error());
    }
    const Json* definition = workflow->find("dag_definition");
    const Json* declared = definition == nullptr ? nullptr : definition->find("params");
    const Json declarations = declared == nullptr ? Json::object() : *declared;
    const Result<Json> params = given_params(context, declarations);
    if (!params) {
        return refuse_params(context, params.error(), declarations);
    }
    Json body = Json::object();
    body.set("params", *params);
    if (const auto priority = context.in.value("priority")) {
        body.set("priority", *priority);
    }
    const Result<Json> created =
        client.send("POST", target + "/start", body.text(), key_headers(context));
    if (!created) {
        return context.refuse(created.error());
    }
    ProgressModel model(name);
    const Json* nodes = created->find("nodes");
    for (const Json& node : nodes == nullptr ? Json::Array{} : nodes->as_array()) {
        NodeProgress progress;
        progress.id = text_member(node, "id");
        model.add_node(std::move(progress));
    }
    return follow(context, client, *created, model, limit);
}

// The server that knows the word, when it is no file; nothing when it is to be read as one.
std::optional<Client> server_of_workflow(const Context& context, const std::string& word) {
    if (!core::is_pipeline_name(word) || context.in.has("dry-run") ||
        context.env.read_file(word).has_value()) {
        return std::nullopt;
    }
    Result<Client> client = Client::find(context);
    return client ? std::optional(std::move(*client)) : std::nullopt;
}

}  // namespace

int run_command(Context& context) {
    const Result<std::optional<Duration>> limit = context.in.duration("wait");
    if (!limit) {
        return context.refuse(limit.error());
    }
    const std::string word = context.in.argument(0);
    if (const std::optional<Client> client = server_of_workflow(context, word)) {
        return run_workflow(context, *client, word, *limit);
    }
    std::variant<PipelineFile, PipelineError> loaded = load_pipeline(context, word);
    if (const auto* wrong = std::get_if<PipelineError>(&loaded)) {
        return refuse_file(context, *wrong);
    }
    Order order;
    order.file = std::get<PipelineFile>(std::move(loaded));
    order.limit = *limit;
    order.priority = context.in.value("priority").value_or("");
    Result<Json> params = given_params(context, order.file.definition->params);
    if (!params) {
        return refuse_params(context, params.error(), order.file.definition->params);
    }
    order.params = std::move(*params);
    if (context.in.has("dry-run")) {
        return dry_run(context, order);
    }
    const bool is_remote = !context.settings.value("server").empty() ||
                           context.in.has("detach") || context.in.has("idempotency-key");
    const bool is_open = order.file.definition->is_open;
    if (is_remote || (is_open && Client::find(context))) {
        return run_by_server(context, order);
    }
    if (is_open) {
        return context.refuse(fail(Problem::not_supported,
                                   "a node of " + order.file.path +
                                       " names a workflow, and only a server knows workflows: "
                                       "start one with attacca serve, or give --server"));
    }
    const std::uint64_t slots = parse_u64(context.settings.value("slots")).value_or(16);
    const std::string& data = context.settings.value("data");
    Result<std::unique_ptr<Embedded>> embedded =
        context.env.run_embedded(data, static_cast<std::uint32_t>(slots), [&] {
            context.note("waiting for " + data + ", which another process holds\n");
        });
    if (embedded) {
        return run_here(context, order, **embedded);
    }
    if (embedded.error().problem == Problem::locked && Client::find(context)) {
        context.note("a server holds " + data + ", so the job goes there\n");
        return run_by_server(context, order);
    }
    if (embedded.error().problem == Problem::rolled_back) {
        // The status of that says here that the job waits for a person.
        return context.refuse(fail(Problem::corrupt, embedded.error().detail));
    }
    return context.refuse(embedded.error());
}

}  // namespace attacca::cli
