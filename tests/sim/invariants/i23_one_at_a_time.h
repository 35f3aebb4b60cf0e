// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "core/state.h"
#include "invariants/violations.h"
#include "marks.h"

// I23, of concurrency keys and locks: the lines hold who has to wait, and no other; nobody waits
// for what is free.

namespace attacca::sim {

inline void check_key_line(Violations& violations, Marks& marks, const core::State& state,
                           core::LineNumber number) {
    const core::KeyLine& line = state.exclusion.keys[number];
    const std::string& name = state.exclusion.keys.text_of(number);
    const core::Job* holder =
        line.holder == core::no_index ? nullptr : state.slots[line.holder].get();
    if (holder != nullptr) {
        if (holder->waits_for_turn || holder->key_line != number ||
            state.exclusion.keys.find({holder->tenant_number, name}) != number) {
            violations.report("I23", "the turn of the key " + name + " is not its holder's");
        }
    } else if (line.holder != core::no_index || !line.waiting.empty()) {
        violations.report("I23", "nobody has the turn of the key " + name);
    }
    for (const auto& [place, slot] : line.waiting) {
        const core::Job* job = state.slots[slot].get();
        if (job == nullptr || !job->waits_for_turn || job->id != place.job ||
            job->key_line != number) {
            violations.report("I23", "a job stands in line for " + name + " in vain");
        }
        marks.hit(line.waiting.size() > 1 ? Mark::key_waited_for_twice : Mark::key_waited_for);
    }
}

inline void check_key_lines(Violations& violations, Marks& marks, const core::State& state) {
    std::uint64_t waiting = 0;
    std::uint64_t started = 0;
    std::uint64_t keyed = 0;
    for (const auto& [id, slot] : state.slot_of) {
        const core::Job& job = *state.slots[slot];
        waiting += job.waits_for_turn ? 1U : 0U;
        keyed += job.key_line != core::no_index ? 1U : 0U;
        started += job.key_line != core::no_index && job.started_at.us != 0 ? 1U : 0U;
    }
    if (waiting != state.exclusion.jobs_waiting) {
        violations.report("I23", "the jobs that wait for keys are counted wrongly");
    }
    state.exclusion.keys.visit([&](core::LineNumber number) {
        check_key_line(violations, marks, state, number);
        const core::KeyLine& line = state.exclusion.keys[number];
        const bool is_started =
            line.holder != core::no_index && state.slots[line.holder]->started_at.us != 0;
        started -= is_started ? 1U : 0U;
        waiting -= line.waiting.size();
        keyed -= line.jobs;
        if (line.jobs == 0) {
            violations.report("I23", "no job has the key of a line");
        }
    });
    if (waiting != 0 || started != 0 || keyed != 0) {
        violations.report("I23", "jobs wait in no line, or run without their turn");
    }
}

inline void check_lock_holders(Violations& violations, const core::State& state,
                               core::LineNumber number) {
    const std::string& name = state.exclusion.locks.text_of(number);
    for (const core::LockHolder& holder : state.exclusion.locks[number].held_by) {
        const core::Job* job = state.find(holder.job);
        if (job == nullptr || job->instances[holder.instance].fence != holder.fence ||
            job->instances[holder.instance].state != core::NodeState::running ||
            job->instances[holder.instance].lock_line != number ||
            state.exclusion.locks.find({job->tenant_number, name}) != number) {
            violations.report("I23", "no attempt that runs holds the lock " + name);
        }
    }
}

inline void check_lock_lines(Violations& violations, Marks& marks, const core::State& state) {
    std::size_t held = 0;
    std::size_t offered = 0;
    state.exclusion.locks.visit([&](core::LineNumber number) {
        const core::LockLine& line = state.exclusion.locks[number];
        held += line.held_by.size();
        offered += line.offered ? 1U : 0U;
        if (line.held_by.size() > 1 || (line.is_free() && !line.waiting.empty()) ||
            line.is_idle()) {
            violations.report("I23", "the lock " + state.exclusion.locks.text_of(number) +
                                         " is held twice, or by nobody");
        }
        check_lock_holders(violations, state, number);
        if (line.offered) {
            marks.hit(Mark::lock_handed_over);
        }
        if (!line.waiting.empty()) {
            marks.hit(Mark::lock_waited_for);
        }
    });
    if (held != state.exclusion.locks_held || offered != state.exclusion.offered.size() ||
        !state.exclusion.freed.empty()) {
        violations.report("I23", "the locks disagree with the attempts that hold them");
    }
}

// What a new process finds.
inline void mark_exclusion(Marks& marks, const core::State& state) {
    if (state.exclusion.locks_held > 0) {
        marks.hit(Mark::lock_over_restart);
    }
    state.exclusion.keys.visit([&](core::LineNumber number) {
        const core::KeyLine& line = state.exclusion.keys[number];
        if (!line.waiting.empty() && state.slots[line.holder]->started_at.us != 0) {
            marks.hit(Mark::key_over_restart);
        }
    });
}

}  // namespace attacca::sim
