// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "core/state.h"

// Whose turn it is with a concurrency key. Of a tenant's jobs with the same key one runs, from its
// first attempt to its end; the others wait in the order in which they came (a job that was asked
// for a later time comes at that), and before its turn a job starts nothing at all.
//
// All of it is volatile but for what records tell: a job that has started has its turn.

namespace attacca::core {

// A job was made, with this key; empty: none.
void take_key(State& state, Job& job, const std::string& key);
// A job that may begin as far as its time and its parent go. Without a key it has its turn.
void join_line(State& state, Job& job);
// It has to wait for something else first. The next one may begin.
void leave_line(State& state, Job& job);
// It ended: the same, and it has no key any more.
void drop_key(State& state, Job& job);
// Its first attempt began.
void take_turn(State& state, Job& job);
// After a start: the lines of the live jobs.
void rebuild_lines(State& state);

// The job has this key itself, or one of the jobs above it that wait for its end: a child with the
// same key would never have its turn.
[[nodiscard]] bool has_key_above(const State& state, const Job& job, const std::string& key);

// What the job's turn waits for.
struct TurnWait {
    const Job* holder = nullptr;  // whose turn it is; never null while the job waits
    std::uint32_t before = 0;     // jobs that wait before this one, turn_wait_max at most
};
inline constexpr std::uint32_t turn_wait_max = 1000;
// Precondition: the job waits for its turn.
[[nodiscard]] TurnWait turn_wait_of(const State& state, const Job& job);

}  // namespace attacca::core
