// SPDX-License-Identifier: Apache-2.0
#include "core/reservation/owner.h"

#include <algorithm>

#include "core/exclusion/name.h"
#include "core/job/names.h"

namespace attacca::core {

std::string owner_name(const Job& job) {
    return Entity{job.id, {}}.text();
}

Result<std::string> owner_of(const State& state, const Job& job, InstanceIndex instance) {
    const TaskDef& task = *job.node_of(job.instances[instance]).task;
    if (task.owner) {
        Result<Json> value = task.owner->value(JobNames(job, instance));
        Result<std::string> name = value ? exclusion_name(std::move(*value))
                                         : Result<std::string>(value.error());
        return name ? std::move(name)
                    : fail(name.error().problem, "`owner`: " + name.error().detail);
    }
    const Job* top = &job;
    for (const Job* above = top; above != nullptr;
         above = top->parent ? state.find(top->parent->job) : nullptr) {
        top = above;
    }
    const std::vector<std::string>& kept = top->definition->stay_lanes;
    return std::binary_search(kept.begin(), kept.end(), task.lane) ? owner_name(*top)
                                                                   : std::string();
}

const Reservation* reservation_at(const State& state, const Job& job, InstanceIndex instance) {
    if (state.registry.kept_lanes().empty()) {
        return nullptr;
    }
    const NodeDef& node = job.node_of(job.instances[instance]);
    return node.task == nullptr ? nullptr : state.registry.reservation(job.tenant, node.task->lane);
}

bool is_kept_for(const State& state, const Job& job, InstanceIndex instance) {
    const Result<std::string> owner = owner_of(state, job, instance);
    return owner && *owner == reservation_at(state, job, instance)->owner;
}

}  // namespace attacca::core
