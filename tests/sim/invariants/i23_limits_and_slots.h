// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "core/schedule/gcra.h"
#include "core/state.h"
#include "invariants/violations.h"
#include "marks.h"

// I23, of the fair queue: it holds what the jobs' instances say, no more and no less, and no slot
// is free while something may start.

namespace attacca::sim {

// Every instance that waits for a slot or holds one has its entry there, and there are no others.
inline void check_entries(Violations& violations, const core::State& state) {
    using Place = core::fair::Entry::Place;
    const core::fair::FairQueue& fair = state.queue.fair();
    std::uint64_t running = 0;
    std::uint64_t queued = 0;
    bool is_right = true;
    for (const auto& [id, slot] : state.slot_of) {
        const core::Job& job = *state.slots[slot];
        for (std::uint32_t i = 0; i < job.instances.size(); ++i) {
            const core::Instance& instance = job.instances[i];
            const bool takes_slot = !job.takes_no_slot(instance);
            const bool is_running = instance.state == core::NodeState::running;
            Place place = Place::free;
            if (takes_slot && (instance.is_queued || is_running)) {
                place = is_running ? Place::running : Place::queued;
                running += is_running ? 1U : 0U;
                queued += is_running ? 0U : 1U;
            }
            const bool has_entry = instance.entry != core::no_index;
            is_right = is_right && has_entry == (place != Place::free);
            if (is_right && has_entry) {
                const core::fair::Entry& entry = fair.entry(instance.entry);
                const std::uint64_t own = (std::uint64_t{job.slot} << 32U) | i;
                is_right = entry.place() == place && entry.id == own &&
                           fair.flow(entry.flow).tenant == job.tenant_number;
            }
        }
    }
    std::uint64_t fair_running = 0;
    for (std::uint32_t i = 0; i < fair.tenants(); ++i) {
        fair_running += fair.tenant(i).running;
        is_right = is_right && fair.tenant(i).running == state.tenants.at(i).running;
    }
    if (!is_right || fair_running != running || state.ready_nodes != queued) {
        violations.report("I23", "the fair queue holds " + std::to_string(fair_running) +
                                     " attempts, counted " + std::to_string(running));
    }
}

// What the tenant has in line for this server's slots, whether it may start or not.
inline std::uint64_t in_line(const core::fair::FairQueue& fair, std::uint32_t tenant) {
    std::uint64_t count = 0;
    core::fair::FlowIndex i = fair.tenant(tenant).first_flow;
    for (; i != core::fair::none; i = fair.flow(i).next_of_tenant) {
        for (const core::fair::EntryList& list : fair.flow(i).lists) {
            count += fair.flow(i).lane == 0 ? list.count : 0;
        }
    }
    return count;
}

// O9, after each round that had room: by the limits as they were set, not as the queue keeps them.
inline void check_work_is_conserved(Violations& violations, Marks& marks, const core::State& state,
                                    std::uint32_t slots, WallTime now) {
    constexpr Duration tick{256};  // of the wheel that wakes tenants
    if (state.slots_used >= slots) {
        return;
    }
    const WallTime at = std::max(state.last_at, now);
    const core::fair::FairQueue& fair = state.queue.fair();
    for (std::uint32_t i = 0; i < fair.tenants(); ++i) {
        const core::Tenant& tenant = state.tenants.at(i);
        if (in_line(fair, i) == 0) {
            continue;
        }
        const auto& most = tenant.settings.max_concurrency;
        const auto& rate = tenant.settings.start_rate;
        const bool is_full = most && tenant.running >= *most;
        const bool is_slowed =
            rate && core::fits_at(*rate, tenant.usage.start_tat_ns, 1, at) + tick > at;
        if (is_full || is_slowed) {
            marks.hit(Mark::tenant_had_to_wait);
        } else {
            violations.report("I23", "a slot is free, and " + tenant.name + " has work");
        }
    }
}

}  // namespace attacca::sim
