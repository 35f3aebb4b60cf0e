// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <vector>

#include "core/apply.h"
#include "core/breaker/hold.h"
#include "core/exclusion/lock.h"
#include "core/exclusion/turn.h"
#include "core/job/flow.h"
#include "core/tenant/accounts.h"

namespace attacca::core {
namespace {

constexpr Duration between_ledgers = seconds(1);

// Who was ahead stays so. What was held until then is in the lags.
void restore_lags(State& state) {
    for (const FairLag& lag : state.fair_ledger.lags) {
        if (const Tenant* tenant = state.tenants.find(lag.tenant)) {
            state.queue.restore_lag(tenant->number, lag.lag_us, state.last_at);
        }
    }
}

void restore_running(State& state, Job& job) {
    for (InstanceIndex i = 0; i < job.instances.size(); ++i) {
        Instance& instance = job.instances[i];
        instance.entry = no_index;
        if (instance.state == NodeState::running && !job.takes_no_slot(instance)) {
            const WallTime from = std::max(instance.since_at, state.fair_ledger.at);
            instance.entry = state.queue.restore(ready_node(job, i), from, state.last_at);
        }
    }
}

}  // namespace

void rebuild_queue(State& state) {
    state.queue.reset(state.last_at);
    for (const auto& [name, number] : state.tenants.by_name()) {
        limit_starts(state, state.tenants.at(number), state.last_at);
    }
    restore_lags(state);
    state.ready_nodes = 0;
    rebuild_lines(state);
    rebuild_locks(state);
    state.stood_aside.clear();
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

std::optional<FairLedger> due_fair_ledger(State& state) {
    const Duration since = state.last_at - state.fair_ledger.at;
    if (since.us >= 0 && since < between_ledgers) {
        return std::nullopt;
    }
    FairLedger ledger;
    ledger.at = state.last_at;
    for (const TenantLag& lag : state.queue.take_lags(state.last_at, fair_lags_max)) {
        ledger.lags.push_back({state.tenants.at(lag.tenant).name, lag.lag_us});
    }
    std::sort(ledger.lags.begin(), ledger.lags.end(),
              [](const FairLag& a, const FairLag& b) { return a.tenant < b.tenant; });
    state.fair_ledger = ledger;
    return ledger;
}

}  // namespace attacca::core
