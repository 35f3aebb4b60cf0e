// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "base/bytes.h"
#include "cli/client.h"
#include "cli/commands.h"
#include "cli/job_event.h"

// tenants list, get, set.

namespace attacca::cli {
namespace {

constexpr std::string_view tenants_path = "/api/v1/tenants";
constexpr std::array<std::string_view, 6> setting_members = {
    "weight", "max_concurrency", "max_queued", "rate_limit", "start_rate", "quota"};

// A flag, and the member that it sets; those of `quota` stand one level deeper.
struct SettingFlag {
    std::string_view flag;
    std::string_view member;
    bool is_quota = false;
    bool is_number = true;
};
constexpr std::array<SettingFlag, 7> setting_of_flag = {{
    {"weight", "weight"},
    {"max-concurrency", "max_concurrency"},
    {"max-queued", "max_queued"},
    {"rate-limit", "rate_limit", false, false},
    {"start-rate", "start_rate", false, false},
    {"jobs-per-day", "jobs_per_day", true},
    {"slot-seconds-per-day", "slot_seconds_per_day", true},
}};

std::string target_of(std::string_view name) {
    return std::string{tenants_path} + "/" + url_part(name);
}

std::string cell(const Json& object, std::string_view member) {
    const Json* value = object.find(member);
    if (value == nullptr || value->is_null()) {
        return "-";
    }
    if (value->is_object() && value->find("count") != nullptr) {
        return value->find("count")->text() + "/" + text_member(*value, "per");
    }
    return value->is_string() ? printable(value->as_string()) : value->text();
}

std::string tenants_table(const Json& items, bool has_header) {
    TextTable table({"NAME", "WEIGHT", "QUEUED", "RUNNING", "SLOT SECONDS", "SHARE", "LAG",
                     "MAX RUNNING"});
    for (const Json& item : items.as_array()) {
        table.add({cell(item, "name"), cell(item, "weight"), cell(item, "queued"),
                   cell(item, "running"), cell(item, "slot_seconds"),
                   percent_text(cell(item, "share")), rounded_text(cell(item, "lag")),
                   cell(item, "max_concurrency")});
    }
    return table.text(has_header);
}

std::string tenant_page(const Json& tenant) {
    std::string text;
    for (const Json::Member& member : tenant.as_object()) {
        const bool is_group = member.value.is_object() && member.value.find("count") == nullptr;
        if (!is_group) {
            text += padded(printable(member.key), 24) + cell(tenant, member.key) + "\n";
            continue;
        }
        for (const Json::Member& inner : member.value.as_object()) {
            text += padded(printable(member.key + "." + inner.key), 24) +
                    cell(member.value, inner.key) + "\n";
        }
    }
    return text;
}

void answer_tenant(const Context& context, const Json& tenant) {
    if (context.is_human() && tenant.is_object()) {
        context.out(tenant_page(tenant));
    } else {
        context.answer(tenant);
    }
}

// The settings among what a tenant's answer holds.
Json settings_of(const Json& tenant) {
    Json settings = Json::object();
    for (const std::string_view name : setting_members) {
        if (const Json* value = tenant.find(name)) {
            settings.set(name, *value);
        }
    }
    return settings;
}

void set_flags(const Context& context, Json& settings) {
    Json quota = settings.find("quota") == nullptr ? Json::object() : *settings.find("quota");
    for (const SettingFlag& one : setting_of_flag) {
        const std::optional<std::string> text = context.in.value(one.flag);
        if (!text) {
            continue;
        }
        Json value = *text;
        const std::optional<std::uint64_t> number = parse_u64(*text);
        if (*text == "none") {
            value = Json();
        } else if (one.is_number && number && *number <= INT64_MAX) {
            value = static_cast<std::int64_t>(*number);
        }
        (one.is_quota ? quota : settings).set(one.member, std::move(value));
    }
    if (!quota.as_object().empty()) {
        settings.set("quota", std::move(quota));
    }
}

}  // namespace

int tenants_list_command(Context& context) {
    const Result<Client> client = Client::find(context);
    if (!client) {
        return context.refuse(client.error());
    }
    Json::Array all;
    std::string after;
    do {
        const std::string query = after.empty() ? "" : "?after=" + url_part(after);
        const Result<Json> page = client->get(std::string{tenants_path} + query);
        if (!page) {
            return context.refuse(page.error());
        }
        const Json* items = page->find("items");
        if (items != nullptr && items->is_array()) {
            all.insert(all.end(), items->as_array().begin(), items->as_array().end());
        }
        after = text_member(*page, "next_after");
    } while (!after.empty());
    if (context.output() == Output::jsonl) {
        for (const Json& tenant : all) {
            context.answer(tenant);
        }
        return 0;
    }
    const Json items{std::move(all)};
    if (context.is_human()) {
        context.out(tenants_table(items, !context.in.has("no-headers")));
    } else {
        Json answer = Json::object();
        answer.set("items", items);
        context.answer(answer);
    }
    return 0;
}

int tenants_get_command(Context& context) {
    const Result<Client> client = Client::find(context);
    if (!client) {
        return context.refuse(client.error());
    }
    const Result<Json> tenant = client->get(target_of(context.in.argument(0)));
    if (!tenant) {
        return context.refuse(tenant.error());
    }
    answer_tenant(context, *tenant);
    return 0;
}

int tenants_set_command(Context& context) {
    const Result<Client> client = Client::find(context);
    if (!client) {
        return context.refuse(client.error());
    }
    const std::string target = target_of(context.in.argument(0));
    const Result<Json> before = client->get(target);
    if (!before && before.error().problem != Problem::not_found) {
        return context.refuse(before.error());
    }
    Json settings = before ? settings_of(*before) : Json::object();
    set_flags(context, settings);
    const Result<Json> tenant = client->send("PUT", target, settings.text());
    if (!tenant) {
        return context.refuse(tenant.error());
    }
    answer_tenant(context, *tenant);
    return 0;
}

}  // namespace attacca::cli
