// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "cli/client.h"
#include "cli/commands.h"
#include "cli/job_event.h"

// top: a live view of slots, tenants and lanes.

namespace attacca::cli {
namespace {

constexpr std::size_t tenants_shown_max = 20;
constexpr std::size_t lanes_shown_max = 20;
constexpr Duration interval_default = seconds(1);
constexpr Duration interval_min = milliseconds(100);
constexpr Duration interval_max = seconds(3600);

// What the view shows, as the server told it at one moment.
Result<Json> look(const Client& client) {
    ATTACCA_TRY(Json queue, client.get("/api/v1/queue"));
    ATTACCA_TRY(Json tenants, client.get("/api/v1/tenants"));
    const Json* items = tenants.find("items");
    if (!queue.is_object() || items == nullptr || !items->is_array()) {
        return fail(Problem::internal, "the server's answer holds no queue");
    }
    queue.set("tenants", *items);
    return queue;
}

const Json::Array& array_member(const Json& object, std::string_view member) {
    static const Json::Array none;
    const Json* value = object.find(member);
    return value != nullptr && value->is_array() ? value->as_array() : none;
}

std::string count_of(const Json& object, std::string_view member) {
    const Json* value = object.find(member);
    return value == nullptr || value->is_null() ? "-" : value->text();
}

void add_head(const Json& view, std::vector<std::string>& lines) {
    const Json* slots = view.find("slots");
    const Json* queued = view.find("queued");
    const Json* fair = view.find("fair");
    if (slots == nullptr || queued == nullptr || fair == nullptr) {
        return;  // another tenant's view has lanes only
    }
    lines.push_back("slots   " + count_of(*slots, "used") + " of " + count_of(*slots, "total") +
                    " in use");
    lines.push_back("queued  high " + count_of(*queued, "high") + ", medium " +
                    count_of(*queued, "medium") + ", low " + count_of(*queued, "low"));
    if (number_member(*fair, "tenants") > 0) {
        lines.push_back("fair    " + count_of(*fair, "tenants") + " tenants, ratio " +
                        rounded_text(count_of(*fair, "ratio_min")) + " to " +
                        rounded_text(count_of(*fair, "ratio_p99")) + ", Jain " +
                        rounded_text(count_of(*fair, "jain")) + ", starved " +
                        count_of(*fair, "starved"));
    } else {
        lines.push_back("fair    nothing to measure in the last 15 s");
    }
}

void add_table(const TextTable& table, std::size_t left_out, bool has_header,
               std::vector<std::string>& lines) {
    if (table.is_empty()) {
        return;
    }
    lines.emplace_back();
    const std::string text = table.text(has_header);
    for (const std::string_view line : lines_of(text)) {
        lines.emplace_back(line);
    }
    if (left_out > 0) {
        lines.push_back("and " + std::to_string(left_out) + " more");
    }
}

bool is_busier(const Json* a, const Json* b) {
    const auto work = [](const Json& tenant) {
        return std::pair(number_member(tenant, "running"), number_member(tenant, "queued"));
    };
    return work(*a) > work(*b);
}

std::vector<std::string> frame_of(const Json& view, bool has_header) {
    std::vector<std::string> lines;
    add_head(view, lines);
    std::vector<const Json*> busiest;
    for (const Json& tenant : array_member(view, "tenants")) {
        busiest.push_back(&tenant);
    }
    std::stable_sort(busiest.begin(), busiest.end(), is_busier);
    const std::size_t shown = std::min(busiest.size(), tenants_shown_max);
    TextTable tenants({"TENANT", "WEIGHT", "RUNNING", "QUEUED", "SHARE", "LAG"});
    for (std::size_t i = 0; i < shown; ++i) {
        const Json& tenant = *busiest[i];
        tenants.add({printable(text_member(tenant, "name")), count_of(tenant, "weight"),
                     count_of(tenant, "running"), count_of(tenant, "queued"),
                     percent_text(count_of(tenant, "share")),
                     rounded_text(count_of(tenant, "lag"))});
    }
    add_table(tenants, busiest.size() - shown, has_header, lines);
    const Json::Array& all = array_member(view, "lanes");
    const std::size_t lanes_shown = std::min(all.size(), lanes_shown_max);
    TextTable lanes({"LANE", "TENANT", "RUNNING", "QUEUED", "WORKERS"});
    for (std::size_t i = 0; i < lanes_shown; ++i) {
        lanes.add({printable(text_member(all[i], "lane") + capabilities_of(all[i])),
                   printable(text_member(all[i], "tenant")),
                   count_of(all[i], "running"), count_of(all[i], "queued"),
                   count_of(all[i], "workers")});
    }
    add_table(lanes, all.size() - lanes_shown, has_header, lines);
    return lines;
}

void draw_frame(const Context& context, const std::vector<std::string>& lines,
                std::size_t& drawn) {
    const std::size_t width = context.env.terminal().width;
    // One write, so that the eye never sees half of it; what was longer before is cleared.
    std::string text = drawn > 0 ? "\x1b[" + std::to_string(drawn) + "F" : "";
    for (const std::string& line : lines) {
        text += cut(line, width > 1 ? width - 1 : width) + "\x1b[K\n";
    }
    context.out(text + "\x1b[J");
    drawn = lines.size();
}

}  // namespace

int top_command(Context& context) {
    const Result<std::optional<Duration>> interval = context.in.duration("interval");
    if (!interval) {
        return context.refuse(interval.error());
    }
    const Duration every = interval->value_or(interval_default);
    if (every < interval_min || every > interval_max) {
        return context.refuse(fail(Problem::usage, "--interval is from 100ms to 1h"));
    }
    const Result<Client> client = Client::find(context);
    if (!client) {
        return context.refuse(client.error());
    }
    const bool is_live = context.is_human() && context.env.terminal().is_out_tty;
    const bool is_once =
        context.in.has("once") || !(is_live || context.output() == Output::jsonl);
    std::size_t drawn = 0;
    static_cast<void>(context.env.interrupts());  // from here on they are caught
    for (;;) {
        const Result<Json> view = look(*client);
        if (!view) {
            return context.refuse(view.error());
        }
        const std::vector<std::string> lines = frame_of(*view, !context.in.has("no-headers"));
        if (!context.is_human()) {
            context.answer(*view);
        } else if (is_once) {
            for (const std::string& line : lines) {
                context.out(line + "\n");
            }
        } else {
            draw_frame(context, lines, drawn);
        }
        if (is_once) {
            return 0;
        }
        context.env.sleep(every);
        if (context.env.interrupts() > 0) {
            return 0;
        }
    }
}

}  // namespace attacca::cli
