// SPDX-License-Identifier: Apache-2.0
#include "cli/job_text.h"

#include <algorithm>

#include "cli/job_event.h"
#include "cli/progress_text.h"

namespace attacca::cli {
namespace {

std::string status_text(const std::string& status, const Style& style) {
    if (const auto state = core::job_state_of(status)) {
        return style(mark_of(*state).colour, std::string{mark_of(*state).glyph} + " " + status);
    }
    return printable(status);
}

std::string node_status_text(const std::string& status) {
    if (const auto state = core::node_state_of(status)) {
        return std::string{mark_of(*state).glyph} + " " + status;
    }
    return printable(status);
}

std::optional<WallTime> time_member(const Json& job, std::string_view key) {
    const Result<WallTime> at = parse_rfc3339(text_member(job, key));
    return at ? std::optional{*at} : std::nullopt;
}

std::string duration_text(const Json& job, WallTime now) {
    const std::optional<WallTime> start = time_member(job, "started_at");
    if (!start) {
        return "-";
    }
    return human_duration(time_member(job, "ended_at").value_or(now) - *start);
}

std::string nodes_text(const Json& job) {
    const Json* counts = job.find("counts");
    if (counts == nullptr || !counts->is_object()) {
        return "-";
    }
    std::string text = std::to_string(number_member(*counts, "done")) + "/" +
                       std::to_string(number_member(*counts, "total"));
    const std::int64_t failed = number_member(*counts, "failed");
    return failed == 0 ? text : text + " ✗" + std::to_string(failed);
}

std::string pairs_text(const Json* object) {
    std::string text;
    if (object != nullptr && object->is_object()) {
        for (const Json::Member& member : object->as_object()) {
            text += (text.empty() ? "" : ", ") + printable(member.key) + "=" +
                    printable(member.value.is_string() ? member.value.as_string()
                                                       : member.value.text());
        }
    }
    return text;
}

void add_row(std::string& out, const std::string& name, const std::string& value) {
    if (!value.empty()) {
        out += "  " + padded(name, 10) + value + "\n";
    }
}

std::string event_detail(const Json& data) {
    std::string text;
    if (number_member(data, "attempt", 0) > 1) {
        text = "attempt " + std::to_string(number_member(data, "attempt"));
    }
    for (const char* key : {"outcome", "class", "state", "reason", "cause", "detail"}) {
        const std::string value = printable(text_member(data, key));
        if (!value.empty()) {
            text += (text.empty() ? "" : " ") + value;
        }
    }
    if (number_member(data, "count", -1) >= 0) {
        text += (text.empty() ? "" : " ") + std::to_string(number_member(data, "count")) + " items";
    }
    if (number_member(data, "retry_in_ms", -1) >= 0) {
        text += " retry in " + human_duration(milliseconds(number_member(data, "retry_in_ms")));
    }
    return text;
}

}  // namespace

std::string jobs_table(const Json& items, const TimeWords& times, bool has_header,
                       const Style& style) {
    TextTable table({"ID", "STATUS", "NAME", "NODES", "DURATION", "CREATED"});
    if (!items.is_array()) {
        return {};
    }
    for (const Json& job : items.as_array()) {
        // Colours would count as width, so the table is plain.
        table.add({printable(text_member(job, "id")),
                   status_text(text_member(job, "status"), Style{false}),
                   printable(text_member(job, "name")), nodes_text(job),
                   duration_text(job, times.now()), times.age(text_member(job, "created_at"))});
    }
    std::string text = table.text(has_header);
    if (has_header && style.has_colour()) {
        const std::size_t end = text.find('\n');
        text = style(Colour::dim, text.substr(0, end)) + text.substr(end);
    }
    return text;
}

bool is_cancelling(const Json& job) {
    const Json* cancelling = job.find("cancelling");
    return cancelling != nullptr && *cancelling == Json(true) &&
           text_member(job, "status") != "cancelled";
}

std::string job_page(const Json& job, const TimeWords& times, const Style& style) {
    std::string out = status_text(text_member(job, "status"), style) + "  " +
                      style(Colour::bold, printable(text_member(job, "name"))) + "  " +
                      printable(text_member(job, "id")) + "\n";
    std::string reason = printable(text_member(job, "reason"));
    if (is_cancelling(job)) {
        reason += reason.empty() ? "cancelling" : ", cancelling";
    }
    add_row(out, "reason", reason);
    add_row(out, "about", printable(text_member(job, "description")));
    add_row(out, "created", times.age_and_instant(text_member(job, "created_at")));
    add_row(out, "duration", duration_text(job, times.now()));
    add_row(out, "nodes", nodes_text(job));
    add_row(out, "priority", printable(text_member(job, "priority")));
    add_row(out, "params", pairs_text(job.find("params")));
    add_row(out, "labels", pairs_text(job.find("labels")));
    add_row(out, "retry of", printable(text_member(job, "retry_of")));
    const Json* nodes = job.find("nodes");
    if (nodes != nullptr && nodes->is_array() && !nodes->as_array().empty()) {
        TextTable table({"NODE", "STATUS", "ATTEMPTS"});
        for (const Json& node : nodes->as_array()) {
            // A map has none of its own: its items do.
            const std::int64_t attempts = number_member(node, "attempts");
            table.add({printable(text_member(node, "id")),
                       node_status_text(text_member(node, "status")),
                       attempts == 0 ? "-" : std::to_string(attempts)});
        }
        out += "\n" + table.text(true);
    }
    if (job.find("nodes_url") != nullptr) {
        out += "… more: " + printable(text_member(job, "nodes_url")) + "\n";
    }
    const std::string outputs = pairs_text(job.find("outputs"));
    return outputs.empty() ? out : out + "\noutputs: " + outputs + "\n";
}

std::string failures_text(const std::vector<Failure>& failures, const Style& style) {
    constexpr std::size_t shown_max = 10;
    std::string out = failures.empty() ? "" : "\n";
    for (std::size_t i = 0; i < std::min(failures.size(), shown_max); ++i) {
        out += style(Colour::red, "✗") + " " + failures[i].name + "  " + failures[i].reason + "\n";
    }
    if (failures.size() > shown_max) {
        out += "  and " + std::to_string(failures.size() - shown_max) + " more that failed\n";
    }
    return out;
}

std::string events_table(const Json& items, const TimeWords& times, bool has_header) {
    TextTable table({"RECORD", "TIME", "TYPE", "NODE", "DETAIL"});
    if (items.is_array()) {
        for (const Json& item : items.as_array()) {
            const Result<JobEvent> event = event_of_wire(item);
            if (!event) {
                continue;
            }
            std::string node = printable(text_member(event->data, "node"));
            const std::int64_t index = number_member(event->data, "item", -1);
            node += index < 0 ? "" : "[" + std::to_string(index) + "]";
            table.add({std::to_string(event->gseq), times.instant(rfc3339_ms(event->at)),
                       printable(event->type), node, event_detail(event->data)});
        }
    }
    return table.text(has_header);
}

}  // namespace attacca::cli
