// SPDX-License-Identifier: Apache-2.0
#include "core/exclusion/turn.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "base/seeded_bug.h"
#include "core/job/flow.h"

namespace attacca::core {
namespace {

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

void pass_turn_on(State& state, KeyLine& line) {
    line.holder = no_index;
    if (line.waiting.empty()) {
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
        job.key_line = state.exclusion.keys.take({job.tenant_number, key});
        ++state.exclusion.keys[job.key_line].jobs;
    }
    if (!job.is_held) {
        join_line(state, job);
    }
}

void join_line(State& state, Job& job) {
    if (job.key_line == no_index || ATTACCA_BUG(BUG_KEY_NOT_KEPT)) {
        return;
    }
    KeyLine& line = state.exclusion.keys[job.key_line];
    if (line.holder == no_index) {
        line.holder = job.slot;
    }
    job.waits_for_turn = line.holder != job.slot;
    if (job.waits_for_turn) {
        line_up(state, line, job);
    }
}

void leave_line(State& state, Job& job) {
    if (job.key_line == no_index) {
        return;
    }
    KeyLine& line = state.exclusion.keys[job.key_line];
    job.waits_for_turn = false;
    if (line.holder == job.slot) {
        pass_turn_on(state, line);
    } else {
        state.exclusion.jobs_waiting -= line.waiting.erase(place_in_line(job));
    }
}

void drop_key(State& state, Job& job) {
    leave_line(state, job);
    if (job.key_line == no_index) {
        return;
    }
    const LineNumber number = std::exchange(job.key_line, no_index);
    if (--state.exclusion.keys[number].jobs == 0) {
        state.exclusion.keys.drop(number);
    }
}

void take_turn(State& state, Job& job) {
    if (job.key_line == no_index || ATTACCA_BUG(BUG_KEY_NOT_KEPT)) {
        return;
    }
    KeyLine& line = state.exclusion.keys[job.key_line];
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
    Lines<KeyLine>& keys = state.exclusion.keys;
    keys.visit([&](LineNumber number) {
        keys[number].holder = no_index;
        keys[number].waiting.clear();
    });
    state.exclusion.jobs_waiting = 0;
    for (const auto& [id, slot] : state.slot_of) {
        Job& job = *state.slots[slot];
        job.waits_for_turn = false;
        if (job.key_line == no_index || (job.started_at.us == 0 && job.is_held)) {
            continue;
        }
        KeyLine& line = keys[job.key_line];
        job.waits_for_turn = job.started_at.us == 0;
        if (job.waits_for_turn) {
            line_up(state, line, job);
        } else {
            line.holder = slot;
        }
    }
    keys.visit([&](LineNumber number) {
        KeyLine& line = keys[number];
        if (line.holder == no_index && !line.waiting.empty()) {
            line.holder = line.waiting.begin()->second;
            line.waiting.erase(line.waiting.begin());
            --state.exclusion.jobs_waiting;
            state.slots[line.holder]->waits_for_turn = false;
        }
    });
}

bool has_key_above(const State& state, const Job& job, const std::string& key) {
    for (const Job* above = &job; above != nullptr;
         above = above->parent ? state.find(above->parent->job) : nullptr) {
        if (above->key_line != no_index &&
            state.exclusion.keys.text_of(above->key_line) == key) {
            return true;
        }
    }
    return false;
}

TurnWait turn_wait_of(const State& state, const Job& job) {
    ATTACCA_CHECK(job.key_line != no_index);
    const KeyLine& line = state.exclusion.keys[job.key_line];
    ATTACCA_CHECK(line.holder != no_index);
    TurnWait wait;
    wait.holder = state.slots[line.holder].get();
    const LinePlace own = place_in_line(job);
    for (const auto& [place, slot] : line.waiting) {
        if (place >= own || wait.before == turn_wait_max) {
            break;
        }
        ++wait.before;
    }
    return wait;
}

}  // namespace attacca::core
