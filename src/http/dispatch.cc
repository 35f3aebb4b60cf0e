// SPDX-License-Identifier: Apache-2.0
#include "http/dispatch.h"

#include <optional>
#include <utility>

#include "base/json.h"
#include "core/graph/input.h"
#include "core/job/states.h"
#include "http/api.h"
#include "http/conditions.h"
#include "http/json_out.h"
#include "http/node_view.h"
#include "http/submission.h"

namespace attacca::http {
namespace {

using core::Faults;
using core::Input;
using core::Range;

constexpr std::string_view prefix = "task-";
// Whose a dispatch is: its user's, or of all that name none together.
constexpr std::string_view user_prefix = "user/";
constexpr std::string_view nameless_owner = "dispatch";
constexpr std::int64_t timeout_s_default = 300;
constexpr std::int64_t timeout_s_max = 86400;
// All attempts that the default policy allows, and their waits.
constexpr std::int64_t attempts_allowed = 3;
constexpr std::int64_t waiting_s = 3600;

struct Order {
    std::string core;
    bool stays = false;
    std::int64_t priority = 1;
    std::int64_t timeout_s = timeout_s_default;
    Json metadata = Json::object();

    // By `user_id` of the metadata, where that is a text or a whole number.
    [[nodiscard]] std::string owner() const {
        const Json* user = metadata.find("user_id");
        std::string name = user == nullptr      ? std::string()
                           : user->is_string()  ? user->as_string()
                           : user->is_integer() ? user->text()
                                                : std::string();
        return name.empty() ? std::string(nameless_owner) : std::string(user_prefix) + name;
    }
};

// Both spellings of the core are known; the request has one of them.
bool read_core(const Input& body, std::string& out, Faults& faults) {
    const auto camel = body.member("coreId");
    const auto snake = body.member("core_id");
    if (camel && snake) {
        return faults.add(*snake, Problem::invalid_value, "`coreId` and `core_id` are the same");
    }
    if (!camel && !snake) {
        return faults.add(body, Problem::missing_field, "`coreId` is required: the lane");
    }
    const Input& value = camel ? *camel : *snake;
    if (!core::read_text(value, out, faults)) {
        return false;
    }
    return core::is_lane_name(out) ||
           faults.add(value, Problem::invalid_value,
                      "`" + quoted(out) + "` is no lane: a letter or digit, then at most 62 "
                                          "letters, digits, `.`, `_` and `-`");
}

// Seconds, or a duration such as `5m`.
bool read_timeout(const Input& value, std::int64_t& out, Faults& faults) {
    constexpr Range range{1, timeout_s_max};
    if (!value.json().is_string()) {
        return core::read_integer(value, range, out, faults);
    }
    Duration length;
    if (!core::read_duration(value, length, faults)) {
        return false;
    }
    out = length.ms() / 1000;
    return (out >= range.min && out <= range.max) ||
           faults.add(value, Problem::out_of_range, "a dispatch may take from 1s to 1d");
}

bool read_order(const Input& body, Order& out, Faults& faults) {
    constexpr std::string_view keys[] = {"coreId",  "core_id", "stay",
                                         "priority", "timeout", "metadata"};
    constexpr Range priority_range{1, 10};
    if (!core::check_keys(body, core::Keys{keys}, faults) || !read_core(body, out.core, faults)) {
        return false;
    }
    const auto stay = body.member("stay");
    const auto priority = body.member("priority");
    const auto timeout = body.member("timeout");
    const auto metadata = body.member("metadata");
    if ((stay && !core::read_bool(*stay, out.stays, faults)) ||
        (priority && !core::read_integer(*priority, priority_range, out.priority, faults)) ||
        (timeout && !read_timeout(*timeout, out.timeout_s, faults)) ||
        (metadata && !core::check_object(*metadata, faults))) {
        return false;
    }
    if (metadata) {
        out.metadata = metadata->json();
    }
    return true;
}

// The job as a client would submit it. The metadata and the owner go through parameters: as a part
// of the definition their texts would be read as templates.
Json job_of(const Order& order) {
    Json work = Json::object();
    work.set("lane", order.core);
    work.set("owner", "${{ params.owner }}");
    work.set("stay", order.stays);
    work.set("input", "${{ from_json(params.metadata) }}");
    Json node = Json::object();
    node.set("id", "task");
    node.set("timeout", std::to_string(order.timeout_s) + "s");
    node.set("task", std::move(work));
    Json nodes = Json::array();
    nodes.push(std::move(node));
    Json limits = Json::object();
    limits.set("timeout",
               std::to_string(attempts_allowed * order.timeout_s + waiting_s) + "s");
    Json declared = Json::object();
    declared.set("type", "string");
    Json declarations = Json::object();
    declarations.set("metadata", declared);
    declarations.set("owner", std::move(declared));
    Json dag = Json::object();
    dag.set("params", std::move(declarations));
    dag.set("limits", std::move(limits));
    dag.set("nodes", std::move(nodes));
    Json labels = Json::object();
    labels.set("core_id", order.core);
    labels.set("dispatch_priority", std::to_string(order.priority));
    labels.set("dispatch_timeout", std::to_string(order.timeout_s));
    Json params = Json::object();
    params.set("metadata", order.metadata.text());
    params.set("owner", order.owner());
    Json job = Json::object();
    job.set("name", "dispatch");
    job.set("priority", order.priority);
    job.set("labels", std::move(labels));
    job.set("metadata", order.metadata);
    job.set("params", std::move(params));
    job.set("dag_definition", std::move(dag));
    return job;
}

struct Kept {
    std::string core;
    std::int64_t priority = 0;
    std::int64_t timeout_s = 0;
    std::string metadata;  // JSON text
};

// Errors: not_found, when the job was not dispatched.
Result<Kept> kept_of(const JobView& jobs, const ports::JobRow& row) {
    ATTACCA_TRY(const std::string text, jobs.details_of(row));
    const Result<Json> details = parse_json(text.empty() ? std::string("{}") : text);
    const Json* labels = details ? details->find("labels") : nullptr;
    const auto label = [&](std::string_view name) {
        const Json* value = labels == nullptr ? nullptr : labels->find(name);
        return value != nullptr && value->is_string() ? value->as_string() : std::string();
    };
    const auto priority = parse_u64(label("dispatch_priority"));
    const auto timeout = parse_u64(label("dispatch_timeout"));
    if (!priority || !timeout) {
        return fail(Problem::not_found, "there is no such dispatch");
    }
    const Json* metadata = details->find("metadata");
    return Kept{label("core_id"), static_cast<std::int64_t>(*priority),
                static_cast<std::int64_t>(*timeout),
                metadata == nullptr ? std::string("{}") : metadata->text()};
}

WallTime updated_at(const ports::JobRow& row) {
    return row.ended_at.us != 0 ? row.ended_at : row.started_at.us != 0 ? row.started_at
                                                                        : row.created_at;
}

}  // namespace

Result<core::NewJob> parse_dispatch(std::string_view body) {
    ATTACCA_TRY(const Json json, parse_json(body));
    const Input root(json, "");
    Faults faults;
    Order order;
    if (!read_order(root, order, faults)) {
        return faults.take();
    }
    Result<core::NewJob> job = parse_job(job_of(order).text());
    if (!job && job.error().problem == Problem::out_of_range) {
        faults.add(root, Problem::out_of_range, "`metadata` are limited to 64 KiB");
        return faults.take();
    }
    return job;
}

std::string dispatch_id(const core::JobId& id) {
    return std::string(prefix) + id.text();
}

std::string_view job_of_dispatch(std::string_view id) {
    return id.starts_with(prefix) ? id.substr(prefix.size()) : std::string_view();
}

Result<std::string> dispatched_json(const JobView& jobs, const ports::JobRow& row) {
    ATTACCA_TRY(const Kept kept, kept_of(jobs, row));
    std::string out;
    ObjectOut object(out);
    object.text("task_id", dispatch_id(row.id));
    object.text("status", core::name_of(core::JobState::queued));
    object.text("core_id", kept.core);
    object.integer("priority", kept.priority);
    object.time("created_at", row.created_at);
    object.time("estimated_start", row.created_at);  // the earliest: no worker is known to be free
    object.end();
    return out;
}

Result<std::string> dispatch_json(const JobView& jobs, const ports::JobRow& row) {
    ATTACCA_TRY(const Kept kept, kept_of(jobs, row));
    ATTACCA_TRY(const NodeView nodes, NodeView::load(jobs, row));
    std::string out;
    ObjectOut object(out);
    object.text("task_id", dispatch_id(row.id));
    object.text("core_id", kept.core);
    object.text("status", core::name_of(row.state));
    object.integer("priority", kept.priority);
    object.integer("timeout", kept.timeout_s);
    object.time("created_at", row.created_at);
    object.time("updated_at", updated_at(row));
    object.raw("metadata", kept.metadata);
    const auto attempts = nodes.attempts_of("task", std::nullopt);
    std::string result;
    if (!attempts.empty() && attempts.back()->ended) {
        const core::AttemptEnded& last = *attempts.back()->ended;
        ATTACCA_TRY(result, jobs.text_of(last.output));
        if (!last.detail.empty()) {
            object.text("detail", last.detail);
        }
    }
    object.raw("result", result.empty() ? std::string_view("null") : std::string_view(result));
    object.end();
    return out;
}

// --- Handlers ---

void get_dispatch(Api& api, Call call) {
    if (Result<void> done = call.query.finish(); !done) {
        call.reply.refuse(done.error());
        return;
    }
    const std::string_view id = job_of_dispatch(call.path.front());
    const Result<ports::JobRow> row = api.jobs.find(call.tenant, id);
    Response response = call.reply.response_of(
        200, row ? dispatch_json(api.jobs, *row) : Result<std::string>(row.error()));
    response.version = row ? version_of_tag(row->eseq) : std::string();
    call.reply.send(std::move(response));
}

void cancel_dispatch(Api& api, Call call) {
    call.path.front() = std::string(job_of_dispatch(call.path.front()));
    cancel_job(api, std::move(call));
}

}  // namespace attacca::http
