// SPDX-License-Identifier: Apache-2.0
#include "core/exclusion/lock.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "base/seeded_bug.h"
#include "core/exclusion/name.h"
#include "core/job/flow.h"
#include "core/reservation/aside.h"

namespace attacca::core {
namespace {

LinePlace lock_place(const Job& job, InstanceIndex i) {
    return {ready_node(job, i).since, job.id, i};
}

void drop_when_idle(Exclusion& exclusion, LineNumber number) {
    if (exclusion.locks[number].is_idle()) {
        exclusion.locks.drop(number);
    }
}

void note_freed(Exclusion& exclusion, LineNumber number) {
    ++exclusion.locks[number].times_freed;
    exclusion.freed.push_back(number);
}

// The first of the line that can stand in the ready queue. Another one of it is cancelled, or waits
// for something of its job, and is chosen again after that.
void offer_lock(State& state, LineNumber number) {
    LockLine& line = state.exclusion.locks[number];
    while (line.is_free() && !line.waiting.empty()) {
        const auto [place, entry] = *line.waiting.begin();
        line.waiting.erase(line.waiting.begin());
        Job* job = state.slots[entry.slot].get();
        if (job == nullptr || job->generation != entry.generation) {
            continue;
        }
        if (is_shut_out(state, *job, entry.instance)) {
            stand_aside(state, entry);
            continue;
        }
        offer_again(state, *job, entry.instance);
        const Instance& instance = job->instances[entry.instance];
        if (instance.is_queued) {
            line.offered = place;
            state.exclusion.offered[instance.entry] = number;
        }
    }
    drop_when_idle(state.exclusion, number);
}

bool is_chosen(const ChosenLock& chosen, const Job& job, InstanceIndex instance) {
    return chosen.entry.slot == job.slot && chosen.entry.instance == instance &&
           chosen.entry.generation == job.generation && chosen.eseq == job.eseq;
}

}  // namespace

void note_lock(State& state, Job& job, InstanceIndex instance, const AttemptStarted& started) {
    drop_offer(state, job.instances[instance].entry);
    if (started.lock.empty()) {
        return;
    }
    const LineNumber number = state.exclusion.locks.take({job.tenant_number, started.lock});
    state.exclusion.locks[number].held_by.push_back({started.fence, job.id, instance});
    job.instances[instance].lock_line = number;
    ++state.exclusion.locks_held;
}

void note_unlock(State& state, Instance& instance) {
    const LineNumber number = std::exchange(instance.lock_line, no_index);
    if (number == no_index) {
        return;
    }
    LockLine& line = state.exclusion.locks[number];
    const std::size_t erased = std::erase_if(
        line.held_by, [&](const LockHolder& holder) { return holder.fence == instance.fence; });
    ATTACCA_CHECK(erased == 1);
    --state.exclusion.locks_held;
    if (line.is_idle()) {
        state.exclusion.locks.drop(number);
    } else {
        note_freed(state.exclusion, number);
    }
}

Result<std::string> lock_at_start(const State& state, const Job& job, InstanceIndex instance) {
    const ChosenLock& chosen = state.exclusion.chosen;
    return is_chosen(chosen, job, instance) ? Result<std::string>(chosen.lock)
                                            : render_lock(job, instance);
}

bool wait_for_lock(State& state, const ReadyEntry& entry) {
    Job& job = *state.slots[entry.slot];
    if (!job.node_of(job.instances[entry.instance]).lock || ATTACCA_BUG(BUG_LOCK_NOT_KEPT)) {
        return false;
    }
    Result<std::string> lock = render_lock(job, entry.instance);
    if (!lock) {
        return false;  // its start fails, and says why
    }
    ChosenLock& chosen = state.exclusion.chosen;
    chosen = {entry, job.eseq, std::move(*lock)};
    const LineNumber found = state.exclusion.locks.find({job.tenant_number, chosen.lock});
    if (found == no_index) {
        return false;
    }
    LockLine& line = state.exclusion.locks[found];
    const LinePlace place = lock_place(job, entry.instance);
    if (line.is_free() || (line.held_by.empty() && *line.offered == place)) {
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
        note_freed(state.exclusion, offer.mapped());
    }
}

void offer_locks(State& state) {
    // To let one back may let another go: the list grows meanwhile, and comes to an end.
    while (!state.exclusion.freed.empty()) {
        const LineNumber number = state.exclusion.freed.back();
        state.exclusion.freed.pop_back();
        --state.exclusion.locks[number].times_freed;
        offer_lock(state, number);
    }
}

void rebuild_locks(State& state) {
    state.exclusion.offered.clear();
    state.exclusion.freed.clear();
    state.exclusion.locks.visit([&](LineNumber number) {
        LockLine& line = state.exclusion.locks[number];
        line.offered.reset();
        line.waiting.clear();
        line.times_freed = 0;
        drop_when_idle(state.exclusion, number);
    });
}

std::optional<LockWait> lock_wait_of(const State& state, const Job& job, InstanceIndex instance) {
    const Result<std::string> lock = render_lock(job, instance);
    const LineNumber found =
        lock ? state.exclusion.locks.find({job.tenant_number, *lock}) : no_index;
    if (found == no_index) {
        return std::nullopt;
    }
    const LockLine& line = state.exclusion.locks[found];
    const LinePlace own = lock_place(job, instance);
    if (line.is_free() || (line.held_by.empty() && *line.offered == own)) {
        return std::nullopt;
    }
    LockWait wait;
    wait.lock = *lock;
    if (!line.held_by.empty()) {
        wait.holder = &line.held_by.front();
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
