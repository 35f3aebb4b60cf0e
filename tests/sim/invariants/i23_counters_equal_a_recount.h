// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "core/state.h"
#include "invariants/violations.h"

// I23, of what exists so far: the engine's counters equal a recount.

namespace attacca::sim {

struct JobCount {
    std::uint32_t done = 0;
    std::uint32_t failed = 0;
    std::uint32_t running = 0;
    std::uint32_t holding = 0;  // a slot
    std::uint32_t leased = 0;   // at workers outside
    std::uint32_t queued = 0;   // and will take a slot
    std::uint32_t awaiting = 0;
    std::uint32_t main_left = 0;
    std::uint32_t finally_left = 0;
};

inline JobCount count_of(const core::Job& job) {
    JobCount count;
    for (const core::Instance& instance : job.instances) {
        const bool is_final = core::is_final(instance.state);
        const bool takes_slot = !job.takes_no_slot(instance);
        const bool is_running = instance.state == core::NodeState::running;
        count.done += is_final ? 1U : 0U;
        count.failed += instance.state == core::NodeState::failed ? 1U : 0U;
        count.running += is_running ? 1U : 0U;
        count.awaiting += job.awaits_person(instance) ? 1U : 0U;
        const bool is_local = job.takes_local_slot(instance);
        count.holding += is_running && is_local ? 1U : 0U;
        count.leased += is_running && takes_slot && !is_local ? 1U : 0U;
        count.queued += instance.is_queued && takes_slot ? 1U : 0U;
        if (!is_final && instance.item == core::no_index) {
            ++(job.node_of(instance).is_finally ? count.finally_left : count.main_left);
        }
    }
    return count;
}

inline void check_job_counters(Violations& violations, const core::Job& job,
                               const JobCount& count) {
    const auto expect = [&](const char* name, std::uint32_t has, std::uint32_t counted) {
        if (has != counted) {
            violations.report("I23", job.id.text() + ": " + name + " is " + std::to_string(has) +
                                         ", counted " + std::to_string(counted));
        }
    };
    expect("done", job.done, count.done);
    expect("failed", job.failed, count.failed);
    expect("running", job.running, count.running);
    expect("awaiting", job.awaiting, count.awaiting);
    expect("main_left", job.main_left, count.main_left);
    expect("finally_left", job.finally_left, count.finally_left);
    expect("active", job.active, count.holding + count.leased + count.queued);
}

// Every lease is of an attempt that runs, and every such attempt has one.
inline void check_leases(Violations& violations, const core::State& state, std::uint64_t leased) {
    bool is_right = state.leases.size() == leased;
    for (const auto& [fence, lease] : state.leases) {
        const core::Job* job = state.find(lease.job);
        is_right = is_right && job != nullptr && lease.instance < job->instances.size() &&
                   job->instances[lease.instance].fence == fence &&
                   job->instances[lease.instance].state == core::NodeState::running;
    }
    if (!is_right) {
        violations.report("I23", std::to_string(state.leases.size()) +
                                     " leases, counted " + std::to_string(leased) +
                                     " attempts at workers");
    }
}

inline void check_state_counters(Violations& violations, const core::State& state,
                                 std::uint64_t slots_used, std::uint64_t ready_nodes) {
    if (state.slots_used != slots_used || state.ready_nodes != ready_nodes) {
        violations.report("I23", "slots_used " + std::to_string(state.slots_used) + " counted " +
                                     std::to_string(slots_used) + ", ready_nodes " +
                                     std::to_string(state.ready_nodes) + " counted " +
                                     std::to_string(ready_nodes));
    }
}

inline void check_tenant_counters(Violations& violations, const core::Tenant& tenant,
                                  const core::Tenant& counted) {
    if (tenant.live_jobs != counted.live_jobs || tenant.unstarted_jobs != counted.unstarted_jobs ||
        tenant.running != counted.running || tenant.ready != counted.ready ||
        tenant.task_kinds != counted.task_kinds) {
        violations.report("I23", "the counts of " + tenant.name + " are not those of its jobs");
    }
}

// After every event.
inline void check_slots(Violations& violations, const core::State& state, std::uint32_t slots) {
    if (state.slots_used > slots) {
        violations.report("I23", std::to_string(state.slots_used) + " attempts hold " +
                                     std::to_string(slots) + " slots");
    }
}

}  // namespace attacca::sim
