// SPDX-License-Identifier: Apache-2.0
#include "core/job/job.h"

#include <algorithm>
#include <utility>

#include "core/job/trace.h"

namespace attacca::core {

void Instance::note_need(const Instance& need) {
    ++needs_done;
    if (need.state == NodeState::succeeded) {
        ++needs_succeeded;
    } else if (need.state == NodeState::failed) {
        ++needs_failed;
        ++needs_bad;
    } else if (!need.is_skipped_by_if) {
        ++needs_bad;
    }
}

void Job::add_instances() {
    const auto count = static_cast<NodeIndex>(definition->nodes.size());
    instances.resize(count);
    for (NodeIndex node = 0; node < count; ++node) {
        instances[node].node = node;
    }
    main_left = definition->main_count;
    finally_left = count - definition->main_count;
}

void Job::note_tags() {
    if (details_json().empty()) {
        return;
    }
    const Result<Json> parsed = parse_json(details_json());
    const Json* found = parsed ? parsed->find("tags") : nullptr;
    if (found != nullptr) {
        tags = found->text();
    }
    // A job that repeats another is no occurrence.
    const Json* by = parsed && !retry_of ? parsed->find("schedule") : nullptr;
    if (by != nullptr && by->is_string() && !by->as_string().empty()) {
        schedule = by->as_string();
    }
}

std::string Job::trace() const {
    constexpr std::string_view key = "traceparent";
    if (details_json().find(key) == std::string::npos) {
        return {};
    }
    const Result<Json> parsed = parse_json(details_json());
    const Json* from = parsed ? parsed->find(key) : nullptr;
    const bool is_one = from != nullptr && from->is_string() && is_trace_parent(from->as_string());
    return is_one ? from->as_string() : std::string();
}

bool Job::awaits_person(const Instance& instance) const {
    return instance.is_escalated ||
           (node_of(instance).kind == NodeKind::approve && is_waiting(instance));
}

void Job::add_map(MapRun run) {
    if (map_positions.empty()) {
        map_positions.assign(definition->nodes.size(), no_index);
    }
    map_positions[run.node] = static_cast<std::uint32_t>(maps.size());
    maps.push_back(std::move(run));
}

const MapRun* Job::map_of(NodeIndex node) const {
    const std::uint32_t at = node < map_positions.size() ? map_positions[node] : no_index;
    return at == no_index ? nullptr : &maps[at];
}

MapRun* Job::map_of(NodeIndex node) {
    const std::uint32_t at = node < map_positions.size() ? map_positions[node] : no_index;
    return at == no_index ? nullptr : &maps[at];
}

NodeState Job::end_of_group(const Instance& instance) {
    if (instance.needs_failed > 0) {
        return NodeState::failed;
    }
    const bool is_whole = instance.needs_bad == 0 && instance.needs_succeeded > 0;
    return is_whole ? NodeState::succeeded : NodeState::skipped;
}

OnFailure Job::recovery_of(const Instance& instance, NodeState end) const {
    const bool is_recovered = end == NodeState::failed && !is_stopping(instance);
    const OnFailure action = node_of(instance).on_failure;
    return is_recovered && !(parent && begins_again(action)) ? action : OnFailure::fail;
}

bool Job::is_to_settle() const {
    return state != JobState::paused && (is_settled() || is_to_abort());
}

bool Job::has_unhalted() const {
    return running > 0 && std::any_of(instances.begin(), instances.end(), [](const Instance& one) {
               return one.state == NodeState::running && !one.is_halted;
           });
}

std::uint32_t Job::local_slots() const {
    std::uint32_t slots = 0;
    for (const Instance& instance : instances) {
        const bool holds = instance.state == NodeState::running && takes_local_slot(instance);
        slots += holds ? 1U : 0U;
    }
    return slots;
}

InstanceIndex Job::instance_of(NodeIndex node, std::optional<std::uint32_t> item) const {
    if (node >= definition->nodes.size()) {
        return no_index;
    }
    if (!item) {
        return node;
    }
    const MapRun* run = map_of(node);
    if (run == nullptr || *item >= run->count) {
        return no_index;
    }
    return run->first + *item;
}

}  // namespace attacca::core
