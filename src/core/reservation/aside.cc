// SPDX-License-Identifier: Apache-2.0
#include "core/reservation/aside.h"

#include <utility>
#include <vector>

#include "core/job/flow.h"
#include "core/reservation/owner.h"

namespace attacca::core {
namespace {

// Entries of the queue that were offered a lock, or are to be probes, and that are shut out.
std::vector<ReadyEntry> offered_in_vain(const State& state) {
    std::vector<ReadyEntry> found;
    const auto add = [&](ReadyEntry entry) {
        const Job* job = state.slots[entry.slot].get();
        if (job != nullptr && job->instances[entry.instance].is_queued &&
            is_shut_out(state, *job, entry.instance)) {
            entry.generation = job->generation;
            found.push_back(entry);
        }
    };
    for (const auto& [handle, line] : state.exclusion.offered) {
        add(state.queue.entry_at(handle));
    }
    for (const std::string& entity : state.calls.half_open) {
        const auto held = state.calls.held.find(entity);
        if (held == state.calls.held.end()) {
            continue;
        }
        for (const ReadyEntry& entry : held->second.released) {
            if (state.live(entry) != nullptr) {
                add(entry);
            }
        }
    }
    return found;
}

}  // namespace

bool is_shut_out(const State& state, const Job& job, InstanceIndex instance) {
    return reservation_at(state, job, instance) != nullptr && !is_kept_for(state, job, instance);
}

void stand_aside(State& state, const ReadyEntry& entry) {
    Job& job = *state.slots[entry.slot];
    const Reservation& kept = *reservation_at(state, job, entry.instance);
    state.stood_aside[lane_entity(kept.tenant, kept.lane)].push_back(entry);
    if (job.instances[entry.instance].is_queued) {
        leave_queue(state, job, entry.instance);
        release_ready(state, job);
    }
}

void note_lane(State& state, const std::string& entity) {
    const Reservation& lane = *state.registry.lane(entity);
    if (lane.is_kept()) {
        for (const ReadyEntry& entry : offered_in_vain(state)) {
            // To let one go may have moved another.
            if (state.live(entry) != nullptr) {
                stand_aside(state, entry);
            }
        }
        return;
    }
    const auto back = state.stood_aside.extract(entity);
    if (!back.empty()) {
        for (const ReadyEntry& entry : back.mapped()) {
            Job* job = state.slots[entry.slot].get();
            if (job != nullptr && job->generation == entry.generation) {
                offer_again(state, *job, entry.instance);
            }
        }
    }
    state.queue.stir_all({lane.tenant, lane.lane});
}

}  // namespace attacca::core
