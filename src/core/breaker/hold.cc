// SPDX-License-Identifier: Apache-2.0
#include "core/breaker/hold.h"

#include <algorithm>
#include <utility>

#include "base/seeded_bug.h"
#include "core/breaker/dependency.h"
#include "core/job/flow.h"
#include "core/reservation/aside.h"

namespace attacca::core {
namespace {

void let_go(State& state, const ReadyEntry& entry) {
    Job* job = state.slots[entry.slot].get();
    if (job != nullptr && job->generation == entry.generation) {
        offer_again(state, *job, entry.instance);
    }
}

void let_all_go(State& state, const std::string& entity) {
    const auto held = state.calls.held.extract(entity);
    if (held.empty()) {
        return;
    }
    for (const ReadyEntry& entry : held.mapped().waiting) {
        let_go(state, entry);
    }
}

// A live call of before the start. A probe is one that began while its breaker was half-open.
void rebuild_call(State& state, const Job& job, InstanceIndex instance) {
    const std::optional<std::string> name = dependency_of(job, instance);
    if (!name) {
        return;
    }
    LiveCall call{breaker_entity(job.tenant, *name), 0};
    const Breaker* breaker = state.registry.breaker(call.entity);
    if (breaker != nullptr && breaker->state == BreakerState::half_open &&
        job.instances[instance].since_at >= breaker->since_at) {
        call.probe_of = breaker->openings;
        ++state.calls.of(call.entity, state.last_at).probes;
    }
    state.calls.live[job.instances[instance].fence] = std::move(call);
}

bool is_own_restart(const Job& job, const Instance& instance, const AttemptEnded& ended) {
    const bool is_lost = ended.outcome == Outcome::lost;
    return ended.outcome == Outcome::stopped ||
           (is_lost && job.node_of(instance).kind != NodeKind::task);
}

}  // namespace

void note_call(State& state, const Job& job, InstanceIndex instance, WallTime at) {
    const std::optional<std::string> name = dependency_of(job, instance);
    if (!name) {
        return;
    }
    const Instance& own = job.instances[instance];
    LiveCall call{breaker_entity(job.tenant, *name), 0};
    Dependency& dependency = state.calls.of(call.entity, at);
    if (own.attempts - own.lost <= 1) {
        dependency.budget.note_first(at);
    }
    const Breaker* breaker = state.registry.breaker(call.entity);
    if (breaker != nullptr && breaker->state == BreakerState::half_open) {
        call.probe_of = breaker->openings;
        ++dependency.probes;
    }
    state.calls.live[own.fence] = std::move(call);
}

void note_call_end(State& state, const Job& job, InstanceIndex instance, const AttemptEnded& ended,
                   WallTime at) {
    const auto call = state.calls.live.extract(ended.fence);
    if (call.empty()) {
        return;
    }
    const Instance& own = job.instances[instance];
    const std::string& entity = call.mapped().entity;
    Dependency& dependency = state.calls.of(entity, at);
    if (ended.retry_in_ms && !is_own_restart(job, own, ended)) {
        dependency.budget.note_retry(at);
    }
    const Breaker* breaker = state.registry.breaker(entity);
    if (call.mapped().probe_of != 0 && breaker != nullptr &&
        breaker->openings == call.mapped().probe_of && dependency.probes > 0) {
        --dependency.probes;
    }
    if (counts_against(job.node_of(own), ended.failure)) {
        dependency.errors.push_back(at);
        if (dependency.errors.size() > state.calls.rules.error_threshold) {
            dependency.errors.erase(dependency.errors.begin());
        }
    }
}

const Breaker* holding_breaker(const State& state, const Job& job, InstanceIndex instance) {
    if (!state.registry.has_tripped_breaker() || ATTACCA_BUG(BUG_BREAKER_IGNORED)) {
        return nullptr;
    }
    const std::optional<std::string> name = dependency_of(job, instance);
    if (!name) {
        return nullptr;
    }
    const std::string entity = breaker_entity(job.tenant, *name);
    const Breaker* breaker = state.registry.breaker(entity);
    if (breaker == nullptr || breaker->state == BreakerState::closed) {
        return nullptr;
    }
    const Dependency* seen = state.calls.find(entity);
    const std::uint32_t probes = seen == nullptr ? 0 : seen->probes;
    const bool may_probe =
        breaker->state == BreakerState::half_open && probes < state.calls.rules.probes_max;
    return may_probe ? nullptr : breaker;
}

void hold_back(State& state, const ReadyEntry& entry, const Breaker& breaker) {
    Job& job = *state.slots[entry.slot];
    state.calls.held[breaker_entity(breaker.tenant, breaker.dependency)].waiting.push_back(entry);
    leave_queue(state, job, entry.instance);
    release_ready(state, job);
}

void note_breaker(State& state, const std::string& entity) {
    const Breaker& breaker = *state.registry.breaker(entity);
    if (const auto seen = state.calls.dependencies.find(entity);
        seen != state.calls.dependencies.end()) {
        seen->second.probes = 0;
        seen->second.errors.clear();
    }
    if (breaker.state == BreakerState::half_open) {
        state.calls.half_open.insert(entity);
        return;
    }
    state.calls.half_open.erase(entity);
    if (breaker.state == BreakerState::closed) {
        let_all_go(state, entity);
    }
}

void offer_probes(State& state) {
    for (const std::string& entity : state.calls.half_open) {
        const auto found = state.calls.held.find(entity);
        if (found == state.calls.held.end()) {
            continue;
        }
        HeldBack& held = found->second;
        std::erase_if(held.released, [&](const ReadyEntry& entry) {
            return state.live(entry) == nullptr;
        });
        const Dependency* seen = state.calls.find(entity);
        const std::size_t probes = seen == nullptr ? 0 : seen->probes;
        while (probes + held.released.size() < state.calls.rules.probes_max &&
               !held.waiting.empty()) {
            const ReadyEntry next = held.waiting.front();
            held.waiting.pop_front();
            if (const Job* job = state.slots[next.slot].get();
                job != nullptr && job->generation == next.generation &&
                is_shut_out(state, *job, next.instance)) {
                stand_aside(state, next);
                continue;
            }
            let_go(state, next);
            if (state.live(next) != nullptr) {
                held.released.push_back(next);
            }
        }
    }
}

void rebuild_calls(State& state) {
    state.calls.live.clear();
    state.calls.dependencies.clear();
    state.calls.held.clear();
    state.calls.half_open.clear();
    for (const auto& [entity, breaker] : state.registry.breakers()) {
        if (breaker.state == BreakerState::half_open) {
            state.calls.half_open.insert(entity);
        }
    }
    for (const auto& [id, slot] : state.slot_of) {
        const Job& job = *state.slots[slot];
        for (InstanceIndex i = 0; job.running > 0 && i < job.instances.size(); ++i) {
            if (job.instances[i].state == NodeState::running) {
                rebuild_call(state, job, i);
            }
        }
    }
}

}  // namespace attacca::core
