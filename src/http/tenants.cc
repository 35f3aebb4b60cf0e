// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <string>
#include <utility>
#include <variant>

#include "http/api.h"
#include "http/conditions.h"
#include "http/evidence_view.h"
#include "http/json_out.h"

// Tenants: what is set for them, what they have used, and what they are doing. The engine answers,
// because queues and leases are in no row; its answer waits until what it saw is durable.

namespace attacca::http {
namespace {

constexpr std::uint64_t us_per_ms = 1000;

// Seconds with three decimals.
void append_seconds(std::string& out, std::uint64_t us) {
    const std::uint64_t ms = us / us_per_ms;
    std::string rest = std::to_string(ms % 1000);
    rest.insert(0, 3 - rest.size(), '0');
    out += std::to_string(ms / 1000) + "." + rest;
}

// Millionths as a decimal number, or null.
void append_millionths(std::string& out, const std::optional<std::int64_t>& value) {
    if (!value) {
        out += "null";
        return;
    }
    const bool is_negative = *value < 0;
    const auto magnitude = static_cast<std::uint64_t>(is_negative ? -*value : *value);
    std::string rest = std::to_string(magnitude % 1'000'000);
    rest.insert(0, 6 - rest.size(), '0');
    out += (is_negative ? "-" : "") + std::to_string(magnitude / 1'000'000) + "." + rest;
}

void append_tenant(std::string& out, const core::TenantReport& tenant) {
    ObjectOut object(out);
    object.text("name", tenant.name);
    object.splice(core::json_of(tenant.settings).text());
    object.number("queued", tenant.queued);
    object.number("running", tenant.running);
    object.number("live_jobs", tenant.live_jobs);
    append_seconds(object.key("slot_seconds"), tenant.usage.slot_us);
    append_millionths(object.key("share"), tenant.share_ppm);
    append_millionths(object.key("lag"), tenant.lag_us);
    object.number("jobs", tenant.usage.jobs);
    ObjectOut today(object.key("today"));
    today.number("jobs", tenant.usage.day_jobs);
    append_seconds(today.key("slot_seconds"), tenant.usage.day_slot_us);
    today.end();
    if (tenant.created_at.us != 0) {
        object.time("created_at", tenant.created_at);
        object.time("changed_at", tenant.changed_at);
    }
    object.end();
}

std::string page_of(const core::TenantReports& reports) {
    std::string body;
    ObjectOut out(body);
    ArrayOut items(out.key("items"));
    for (const core::TenantReport& tenant : reports.tenants) {
        append_tenant(items.element(), tenant);
    }
    items.end();
    if (reports.has_more) {
        out.text("next_after", reports.tenants.back().name);
    }
    out.end();
    return body;
}

// Asks the engine; `make` turns its answer into a body, on the server's thread.
void ask(Api& api, const Reply& reply, core::Command command, bool is_list,
         std::optional<engine::Condition> condition = std::nullopt) {
    const bool is_set = std::holds_alternative<core::SetTenant>(command);
    const auto handler = [kept = api.shared_from_this(), reply, is_list,
                          is_set](const core::Answer& given) {
        if (!given) {
            reply.refuse(given.error());
            return;
        }
        auto reports = std::make_shared<core::TenantReports>(std::get<core::TenantReports>(*given));
        reply.send_made([reply, reports, is_list, is_set] {
            std::string body;
            if (is_list) {
                body = page_of(*reports);
            } else {
                append_tenant(body, reports->tenants.front());
            }
            Response response =
                reply.response_of(reports->is_created ? 201 : 200, std::move(body));
            if (is_set) {
                response.headers.push_back(
                    newest_receipt("tenant/" + reports->tenants.front().name));
            }
            return response;
        });
    };
    api.gateway.submit_if(std::move(condition), std::move(command), handler);
}

}  // namespace

void list_tenants(Api& api, Call call) {
    core::ReadTenants command;
    const Result<std::uint64_t> limit = call.query.take_number("limit", 1000, 1, 1000);
    command.after = call.query.take("after").value_or("");
    const Result<void> done = call.query.finish();
    if (!limit || !done) {
        call.reply.refuse(limit ? done.error() : limit.error());
        return;
    }
    command.limit = static_cast<std::uint32_t>(*limit);
    if (call.tenant != core::default_tenant) {
        command.name = call.tenant;
    }
    ask(api, call.reply, std::move(command), true);
}

void get_tenant(Api& api, Call call) {
    if (const Result<void> done = call.query.finish(); !done) {
        call.reply.refuse(done.error());
        return;
    }
    const std::string& name = call.path.front();
    if (call.tenant != core::default_tenant && call.tenant != name) {
        call.reply.refuse(fail(Problem::not_found, "there is no such tenant"));
        return;
    }
    core::ReadTenants command;
    command.name = name;
    ask(api, call.reply, std::move(command), false);
}

void put_tenant(Api& api, Call call) {
    if (const Result<void> done = call.query.finish(); !done) {
        call.reply.refuse(done.error());
        return;
    }
    const Result<Json> json = parse_json(call.request.body);
    Result<core::TenantSettings> settings =
        json ? core::parse_tenant_settings(*json) : Result<core::TenantSettings>(json.error());
    if (!settings) {
        call.reply.refuse(settings.error());
        return;
    }
    ask(api, call.reply,
        core::SetTenant{call.path.front(), api.options.actor, *settings}, false,
        condition_on(call.request, "tenant/" + call.path.front()));
}

}  // namespace attacca::http
