// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "cli/client.h"
#include "cli/commands.h"
#include "cli/diagnostic.h"

// import orch-next: what another dispatcher had not finished, as dispatches of this server.

namespace attacca::cli {
namespace {

constexpr std::string_view unfinished[] = {"pending",  "queued",   "scheduled", "assigned",
                                           "retrying", "running", "in_progress"};
constexpr std::string_view finished[] = {"completed", "success", "failed",  "error",
                                         "cancelled", "canceled", "timeout", "aborted"};
constexpr std::int64_t priority_lowest = 10;
constexpr std::int64_t timeout_s_max = 86400;
constexpr std::size_t task_id_bytes_max = 80;  // three times as much in a key of 255

// One task as a request.
struct Order {
    std::string task;
    std::string status;
    Json body;
};
struct Plan {
    std::vector<Order> orders;
    std::size_t ended = 0;
};

template <typename Names>
bool is_among(const Names& names, std::string_view name) {
    return std::find(std::begin(names), std::end(names), name) != std::end(names);
}

Error unusable(const std::string& task, const std::string& why) {
    return fail(Problem::invalid_value, "task " + quoted(task) + ": " + why);
}

// What the worker gets as input: the task's own metadata, and where it is from.
Result<Json> metadata_of(const Json& task, const std::string& id) {
    Json metadata = Json::object();
    if (const Json* text = task.find("metadata"); text != nullptr && !text->as_string().empty()) {
        Result<Json> read = parse_json(text->as_string());
        if (!read || !read->is_object()) {
            return unusable(id, "its metadata are no JSON object");
        }
        metadata = std::move(*read);
    }
    if (metadata.find("orch_next") != nullptr) {
        return unusable(id, "its metadata have a member `orch_next` already");
    }
    Json origin = Json::object();
    origin.set("task_id", id);
    origin.set("status", task.find("status")->as_string());
    origin.set("created_at", task.find("created_at")->as_string());
    metadata.set("orch_next", std::move(origin));
    return metadata;
}

Result<Json> body_of(const Json& task, const std::string& id) {
    const std::int64_t priority = task.find("priority")->as_integer();
    const std::int64_t timeout = task.find("timeout")->as_integer();
    if (priority < 1 || priority > priority_lowest) {
        return unusable(id, "its priority is " + std::to_string(priority) + ", not 1 to 10");
    }
    if (timeout < 1 || timeout > timeout_s_max) {
        return unusable(id, "its timeout is " + std::to_string(timeout) + " s, not 1 s to a day");
    }
    ATTACCA_TRY(Json metadata, metadata_of(task, id));
    Json body = Json::object();
    body.set("coreId", task.find("core_id")->as_string());
    body.set("priority", priority);
    body.set("timeout", timeout);
    body.set("metadata", std::move(metadata));
    return body;
}

// All or nothing: a task that cannot be taken over is found before any is.
Result<Plan> plan_of(const Json& tasks) {
    Plan plan;
    for (const Json& task : tasks.as_array()) {
        const std::string& id = task.find("task_id")->as_string();
        const std::string& status = task.find("status")->as_string();
        if (is_among(finished, status)) {
            ++plan.ended;
            continue;
        }
        if (!is_among(unfinished, status)) {
            return unusable(id, "its status is " + quoted(status) + ", which is not known");
        }
        if (id.empty() || id.size() > task_id_bytes_max) {
            return unusable(id, "its id is empty or longer than 80 bytes");
        }
        ATTACCA_TRY(Json body, body_of(task, id));
        plan.orders.push_back({id, status, std::move(body)});
    }
    return plan;
}

Json row_of(const Order& order, const std::string& task_id) {
    Json row = Json::object();
    row.set("from", order.task);
    row.set("core_id", order.body.find("coreId")->as_string());
    row.set("was", order.status);
    row.set("task_id", task_id);
    return row;
}

// The id of the new task. Asked again with the same key, a server answers with the first one.
Result<std::string> send_order(const Client& client, const Order& order) {
    ATTACCA_TRY(const Json answer,
                client.send("POST", "/dispatch", order.body.text(),
                            {{"Idempotency-Key", "orch-next-" + url_part(order.task)}}));
    const Json* id = answer.find("task_id");
    if (id == nullptr || !id->is_string()) {
        return fail(Problem::internal, "the server's answer names no task");
    }
    return id->as_string();
}

int show(const Context& context, Json::Array rows, const Plan& plan) {
    if (!context.is_human()) {
        Json answer = Json::object();
        answer.set("items", Json(std::move(rows)));
        answer.set("ended", static_cast<std::int64_t>(plan.ended));
        context.answer(answer);
        return 0;
    }
    TextTable table({"FROM", "LANE", "WAS", "TASK"});
    for (const Json& row : rows) {
        table.add({printable(row.find("from")->as_string()),
                   printable(row.find("core_id")->as_string()),
                   printable(row.find("was")->as_string()), row.find("task_id")->as_string()});
    }
    context.out(table.text(!context.in.has("no-headers")));
    if (plan.ended > 0) {
        context.note("had ended, and stay where they are: " + std::to_string(plan.ended) +
                     " (a ledger holds what its own server saw)\n");
    }
    return 0;
}

}  // namespace

int import_orch_next_command(Context& context) {
    const Result<Json> tasks = context.env.read_orch_next(context.in.argument(0));
    const Result<Plan> plan = tasks ? plan_of(*tasks) : Result<Plan>(tasks.error());
    if (!plan) {
        return context.refuse(plan.error());
    }
    Json::Array rows;
    if (context.in.has("dry-run")) {
        for (const Order& order : plan->orders) {
            rows.push_back(row_of(order, "-"));
        }
        return show(context, std::move(rows), *plan);
    }
    const Result<Client> client = Client::find(context);
    if (!client) {
        return context.refuse(client.error());
    }
    for (const Order& order : plan->orders) {
        const Result<std::string> id = send_order(*client, order);
        if (!id) {
            context.note(std::to_string(rows.size()) + " of " +
                         std::to_string(plan->orders.size()) +
                         " tasks are taken over; the same command goes on where it stopped\n");
            return context.refuse(id.error());
        }
        rows.push_back(row_of(order, *id));
    }
    return show(context, std::move(rows), *plan);
}

}  // namespace attacca::cli
