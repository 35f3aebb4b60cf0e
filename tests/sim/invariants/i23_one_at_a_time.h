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

inline void check_key_lines(Violations& violations, Marks& marks, const core::State& state) {
    std::uint64_t waiting = 0;
    std::uint64_t started = 0;
    for (const auto& [id, slot] : state.slot_of) {
        const core::Job& job = *state.slots[slot];
        waiting += job.waits_for_turn ? 1U : 0U;
        started += job.concurrency_key && job.started_at.us != 0 ? 1U : 0U;
    }
    if (waiting != state.exclusion.jobs_waiting) {
        violations.report("I23", "the jobs that wait for keys are counted wrongly");
    }
    for (const auto& [name, line] : state.exclusion.keys) {
        const core::Job* holder =
            line.holder == core::no_index ? nullptr : state.slots[line.holder].get();
        if (holder == nullptr || holder->waits_for_turn || *holder->concurrency_key != name.name) {
            violations.report("I23", "nobody has the turn of the key " + name.name);
            return;
        }
        started -= holder->started_at.us != 0 ? 1U : 0U;
        for (const auto& [place, slot] : line.waiting) {
            const core::Job* job = state.slots[slot].get();
            if (job == nullptr || !job->waits_for_turn || job->id != place.job) {
                violations.report("I23", "a job stands in line for " + name.name + " in vain");
                return;
            }
            --waiting;
            marks.hit(line.waiting.size() > 1 ? Mark::key_waited_for_twice : Mark::key_waited_for);
        }
    }
    if (waiting != 0 || started != 0) {
        violations.report("I23", "jobs wait in no line, or run without their turn");
    }
}

inline void check_lock_lines(Violations& violations, Marks& marks, const core::State& state) {
    std::size_t held = 0;
    std::size_t offered = 0;
    for (const auto& [name, line] : state.exclusion.locks) {
        held += line.held_by.size();
        offered += line.offered ? 1U : 0U;
        const bool is_free = line.held_by.empty() && !line.offered;
        if (line.held_by.size() > 1 || (is_free && !line.waiting.empty())) {
            violations.report("I23", "the lock " + name.name + " is held twice, or by nobody");
            return;
        }
        if (line.offered) {
            marks.hit(Mark::lock_handed_over);
        }
        if (!line.waiting.empty()) {
            marks.hit(Mark::lock_waited_for);
        }
    }
    if (held != state.exclusion.held.size() || offered != state.exclusion.offered.size() ||
        !state.exclusion.freed.empty()) {
        violations.report("I23", "the locks disagree with the attempts that hold them");
    }
}

// What a new process finds.
inline void mark_exclusion(Marks& marks, const core::State& state) {
    if (!state.exclusion.held.empty()) {
        marks.hit(Mark::lock_over_restart);
    }
    for (const auto& [name, line] : state.exclusion.keys) {
        if (state.slots[line.holder]->started_at.us != 0 && !line.waiting.empty()) {
            marks.hit(Mark::key_over_restart);
        }
    }
}

}  // namespace attacca::sim
