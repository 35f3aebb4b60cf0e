// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "core/exclusion/lines.h"
#include "core/job/ids.h"
#include "core/schedule/ready_queue.h"

// Lines of jobs before concurrency keys, and locks of nodes: one at a time, in order.
//
// Only who holds a lock is folded from records. All else is volatile: it follows from live jobs and
// from the times at which they came, so that a start makes the same lines anew.

namespace attacca::core {

// Where one stands in a line: who came first comes first. Of a job, `instance` is 0.
struct LinePlace {
    WallTime since;
    JobId job;
    InstanceIndex instance = 0;
    friend auto operator<=>(const LinePlace&, const LinePlace&) = default;
};

// Jobs of a tenant with the same concurrency key. While one waits, another has its turn.
struct KeyLine {
    std::uint32_t jobs = 0;                      // with this key, those that are held included
    std::uint32_t holder = no_index;             // slot of the job whose turn it is
    std::map<LinePlace, std::uint32_t> waiting;  // slots
};

struct LockHolder {
    FenceToken fence;
    JobId job;
    InstanceIndex instance = 0;
};

struct LockLine {
    // Who holds it: one. More only while records of a job that was set aside are missing.
    std::vector<LockHolder> held_by;
    // It was let back into the ready queue, and nobody else may take the lock before it.
    std::optional<LinePlace> offered;
    std::map<LinePlace, ReadyEntry> waiting;
    std::uint32_t times_freed = 0;  // so often it stands in Exclusion::freed

    [[nodiscard]] bool is_free() const { return held_by.empty() && !offered; }
    [[nodiscard]] bool is_idle() const {
        return is_free() && waiting.empty() && times_freed == 0;
    }
};

// The lock of what was chosen last: its start needs it again.
struct ChosenLock {
    ReadyEntry entry{no_index, no_index, 0};
    std::uint64_t eseq = 0;  // of the job: with each record its expressions may tell something else
    std::string lock;
};

struct Exclusion {
    Lines<KeyLine> keys;
    Lines<LockLine> locks;
    std::uint64_t locks_held = 0;  // by attempts
    std::map<ReadyQueue::Handle, LineNumber> offered;  // locks, by entries of the ready queue
    std::uint64_t jobs_waiting = 0;  // in all lines of keys
    std::vector<LineNumber> freed;   // locks that the next one may take
    ChosenLock chosen;
};

}  // namespace attacca::core
