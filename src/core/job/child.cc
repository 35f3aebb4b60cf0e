// SPDX-License-Identifier: Apache-2.0
#include "core/job/child.h"

#include "base/bytes.h"
#include "base/digest.h"
#include "core/exclusion/turn.h"
#include "core/job/flow.h"

namespace attacca::core {

// The time of the parent's id, so that both stand together in lists, and the rest from a hash.
JobId child_job_id(const JobId& parent, FenceToken fence) {
    std::string fence_bytes;
    append_u64(fence_bytes, fence.value);
    const Sha256 digest = sha256({"attacca child job\n", parent.uuid.view(), fence_bytes});
    const std::uint64_t ms = read_u64(parent.uuid.view(), 0) >> 16U;
    constexpr std::int64_t us_per_ms = 1000;
    return JobId{uuid_v7(WallTime{static_cast<std::int64_t>(ms) * us_per_ms},
                         read_u64(digest.view(), 0), read_u64(digest.view(), 8))};
}

std::optional<ParentLink> link_to_parent(const State& state, const JobCreated& created) {
    if (!created.parent) {
        return std::nullopt;
    }
    const ParentRef& parent = *created.parent;
    const Job* job = state.find(parent.job);
    const InstanceIndex instance =
        job == nullptr ? no_index
                       : job->instance_of(job->definition->find(parent.node), parent.item);
    return ParentLink{parent.job, instance, parent.fence};
}

const Instance* waiting_parent(const State& state, const Job& child) {
    const Job* parent = child.parent ? state.find(child.parent->job) : nullptr;
    if (parent == nullptr || child.parent->instance >= parent->instances.size()) {
        return nullptr;
    }
    const Instance& instance = parent->instances[child.parent->instance];
    const bool waits = parent->is_waiting(instance) && instance.fence == child.parent->fence;
    return waits ? &instance : nullptr;
}

const Job* child_of(const State& state, const Job& parent, const Instance& instance) {
    const bool waits =
        parent.node_of(instance).kind == NodeKind::job && parent.is_waiting(instance);
    return waits ? state.find(child_job_id(parent.id, instance.fence)) : nullptr;
}

void hold_children(State& state, const Job& parent) {
    for (const Instance& instance : parent.instances) {
        const Job* found = child_of(state, parent, instance);
        if (found != nullptr && found->started_at.us == 0 && !found->is_cancelling) {
            Job& child = *state.find(found->id);
            child.is_held = true;
            withdraw_ready(state, child);
            leave_line(state, child);
        }
    }
}

void free_children(State& state, const Job& parent) {
    for (const Instance& instance : parent.instances) {
        const Job* found = child_of(state, parent, instance);
        if (found != nullptr && found->is_held) {
            Job& child = *state.find(found->id);
            child.is_held = false;
            join_line(state, child);
            release_ready(state, child);
        }
    }
}

std::uint32_t depth_of(const State& state, const Job& job) {
    std::uint32_t depth = 0;
    const Job* at = &job;
    while (at != nullptr && at->parent && depth < child_depth_max) {
        ++depth;
        at = state.find(at->parent->job);
    }
    return depth;
}

}  // namespace attacca::core
