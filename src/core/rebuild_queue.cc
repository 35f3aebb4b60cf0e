// SPDX-License-Identifier: Apache-2.0
#include <vector>

#include "core/apply.h"
#include "core/breaker/hold.h"
#include "core/job/flow.h"
#include "core/tenant/accounts.h"

namespace attacca::core {
namespace {

void restore_running(State& state, Job& job) {
    for (InstanceIndex i = 0; i < job.instances.size(); ++i) {
        Instance& instance = job.instances[i];
        instance.entry = no_index;
        if (instance.state == NodeState::running && !job.takes_no_slot(instance)) {
            instance.entry =
                state.queue.restore(ready_node(job, i), instance.since_at, state.last_at);
        }
    }
}

}  // namespace

void rebuild_queue(State& state) {
    state.queue.reset(state.last_at);
    for (const auto& [name, number] : state.tenants.by_name()) {
        limit_starts(state, state.tenants.at(number), state.last_at);
    }
    state.ready_nodes = 0;
    // First all that holds a slot: whoever waits comes after that.
    for (const auto& [id, slot] : state.slot_of) {
        restore_running(state, *state.slots[slot]);
    }
    for (const auto& [id, slot] : state.slot_of) {
        Job& job = *state.slots[slot];
        job.active = 0;
        job.backlog.clear();
        job.backlog_head = 0;
        std::vector<InstanceIndex> slotted;
        for (InstanceIndex i = 0; i < job.instances.size(); ++i) {
            Instance& instance = job.instances[i];
            const bool takes_slot = !job.takes_no_slot(instance);
            instance.is_queued = false;
            if (instance.state == NodeState::running && takes_slot) {
                ++job.active;
            } else if (instance.state == NodeState::ready) {
                (takes_slot ? slotted : job.backlog).push_back(i);
            }
        }
        job.backlog.insert(job.backlog.end(), slotted.begin(), slotted.end());
        release_ready(state, job);
    }
    recount_tenants(state);
    rebuild_calls(state);
}

}  // namespace attacca::core
