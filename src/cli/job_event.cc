// SPDX-License-Identifier: Apache-2.0
#include "cli/job_event.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/bytes.h"

namespace attacca::cli {
namespace {

// Numbers above 2^53 travel as text.
std::uint64_t gseq_of(const Json* value) {
    if (value != nullptr && value->is_integer()) {
        return static_cast<std::uint64_t>(value->as_integer());
    }
    if (value != nullptr && value->is_string()) {
        return parse_u64(value->as_string()).value_or(0);
    }
    return 0;
}

// Names of records in CloudEvents, as the server's event stream has them.
constexpr std::pair<std::string_view, std::string_view> cloud_names[] = {
    {"job_created", "attacca.job.created"},
    {"attempt_started", "attacca.attempt.started"},
    {"attempt_ended", "attacca.attempt.ended"},
    {"map_expanded", "attacca.map.expanded"},
    {"job_paused", "attacca.job.paused"},
    {"job_resumed", "attacca.job.resumed"},
    {"cancel_requested", "attacca.job.cancel_requested"},
};

std::string cloud_type(const JobEvent& event) {
    if (event.type == "job_ended") {
        return "attacca.job." + text_member(event.data, "state");
    }
    for (const auto& [type, name] : cloud_names) {
        if (event.type == type) {
            return std::string{name};
        }
    }
    return "attacca." + event.type;
}

std::string type_of_cloud(const std::string& name) {
    for (const auto& [type, known] : cloud_names) {
        if (name == known) {
            return std::string{type};
        }
    }
    static constexpr std::string_view ends[] = {"attacca.job.completed", "attacca.job.failed",
                                                "attacca.job.cancelled"};
    const bool is_end = std::find(std::begin(ends), std::end(ends), name) != std::end(ends);
    return is_end ? "job_ended" : name;
}

}  // namespace

std::string text_member(const Json& object, std::string_view key) {
    const Json* value = object.find(key);
    return value != nullptr && value->is_string() ? value->as_string() : std::string{};
}

std::string capabilities_of(const Json& lane) {
    const Json* names = lane.find("capabilities");
    if (names == nullptr || !names->is_array()) {
        return {};
    }
    std::string text;
    for (const Json& name : names->as_array()) {
        text += (text.empty() ? "" : ", ") + (name.is_string() ? name.as_string() : name.text());
    }
    return text.empty() ? text : " [" + text + "]";
}

std::int64_t number_member(const Json& object, std::string_view key, std::int64_t fallback) {
    const Json* value = object.find(key);
    return value != nullptr && value->is_integer() ? value->as_integer() : fallback;
}

Result<JobEvent> event_of_record(std::string_view bytes) {
    Result<Json> record = parse_json(bytes);
    if (!record || !record->is_object() || record->find("p") == nullptr) {
        return fail(Problem::corrupt, "a record cannot be read");
    }
    ATTACCA_TRY(const WallTime at, parse_rfc3339(text_member(*record, "t")));
    JobEvent event;
    event.gseq = gseq_of(record->find("gseq"));
    event.type = text_member(*record, "typ");
    event.at = at;
    event.actor = text_member(*record, "act");
    const std::string entity = text_member(*record, "ent");
    if (entity.starts_with("job/")) {
        event.job = entity.substr(4);
    }
    event.data = *record->find("p");
    if (const Json* artifacts = record->find("art"); artifacts != nullptr) {
        event.data.set("artifacts", *artifacts);
    }
    return event;
}

Result<JobEvent> event_of_wire(const Json& item) {
    const Json* data = item.find("data");
    if (data == nullptr || !data->is_object()) {
        return fail(Problem::corrupt, "an event of the server cannot be read");
    }
    ATTACCA_TRY(const WallTime at, parse_rfc3339(text_member(item, "time")));
    JobEvent event;
    event.gseq = gseq_of(item.find("id"));
    event.type = text_member(item, "type");
    event.at = at;
    event.actor = text_member(item, "actor");
    event.job = text_member(item, "job");
    event.data = *data;
    if (item.find("specversion") != nullptr) {
        constexpr std::string_view prefix = "jobs/";
        const std::string subject = text_member(item, "subject");
        event.type = type_of_cloud(event.type);
        event.job = subject.starts_with(prefix) ? subject.substr(prefix.size()) : "";
    }
    return event;
}

Json cloud_event(const JobEvent& event) {
    Json out = Json::object();
    out.set("specversion", "1.0");
    out.set("id", std::to_string(event.gseq));
    out.set("source", "/tenants/default");
    out.set("type", cloud_type(event));
    out.set("subject", event.job.empty() ? "ledger" : "jobs/" + event.job);
    out.set("time", rfc3339_ms(event.at));
    out.set("datacontenttype", "application/json");
    out.set("dataschema", "urn:attacca:record:" + event.type);
    out.set("data", event.data);
    return out;
}

}  // namespace attacca::cli
