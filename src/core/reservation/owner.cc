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

}  // namespace attacca::core
