// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>
#include <utility>

#include "http/api.h"
#include "http/json_out.h"
#include "http/server.h"

// What the server says about itself.

namespace attacca::http {
namespace {

// Why the server does not take submissions now, or nothing.
std::optional<Error> unready(const engine::Status& status) {
    if (status.is_stopping) {
        return fail(Problem::shutting_down, "the server is stopping");
    }
    if (status.is_storage_full) {
        return fail(Problem::storage_full, "reports and cancels go on; submissions are refused");
    }
    if (!status.is_ready) {
        return fail(Problem::unavailable, "the server is starting");
    }
    if (status.keys.is_halted) {
        return fail(Problem::unavailable, "the key that signs the ledger has run out");
    }
    return std::nullopt;
}

std::string_view health_name(const engine::Status& status) {
    if (status.is_stopping) {
        return "stopping";
    }
    if (status.is_storage_full || status.keys.is_halted) {
        return "degraded";
    }
    return status.is_ready ? "healthy" : "starting";
}

// The same for the whole: rows that were set aside do not keep it from working.
std::string_view whole_name(const engine::Status& status) {
    const std::string_view name = health_name(status);
    return name == "healthy" && status.quarantined > 0 ? "degraded" : name;
}

// So long the witnesses may be silent before somebody should look.
constexpr Duration witness_lag_max = seconds(60);

std::string_view anchor_file_name(const engine::AnchorStatus& anchors) {
    return !anchors.has_file ? "absent" : anchors.is_file_failing ? "failing" : "healthy";
}

std::string_view witness_name(const engine::AnchorStatus& anchors) {
    if (anchors.witnesses == 0) {
        return "absent";
    }
    if (anchors.is_contradicted) {
        return "contradicted";
    }
    return anchors.witness_lag > witness_lag_max ? "behind" : "healthy";
}

void append_components(std::string& out, const engine::Status& status) {
    ObjectOut components(out);
    components.text("database", status.is_storage_full   ? "full"
                                : !status.is_ready       ? "starting"
                                : status.quarantined > 0 ? "degraded"
                                                         : "healthy");
    components.text("engine", health_name(status));
    components.text("anchor_file", anchor_file_name(status.anchors));
    components.text("witnesses", witness_name(status.anchors));
    // Parts of the source system's form that this server has not: said so, not made up.
    components.text("lock_manager", "absent");
    components.text("monitor", "absent");
    components.text("security", status.keys.is_degraded || status.keys.is_expired ? "degraded"
                                                                                 : "healthy");
    components.end();
}

std::string prefers_health_json(const Request& request) {
    const std::string* accept = request.header("accept");
    const bool wants =
        accept != nullptr && accept->find("application/health+json") != std::string::npos;
    return wants ? "application/health+json" : "application/json";
}

// Health takes parameters of load balancers without a word; the others must be known.
bool has_unknown_query(Call& call) {
    if (Result<void> done = call.query.finish(); !done) {
        call.reply.refuse(done.error());
        return true;
    }
    return false;
}

}  // namespace

void get_livez(Api&, Call call) {
    call.reply.json(200, R"({"status":"alive"})");
}

void get_readyz(Api& api, Call call) {
    const engine::Status status = api.gateway.status();
    if (const std::optional<Error> error = unready(status)) {
        call.reply.refuse(*error);
        return;
    }
    const bool is_verbose = call.query.take("verbose").has_value();
    std::string body;
    ObjectOut out(body);
    out.text("status", "ready");
    if (is_verbose) {
        append_components(out.key("components"), status);
        out.number("ledger_size", status.ledger_size);
        out.number("live_jobs", status.live_jobs);
        out.number("slots", status.slots);
    }
    out.end();
    call.reply.json(200, std::move(body));
}

void get_health(Api& api, Call call) {
    const engine::Status status = api.gateway.status();
    const Now now = api.gateway.clock().now();
    Response response;
    response.status = unready(status) ? 503 : 200;
    response.content_type = prefers_health_json(call.request);
    if (response.status == 503) {
        response.headers.push_back({"Retry-After", "1"});
    }
    ObjectOut out(response.body);
    out.text("status", whole_name(status));
    out.time("timestamp", now.wall);
    out.text("version", ATTACCA_VERSION);
    append_components(out.key("components"), status);
    ObjectOut metrics(out.key("metrics"));
    metrics.integer("uptime_seconds", (now.mono - api.started_at).us / 1'000'000);
    metrics.number("total_requests", api.observer->metrics.request_count());
    metrics.number("active_tasks", status.live_jobs);
    metrics.number("active_locks", 0);
    metrics.end();
    out.end();
    call.reply.send(std::move(response));
}

void get_version(Api&, Call call) {
    if (!has_unknown_query(call)) {
        call.reply.json(200, R"({"version":")" ATTACCA_VERSION R"("})");
    }
}

void get_metrics(Api& api, Call call) {
    if (has_unknown_query(call)) {
        return;
    }
    Response response;
    response.content_type = "text/plain; version=0.0.4; charset=utf-8";
    const Server* server = api.server.load();
    response.body =
        api.observer->metrics.text(api.gateway, server == nullptr ? 0 : server->connection_count());
    call.reply.send(std::move(response));
}

}  // namespace attacca::http
