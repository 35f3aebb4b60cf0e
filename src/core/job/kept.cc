// SPDX-License-Identifier: Apache-2.0
#include "core/job/kept.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "base/check.h"

namespace attacca::core {
namespace {

Json end_json(const Job& job, InstanceIndex i) {
    const Instance& instance = job.instances[i];
    Json end = Json::object();
    end.set("status", name_of(instance.state));
    if (instance.is_skipped_by_if) {
        end.set("by_if", true);
    }
    if (instance.has_fallen_back) {
        end.set("fell_back", true);
    }
    const auto output = job.outputs.find(i);
    if (output == job.outputs.end()) {
        return end;
    }
    if (output->second.is_too_large) {
        end.set("is_large", true);
        return end;
    }
    Result<Json> outputs = parse_json(output->second.text);
    if (outputs) {
        end.set("outputs", std::move(*outputs));
    }
    return end;
}

Json node_json(const Job& job, NodeIndex node) {
    Json kept = end_json(job, node);
    kept.set("node", job.definition->nodes[node].id);
    const MapRun* run = job.map_of(node);
    if (run == nullptr) {
        return kept;
    }
    kept.set("items", *run->items);
    Json ends = Json::array();
    for (std::uint32_t item = 0; item < run->count; ++item) {
        ends.push(end_json(job, run->first + item));
    }
    kept.set("ends", std::move(ends));
    return kept;
}

Error misfit(std::string_view why) {
    return fail(Problem::corrupt, "what was kept of an earlier job: " + std::string(why));
}

Result<KeptEnd> parse_end(const Json& json) {
    const Json* status = json.find("status");
    const auto state = status != nullptr && status->is_string()
                           ? node_state_of(status->as_string())
                           : std::nullopt;
    if (!state || !is_final(*state)) {
        return misfit("a node has no final status");
    }
    KeptEnd end;
    end.state = *state;
    end.is_by_if = json.find("by_if") != nullptr;
    end.has_fallen_back = json.find("fell_back") != nullptr;
    end.output.is_too_large = json.find("is_large") != nullptr;
    if (const Json* outputs = json.find("outputs")) {
        end.output.text = outputs->text();
    }
    return end;
}

Result<KeptNode> parse_node(const Definition& definition, NodeIndex node, const Json& json) {
    KeptNode kept;
    kept.node = node;
    ATTACCA_TRY(kept.end, parse_end(json));
    const Json* items = json.find("items");
    if (items == nullptr) {
        return kept;
    }
    const Json* ends = json.find("ends");
    const bool fits = definition.nodes[node].map && items->is_array() && ends != nullptr &&
                      ends->is_array() && ends->as_array().size() == items->as_array().size();
    if (!fits) {
        return misfit("the items of a map do not agree with their ends");
    }
    kept.items = *items;
    for (const Json& one : ends->as_array()) {
        ATTACCA_TRY(KeptEnd end, parse_end(one));
        kept.ends.push_back(std::move(end));
    }
    return kept;
}

void set_end(Job& job, InstanceIndex i, KeptEnd end) {
    Instance& instance = job.instances[i];
    instance.state = end.state;
    instance.is_skipped_by_if = end.is_by_if;
    instance.has_fallen_back = end.has_fallen_back;
    ++job.done;
    if (end.state == NodeState::failed) {
        ++job.failed;
        job.has_failed_node = true;
    }
    if (!end.output.text.empty() || end.output.is_too_large) {
        job.outputs[i] = std::move(end.output);
    }
}

void keep_items(Job& job, KeptNode& kept) {
    MapRun run;
    run.node = kept.node;
    run.first = static_cast<InstanceIndex>(job.instances.size());
    run.count = static_cast<std::uint32_t>(kept.ends.size());
    run.next = run.count;
    run.done = run.count;
    run.items = std::make_shared<const Json>(std::move(kept.items));
    for (std::uint32_t item = 0; item < run.count; ++item) {
        Instance instance;
        instance.node = kept.node;
        instance.item = item;
        job.instances.push_back(instance);
        run.succeeded += kept.ends[item].state == NodeState::succeeded ? 1U : 0U;
        run.failed += kept.ends[item].state == NodeState::failed ? 1U : 0U;
        run.skipped += kept.ends[item].state == NodeState::skipped ? 1U : 0U;
        run.cancelled += kept.ends[item].state == NodeState::cancelled ? 1U : 0U;
        set_end(job, run.first + item, std::move(kept.ends[item]));
    }
    job.add_map(std::move(run));
}

}  // namespace

std::vector<bool> rerun_set(const Definition& definition,
                            const std::vector<NodeIndex>& wanted,
                            bool is_only) {
    std::vector<bool> rerun(definition.nodes.size(), false);
    std::vector<NodeIndex> open;
    const auto add = [&](NodeIndex node) {
        if (!rerun[node]) {
            rerun[node] = true;
            open.push_back(node);
        }
    };
    std::for_each(wanted.begin(), wanted.end(), add);
    while (!is_only && !open.empty()) {
        const NodeIndex node = open.back();
        open.pop_back();
        const std::vector<NodeIndex>& dependents = definition.nodes[node].dependents;
        std::for_each(dependents.begin(), dependents.end(), add);
    }
    for (NodeIndex node = definition.main_count; node < definition.nodes.size(); ++node) {
        rerun[node] = true;
    }
    return rerun;
}

std::vector<NodeIndex> unsuccessful_nodes(const Job& job) {
    std::vector<NodeIndex> nodes;
    for (NodeIndex node = 0; node < job.definition->main_count; ++node) {
        const Instance& instance = job.instances[node];
        if (instance.state != NodeState::succeeded && !instance.is_skipped_by_if) {
            nodes.push_back(node);
        }
    }
    return nodes;
}

std::string kept_text(const Job& job, const std::vector<bool>& rerun) {
    Json kept = Json::array();
    for (NodeIndex node = 0; node < job.definition->main_count; ++node) {
        if (!rerun[node]) {
            ATTACCA_CHECK(is_final(job.instances[node].state));
            kept.push(node_json(job, node));
        }
    }
    return kept.text();
}

Result<std::vector<KeptNode>> parse_kept(const Definition& definition, std::string_view text) {
    // Outputs may be as deep as a document may be, and stand below three levels here.
    ATTACCA_TRY(const Json json, parse_json(text, json_depth_limit));
    if (!json.is_array()) {
        return misfit("it is no list");
    }
    std::vector<KeptNode> kept;
    for (const Json& one : json.as_array()) {
        const Json* id = one.find("node");
        const NodeIndex node =
            id != nullptr && id->is_string() ? definition.find(id->as_string()) : no_index;
        if (node >= definition.main_count || (!kept.empty() && node <= kept.back().node)) {
            return misfit("it names a node that the definition does not have there");
        }
        ATTACCA_TRY(KeptNode parsed, parse_node(definition, node, one));
        kept.push_back(std::move(parsed));
    }
    return kept;
}

void keep_nodes(Job& job, std::vector<KeptNode> kept) {
    for (KeptNode& one : kept) {
        set_end(job, one.node, std::move(one.end));
        if (one.items.is_array()) {
            keep_items(job, one);
        }
        ATTACCA_CHECK(job.main_left > 0);
        --job.main_left;
        for (const NodeIndex dependent : job.definition->nodes[one.node].dependents) {
            job.instances[dependent].note_need(job.instances[one.node]);
        }
    }
}

}  // namespace attacca::core
