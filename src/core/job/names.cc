// SPDX-License-Identifier: Apache-2.0
#include "core/job/names.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/time.h"

namespace attacca::core {
namespace {

Error unknown_name(std::string_view root, std::string_view member) {
    std::string text{root};
    if (!member.empty()) {
        text += '.';
        text += member;
    }
    return fail(Problem::expression_invalid, "`" + quoted(text) + "` is not known here");
}

Result<Json> outputs_of(const Job& job, InstanceIndex instance) {
    const auto it = job.outputs.find(instance);
    if (it == job.outputs.end()) {
        return Json::object();
    }
    if (it->second.is_too_large) {
        return fail(Problem::expression_invalid,
                    "the outputs of `" + job.node_of(job.instances[instance]).id +
                        "` are larger than 64 KiB: expressions cannot read them");
    }
    return parse_json(it->second.text);
}

Json counts_of(const MapRun& run) {
    Json counts = Json::object();
    counts.set("total", std::int64_t{run.count});
    counts.set("succeeded", std::int64_t{run.succeeded});
    counts.set("failed", std::int64_t{run.failed});
    counts.set("skipped", std::int64_t{run.skipped});
    counts.set("cancelled", std::int64_t{run.cancelled});
    return counts;
}

// From its start to its end; of a map, from the first start of an item to the last end.
std::optional<Duration> length_of(const Job& job, NodeIndex index) {
    WallTime start = job.instances[index].started_at;
    WallTime end = job.instances[index].ended_at;
    const MapRun* run = job.sem >= sem_map_duration ? job.map_of(index) : nullptr;
    for (std::uint32_t item = 0; run != nullptr && item < run->count; ++item) {
        const Instance& one = job.instances[run->first + item];
        if (one.started_at.us != 0 && (start.us == 0 || one.started_at < start)) {
            start = one.started_at;
        }
        end = std::max(end, one.ended_at);
    }
    return start.us == 0 || end.us == 0 ? std::nullopt : std::optional(end - start);
}

}  // namespace

JobNames::JobNames(const Job& job,
                   InstanceIndex instance,
                   std::string results_directory,
                   const Json* item)
    : job_(job),
      instance_(instance),
      results_directory_(std::move(results_directory)),
      item_(item) {
    if (item_ == nullptr && job_.instances[instance_].item != no_index) {
        const Instance& own = job_.instances[instance_];
        const MapRun* run = job_.map_of(own.node);
        if (run != nullptr && own.item < run->items->as_array().size()) {
            item_ = &run->items->as_array()[own.item];
        }
    }
}

Result<Json> JobNames::find(std::string_view root, std::string_view member) const {
    if (root == "params") {
        return param(member);
    }
    if (root == "nodes") {
        return node(member);
    }
    if (root == "job") {
        return job_member(member);
    }
    if (root == "env") {
        return environment(member);
    }
    const NodeDef& own = job_.node_of(job_.instances[instance_]);
    if (own.map && item_ != nullptr && root == own.map->as) {
        if (member.empty()) {
            return *item_;
        }
        const Json* value = item_->find(member);
        return value == nullptr ? Json{} : *value;
    }
    return unknown_name(root, member);
}

Result<Json> JobNames::param(std::string_view member) const {
    if (!params_) {
        params_ = Json::object();
        if (!job_.details_json().empty()) {
            ATTACCA_TRY(const Json details, parse_json(job_.details_json()));
            if (const Json* params = details.find("params")) {
                params_ = *params;
            }
        }
    }
    return member_of(*params_, member);
}

Result<Json> JobNames::environment(std::string_view member) const {
    for (const auto& [name, value] : job_.node_of(job_.instances[instance_]).env) {
        if (name == member) {
            if (!value.is_literal()) {
                return fail(Problem::expression_invalid,
                            "`env." + name + "` is an expression itself; use its own source");
            }
            return Json(value.text());
        }
    }
    return Json{};
}

Json JobNames::job_member(std::string_view member) const {
    if (member == "id") {  // the most wanted one
        return Json(job_.id.text());
    }
    Json all = job_object(job_.id, job_.name, job_.tenant);
    all.set("status", name_of(prospective_state(job_)));
    return member_of(all, member);
}

Json job_object(const JobId& id, const std::string& name, const std::string& tenant) {
    Json all = Json::object();
    all.set("id", id.text());
    all.set("name", name);
    all.set("tenant", tenant);
    return all;
}

Json member_of(const Json& object, std::string_view member) {
    if (member.empty()) {
        return object;
    }
    const Json* value = object.find(member);
    return value == nullptr ? Json{} : *value;
}

Result<Json> JobNames::node(std::string_view id) const {
    const NodeIndex index = job_.definition->find(id);
    if (index == no_index) {
        return unknown_name("nodes", id);
    }
    const Instance& instance = job_.instances[index];
    Json value = Json::object();
    value.set("status", name_of(instance.state));
    ATTACCA_TRY(Json outputs, outputs_of(job_, index));
    value.set("outputs", std::move(outputs));
    if (const MapRun* run = job_.map_of(index)) {
        value.set("counts", counts_of(*run));
    }
    if (!results_directory_.empty()) {
        value.set("results_file", results_directory_ + "/" + results_path(id));
    }
    if (const std::optional<Duration> length = length_of(job_, index)) {
        value.set("duration", format_duration(*length));
        value.set("duration_ms", length->ms());
    }
    return value;
}

bool JobNames::needs_succeeded() const {
    const Instance& own = job_.instances[job_.instances[instance_].node];
    return own.needs_bad == 0;
}

bool JobNames::needs_failed() const {
    const NodeDef& own = job_.node_of(job_.instances[instance_]);
    if (own.is_finally && own.needs.empty()) {
        return job_.has_failed_node;
    }
    return job_.instances[job_.instances[instance_].node].needs_failed > 0;
}

JobState prospective_state(const Job& job) {
    if (job.is_cancelling) {
        return job.cancel_cause == CancelCause::user ? JobState::cancelled : JobState::failed;
    }
    if (job.has_failed_node) {
        return JobState::failed;
    }
    return job.is_finally_begun ? JobState::completed : job.state;
}

std::string results_path(std::string_view node) {
    return "results/" + std::string(node) + ".jsonl";
}

std::string results_lines(const Job& job, NodeIndex node) {
    std::string out;
    const auto add_line = [&](InstanceIndex i, const Json* item, std::string_view key) {
        const auto output = job.outputs.find(i);
        out += '{';
        if (item != nullptr) {
            out += "\"item\":";
            item->append_text(out);
            out += ",\"key\":";
            append_json_string(out, key);
            out += ',';
        }
        out += "\"status\":";
        append_json_string(out, name_of(job.instances[i].state));
        out += ",\"outputs\":";
        const bool has_output = output != job.outputs.end() && !output->second.is_too_large;
        out += has_output ? output->second.text : "{}";
        out += "}\n";
    };
    const MapRun* run = job.map_of(node);
    if (run == nullptr) {
        add_line(node, nullptr, {});
        return out;
    }
    const NodeDef& def = job.definition->nodes[node];
    for (std::uint32_t item = 0; item < run->count; ++item) {
        const InstanceIndex i = run->first + item;
        std::string key = std::to_string(item);
        if (def.map->key) {
            const Result<std::string> named = def.map->key->render(JobNames(job, i));
            key = named ? *named : key;
        }
        add_line(i, &run->items->as_array()[item], key);
    }
    return out;
}

}  // namespace attacca::core
