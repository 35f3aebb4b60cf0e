// SPDX-License-Identifier: Apache-2.0
#include "http/submission.h"

#include <algorithm>
#include <array>
#include <memory>
#include <utility>

#include "base/bytes.h"
#include "base/json.h"
#include "core/exclusion/name.h"
#include "core/graph/input.h"
#include "core/graph/priority.h"
#include "core/tenant/settings.h"
#include "http/oversize.h"

namespace attacca::http {
namespace {

using core::Faults;
using core::Input;

constexpr std::array<std::string_view, 9> served_keys = {
    "name", "description", "labels",       "params",        "priority",
    "tags", "metadata",    "scheduled_at", "dag_definition"};
// What the server says about a job, and nobody else.
constexpr std::array<std::string_view, 23> server_keys = {
    "id",         "status",     "state",    "reason",     "progress", "tenant",    "tenant_id",
    "owner",      "user_id",    "role",     "fence",      "attempt",  "counts",    "cancelling",
    "created_at", "started_at", "ended_at", "updated_at", "retry_of", "nodes_url", "actor",
    "parent",     "awaits_approval"};
constexpr std::size_t description_bytes_max = 10000;
constexpr std::size_t entries_max = 100;  // labels, tags
constexpr std::size_t label_bytes_max = 256;
constexpr std::size_t metadata_bytes_max = 65536;

bool is_among(std::string_view key, const auto& keys) {
    return std::find(keys.begin(), keys.end(), key) != keys.end();
}

std::size_t characters_in(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
    }));
}

bool check_job_keys(const Input& job, Faults& faults) {
    if (!core::check_object(job, faults)) {
        return false;
    }
    bool is_read = true;
    for (const Json::Member& member : job.json().as_object()) {
        if (is_among(member.key, server_keys)) {
            is_read = faults.add(Input(job, member.key, member.value), Problem::read_only_field,
                                 "`" + member.key + "` is set by the server");
        }
    }
    return is_read && core::check_keys(job, core::Keys{served_keys}, faults);
}

bool read_name(const Input& job, std::string& out, Faults& faults) {
    const auto value = job.member("name");
    if (!value) {
        return faults.add(job, Problem::missing_field, "`name` is required");
    }
    if (!core::read_text(*value, out, faults)) {
        return false;
    }
    if (out.find_first_not_of(" \t\r\n") == std::string::npos ||
        characters_in(out) > name_characters_max) {
        return faults.add(*value, Problem::out_of_range,
                          "a name has 1 to " + std::to_string(name_characters_max) + " characters");
    }
    return true;
}

bool read_short_text(const Input& value, std::size_t bytes_max, Faults& faults) {
    std::string text;
    if (!core::read_text(value, text, faults)) {
        return false;
    }
    return text.size() <= bytes_max ||
           faults.add(value, Problem::out_of_range,
                      "this text is limited to " + std::to_string(bytes_max) + " bytes");
}

bool check_count(const Input& value, std::size_t count, Faults& faults) {
    return count <= entries_max ||
           faults.add(value, Problem::out_of_range,
                      "there may be " + std::to_string(entries_max) + " entries");
}

bool check_labels(const Input& labels, Faults& faults) {
    if (!core::check_object(labels, faults) ||
        !check_count(labels, labels.json().as_object().size(), faults)) {
        return false;
    }
    bool is_read = true;
    for (const Json::Member& member : labels.json().as_object()) {
        const Input value(labels, member.key, member.value);
        is_read = read_short_text(value, label_bytes_max, faults) && is_read;
        if (member.key.empty() || member.key.size() > label_bytes_max) {
            is_read = faults.add(value, Problem::out_of_range, "a label's name has 1 to 256 bytes");
        }
    }
    return is_read;
}

bool check_tags(const Input& tags, Faults& faults) {
    if (!core::check_array(tags, faults) ||
        !check_count(tags, tags.json().as_array().size(), faults)) {
        return false;
    }
    bool is_read = true;
    for (std::size_t i = 0; i < tags.json().as_array().size(); ++i) {
        const Input tag(tags, i, tags.json().as_array()[i]);
        is_read = read_short_text(tag, label_bytes_max, faults) &&
                  (!tag.json().as_string().empty() ||
                   faults.add(tag, Problem::invalid_value, "a tag may not be empty")) &&
                  is_read;
    }
    return is_read;
}

bool check_metadata(const Input& metadata, Faults& faults) {
    return core::check_object(metadata, faults) &&
           (metadata.json().text().size() <= metadata_bytes_max ||
            faults.add(metadata, Problem::out_of_range, "metadata is limited to 64 KiB"));
}

bool read_scheduled_at(const Input& value, std::optional<WallTime>& out, Faults& faults) {
    std::string text;
    if (!core::read_text(value, text, faults)) {
        return false;
    }
    const Result<WallTime> at = parse_rfc3339(text);
    if (!at) {
        return faults.add(value, Problem::invalid_value,
                          "expected an instant like 2026-03-01T12:00:00Z");
    }
    out = *at;
    return true;
}

// The texts of a job that no rule depends on, and its parameters: one JSON object.
bool read_details(const Input& job, Json details, core::NewJob& out, Faults& faults) {
    const auto description = job.member("description");
    const auto labels = job.member("labels");
    const auto tags = job.member("tags");
    const auto metadata = job.member("metadata");
    if (!core::all_read({!description ||
                             read_short_text(*description, description_bytes_max, faults),
                         !labels || check_labels(*labels, faults),
                         !tags || check_tags(*tags, faults),
                         !metadata || check_metadata(*metadata, faults)})) {
        return false;
    }
    for (const auto& [key, value] :
         {std::pair("description", description), std::pair("labels", labels),
          std::pair("tags", tags), std::pair("metadata", metadata)}) {
        if (value) {
            details.as_object().push_back({key, value->json()});
        }
    }
    if (!details.as_object().empty()) {
        out.details = details.canonical_text();
    }
    return true;
}

bool read_priority(const Input& value, core::NewJob& out, Faults& faults) {
    Result<core::Priority> priority = core::parse_priority(value.json());
    if (!priority) {
        return faults.add(value, priority.error().problem, priority.error().detail);
    }
    out.priority = *priority;
    return true;
}

bool read_fields(const Input& job, core::NewJob& out, Faults& faults) {
    const auto priority = job.member("priority");
    const auto scheduled_at = job.member("scheduled_at");
    return core::all_read(
        {check_job_keys(job, faults), read_name(job, out.name, faults),
         !priority || read_priority(*priority, out, faults),
         !scheduled_at || read_scheduled_at(*scheduled_at, out.scheduled_at, faults)});
}

// bind_params() names places below /params; in a batch they stand below the job.
Error moved_below(Error error, const std::string& prefix) {
    for (FieldError& field : error.fields) {
        field.pointer = prefix + field.pointer;
    }
    return error;
}

// What the definition and the parameters of a job are, by themselves.
struct Bound {
    core::Definition definition;
    Json params;
};

std::optional<Bound> read_definition(const Input& job, const std::string& prefix,
                                     const core::FindWorkflow& find, Faults& faults) {
    const auto dag = job.member("dag_definition");
    if (!dag) {
        faults.add(job, Problem::missing_field, "`dag_definition` is required");
        return std::nullopt;
    }
    const std::string pointer = dag->pointer();
    Result<core::Definition> definition = core::parse_definition(dag->json(), pointer, find);
    if (!definition) {
        faults.add_all(pointer, std::move(definition.error()));
        return std::nullopt;
    }
    if (definition->is_open) {
        faults.add(*dag, Problem::not_supported,
                   "no workflows are known here, and a node names one");
        return std::nullopt;
    }
    const auto given = job.member("params");
    Result<Json> params =
        core::bind_params(definition->params, given ? given->json() : Json::object());
    if (!params) {
        faults.add_all(pointer, moved_below(std::move(params.error()), prefix));
        return std::nullopt;
    }
    return Bound{std::move(*definition), std::move(*params)};
}

// The engine draws up the key when the job is made; here it can be said where a bad one stands.
Result<void> check_key(const core::Definition& definition, const core::NewJob& job,
                       const std::string& pointer) {
    const std::string some_tenant(core::default_tenant);
    const Result<std::string> key = core::concurrency_key_of(
        {definition, job.id, job.name, some_tenant, job.details});
    if (key) {
        return {};
    }
    Error error = key.error();
    error.fields = {{pointer + "/limits/concurrency_key", std::string(slug_of(error.problem)),
                     error.detail}};
    return error;
}

}  // namespace

Result<Json> parse_bounded(std::string_view body) {
    // No node takes fewer bytes than `{"id":"a"}`.
    if (body.size() > core::nodes_max * 10 && has_more_nodes(body, core::nodes_max)) {
        return fail(Problem::dag_too_large,
                    "a job is limited to " + std::to_string(core::nodes_max) + " nodes");
    }
    return parse_json(body);
}

Result<core::NewJob> job_of(const Json& json, const std::string& prefix,
                            const core::FindWorkflow& find) {
    Faults faults;
    const Input job(json, prefix);
    core::NewJob out;
    if (!core::check_object(job, faults)) {
        return faults.take();
    }
    const bool has_fields = read_fields(job, out, faults);
    std::optional<Bound> bound = read_definition(job, prefix, find, faults);
    Json details = Json::object();
    if (bound && !bound->params.as_object().empty()) {
        details.as_object().push_back({"params", std::move(bound->params)});
    }
    if (!core::all_read({has_fields, bound.has_value(),
                         read_details(job, std::move(details), out, faults)})) {
        return faults.take();
    }
    const Result<void> keyed = check_key(bound->definition, out, prefix + "/dag_definition");
    if (!keyed) {
        return keyed.error();
    }
    out.definition = std::make_shared<const core::Definition>(std::move(bound->definition));
    return out;
}

Result<core::NewJob> parse_job(std::string_view body, const core::FindWorkflow& find) {
    ATTACCA_TRY(const Json json, parse_bounded(body));
    return job_of(json, "", find);
}

Result<std::vector<core::NewJob>> parse_jobs(std::string_view body,
                                              const core::FindWorkflow& find) {
    ATTACCA_TRY(const Json json, parse_bounded(body));
    Faults faults;
    const Input root(json, "");
    if (!core::check_array(root, faults)) {
        return faults.take();
    }
    const Json::Array& items = json.as_array();
    if (items.empty() || items.size() > batch_jobs_max) {
        faults.add(root, Problem::out_of_range,
                   "a batch holds 1 to " + std::to_string(batch_jobs_max) + " jobs");
        return faults.take();
    }
    std::vector<core::NewJob> jobs;
    jobs.reserve(items.size());
    for (std::size_t i = 0; i < items.size(); ++i) {
        const std::string prefix = "/" + std::to_string(i);
        Result<core::NewJob> job = job_of(items[i], prefix, find);
        if (!job) {
            faults.add_all(prefix, std::move(job.error()));
            if (faults.is_full()) {
                break;
            }
            continue;
        }
        // A batch mostly repeats one definition: then all its jobs share one object.
        if (!jobs.empty() && job->definition->digest == jobs.back().definition->digest) {
            job->definition = jobs.back().definition;
        }
        jobs.push_back(std::move(*job));
    }
    if (faults.has_any()) {
        return faults.take();
    }
    return jobs;
}

}  // namespace attacca::http
