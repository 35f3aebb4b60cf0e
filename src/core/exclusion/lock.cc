// SPDX-License-Identifier: Apache-2.0
#include "core/exclusion/lock.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "base/seeded_bug.h"
#include "core/exclusion/name.h"
#include "core/job/flow.h"

namespace attacca::core {
namespace {

LinePlace lock_place(const Job& job, InstanceIndex i) {
    return {ready_node(job, i).since, job.id, i};
}

void erase_when_idle(Exclusion& exclusion, const ExclusionName& name) {
    const auto found = exclusion.locks.find(name);
    if (found != exclusion.locks.end() && found->second.is_idle()) {
        exclusion.locks.erase(found);
    }
}

// The first of the line that can stand in the ready queue. Another one of it is cancelled, or waits
// for something of its job, and is chosen again after that.
void offer_lock(State& state, const ExclusionName& name) {
    const auto found = state.exclusion.locks.find(name);
    if (found == state.exclusion.locks.end()) {
        return;
    }
    LockLine& line = found->second;
    while (line.held_by.empty() && !line.offered && !line.waiting.empty()) {
        const auto [place, entry] = *line.waiting.begin();
        line.waiting.erase(line.waiting.begin());
        Job* job = state.slots[entry.slot].get();
        if (job == nullptr || job->generation != entry.generation) {
            continue;
        }
        offer_again(state, *job, entry.instance);
        const Instance& instance = job->instances[entry.instance];
        if (instance.is_queued) {
            line.offered = place;
            state.exclusion.offered[instance.entry] = name;
        }
    }
    erase_when_idle(state.exclusion, name);
}

}  // namespace

void note_lock(State& state, const Job& job, InstanceIndex instance,
               const AttemptStarted& started) {
    drop_offer(state, job.instances[instance].entry);
    if (started.lock.empty()) {
        return;
    }
    const auto line = state.exclusion.locks.try_emplace({job.tenant, started.lock}).first;
    line->second.held_by.push_back(started.fence);
    state.exclusion.held[started.fence] = HeldLock{line->first, job.id, instance};
}

void note_unlock(State& state, FenceToken fence) {
    const auto held = state.exclusion.held.extract(fence);
    if (held.empty()) {
        return;
    }
    const auto line = state.exclusion.locks.find(held.mapped().name);
    ATTACCA_CHECK(line != state.exclusion.locks.end());
    std::erase(line->second.held_by, fence);
    if (line->second.is_idle()) {
        state.exclusion.locks.erase(line);
    } else {
        state.exclusion.freed.push_back(line->first);
    }
}

bool wait_for_lock(State& state, const ReadyEntry& entry) {
    Job& job = *state.slots[entry.slot];
    if (!job.node_of(job.instances[entry.instance]).lock || ATTACCA_BUG(BUG_LOCK_NOT_KEPT)) {
        return false;
    }
    const Result<std::string> lock = render_lock(job, entry.instance);
    if (!lock) {
        return false;  // its start fails, and says why
    }
    const auto found = state.exclusion.locks.find({job.tenant, *lock});
    if (found == state.exclusion.locks.end()) {
        return false;
    }
    LockLine& line = found->second;
    const LinePlace place = lock_place(job, entry.instance);
    if (line.held_by.empty() && (!line.offered || *line.offered == place)) {
        return false;
    }
    line.waiting.emplace(place, entry);
    leave_queue(state, job, entry.instance);
    release_ready(state, job);
    return true;
}

void drop_offer(State& state, ReadyQueue::Handle entry) {
    if (state.exclusion.offered.empty()) {
        return;
    }
    const auto offer = state.exclusion.offered.extract(entry);
    if (!offer.empty()) {
        state.exclusion.locks[offer.mapped()].offered.reset();
        state.exclusion.freed.push_back(offer.mapped());
    }
}

void offer_locks(State& state) {
    // To let one back may let another go: the list grows meanwhile, and comes to an end.
    while (!state.exclusion.freed.empty()) {
        const ExclusionName name = std::move(state.exclusion.freed.back());
        state.exclusion.freed.pop_back();
        offer_lock(state, name);
    }
}

void rebuild_locks(State& state) {
    state.exclusion.offered.clear();
    state.exclusion.freed.clear();
    for (auto& [name, line] : state.exclusion.locks) {
        line.offered.reset();
        line.waiting.clear();
    }
    std::erase_if(state.exclusion.locks,
                  [](const auto& named) { return named.second.is_idle(); });
}

std::optional<LockWait> lock_wait_of(const State& state, const Job& job, InstanceIndex instance) {
    const Result<std::string> lock = render_lock(job, instance);
    const auto found =
        lock ? state.exclusion.locks.find({job.tenant, *lock}) : state.exclusion.locks.end();
    if (found == state.exclusion.locks.end()) {
        return std::nullopt;
    }
    const LockLine& line = found->second;
    const LinePlace own = lock_place(job, instance);
    if (line.held_by.empty() && (!line.offered || *line.offered == own)) {
        return std::nullopt;
    }
    LockWait wait;
    wait.lock = *lock;
    if (!line.held_by.empty()) {
        wait.holder = &state.exclusion.held.at(line.held_by.front());
    }
    for (const auto& [place, entry] : line.waiting) {
        if (place >= own || wait.before == lock_wait_max) {
            break;
        }
        ++wait.before;
    }
    return wait;
}

}  // namespace attacca::core
