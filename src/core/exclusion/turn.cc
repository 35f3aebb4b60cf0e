// SPDX-License-Identifier: Apache-2.0
#include "core/exclusion/turn.h"

#include <algorithm>

#include "base/check.h"
#include "base/seeded_bug.h"
#include "core/job/flow.h"

namespace attacca::core {
namespace {

ExclusionName key_name(const Job& job) {
    return {job.tenant, *job.concurrency_key};
}

LinePlace place_in_line(const Job& job) {
    const WallTime since =
        job.scheduled_at ? std::max(job.created_at, *job.scheduled_at) : job.created_at;
    return {since, job.id, 0};
}

void line_up(State& state, KeyLine& line, const Job& job) {
    line.waiting.emplace(place_in_line(job), job.slot);
    ++state.exclusion.jobs_waiting;
}

void give_turn(State& state, KeyLine& line, Job& job) {
    line.holder = job.slot;
    job.waits_for_turn = false;
    release_ready(state, job);
}

void pass_turn_on(State& state, std::map<ExclusionName, KeyLine>::iterator found) {
    KeyLine& line = found->second;
    line.holder = no_index;
    if (line.waiting.empty()) {
        state.exclusion.keys.erase(found);
        return;
    }
    const auto first = line.waiting.begin();
    Job& next = *state.slots[first->second];
    line.waiting.erase(first);
    --state.exclusion.jobs_waiting;
    give_turn(state, line, next);
}

}  // namespace

void take_key(State& state, Job& job, const std::string& key) {
    if (!key.empty()) {
        job.concurrency_key = key;
    }
    if (!job.is_held) {
        join_line(state, job);
    }
}

void join_line(State& state, Job& job) {
    if (!job.concurrency_key || ATTACCA_BUG(BUG_KEY_NOT_KEPT)) {
        return;
    }
    KeyLine& line = state.exclusion.keys[key_name(job)];
    if (line.holder == no_index) {
        line.holder = job.slot;
    }
    job.waits_for_turn = line.holder != job.slot;
    if (job.waits_for_turn) {
        line_up(state, line, job);
    }
}

void leave_line(State& state, Job& job) {
    if (!job.concurrency_key) {
        return;
    }
    job.waits_for_turn = false;
    const auto found = state.exclusion.keys.find(key_name(job));
    if (found == state.exclusion.keys.end()) {
        return;
    }
    if (found->second.holder == job.slot) {
        pass_turn_on(state, found);
    } else {
        state.exclusion.jobs_waiting -= found->second.waiting.erase(place_in_line(job));
    }
}

void take_turn(State& state, Job& job) {
    if (!job.concurrency_key || ATTACCA_BUG(BUG_KEY_NOT_KEPT)) {
        return;
    }
    KeyLine& line = state.exclusion.keys[key_name(job)];
    job.waits_for_turn = false;
    if (line.holder == job.slot) {
        return;
    }
    // Only where records are folded again: it is not known then whose turn it was meanwhile.
    state.exclusion.jobs_waiting -= line.waiting.erase(place_in_line(job));
    if (line.holder != no_index) {
        Job& other = *state.slots[line.holder];
        if (other.started_at.us == 0) {
            other.waits_for_turn = true;
            line_up(state, line, other);
            withdraw_ready(state, other);
        }
    }
    line.holder = job.slot;
}

void rebuild_lines(State& state) {
    std::map<ExclusionName, KeyLine>& keys = state.exclusion.keys;
    keys.clear();
    state.exclusion.jobs_waiting = 0;
    for (const auto& [id, slot] : state.slot_of) {
        Job& job = *state.slots[slot];
        job.waits_for_turn = false;
        if (!job.concurrency_key || (job.started_at.us == 0 && job.is_held)) {
            continue;
        }
        KeyLine& line = keys[key_name(job)];
        job.waits_for_turn = job.started_at.us == 0;
        if (job.waits_for_turn) {
            line_up(state, line, job);
        } else {
            line.holder = slot;
        }
    }
    for (auto& [name, line] : keys) {
        if (line.holder == no_index) {
            line.holder = line.waiting.begin()->second;
            line.waiting.erase(line.waiting.begin());
            --state.exclusion.jobs_waiting;
            state.slots[line.holder]->waits_for_turn = false;
        }
    }
}

bool has_key_above(const State& state, const Job& job, const std::string& key) {
    for (const Job* above = &job; above != nullptr;
         above = above->parent ? state.find(above->parent->job) : nullptr) {
        if (above->concurrency_key && *above->concurrency_key == key) {
            return true;
        }
    }
    return false;
}

TurnWait turn_wait_of(const State& state, const Job& job) {
    const auto found = state.exclusion.keys.find(key_name(job));
    ATTACCA_CHECK(found != state.exclusion.keys.end() && found->second.holder != no_index);
    TurnWait wait;
    wait.holder = state.slots[found->second.holder].get();
    const LinePlace own = place_in_line(job);
    for (const auto& [place, slot] : found->second.waiting) {
        if (place >= own || wait.before == turn_wait_max) {
            break;
        }
        ++wait.before;
    }
    return wait;
}

}  // namespace attacca::core
