// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "core/job/ids.h"
#include "core/schedule/ready_queue.h"

// Lines of jobs before concurrency keys, and locks of nodes: one at a time, in order.
//
// Only who holds a lock is folded from records. All else is volatile: it follows from live jobs and
// from the times at which they came, so that a start makes the same lines anew.

namespace attacca::core {

// A key or a lock belongs to one tenant; keys and locks are apart from each other.
struct ExclusionName {
    std::string tenant;
    std::string name;
    friend auto operator<=>(const ExclusionName&, const ExclusionName&) = default;
};

// Where one stands in a line: who came first comes first. Of a job, `instance` is 0.
struct LinePlace {
    WallTime since;
    JobId job;
    InstanceIndex instance = 0;
    friend auto operator<=>(const LinePlace&, const LinePlace&) = default;
};

// Jobs of a tenant with the same concurrency key. While one waits, another has its turn.
struct KeyLine {
    std::uint32_t holder = no_index;             // slot of the job whose turn it is
    std::map<LinePlace, std::uint32_t> waiting;  // slots
};

struct LockLine {
    // Fence tokens of who holds it: one. More only while records of a job that was set aside are
    // missing.
    std::vector<FenceToken> held_by;
    // It was let back into the ready queue, and nobody else may take the lock before it.
    std::optional<LinePlace> offered;
    std::map<LinePlace, ReadyEntry> waiting;

    [[nodiscard]] bool is_idle() const {
        return held_by.empty() && !offered && waiting.empty();
    }
};

struct HeldLock {
    ExclusionName name;
    JobId job;
    InstanceIndex instance = 0;
};

struct Exclusion {
    std::map<ExclusionName, KeyLine> keys;
    std::map<ExclusionName, LockLine> locks;
    std::map<FenceToken, HeldLock> held;                    // folded: the attempts that hold a lock
    std::map<ReadyQueue::Handle, ExclusionName> offered;    // locks, by entries of the ready queue
    std::uint64_t jobs_waiting = 0;  // in all lines of keys
    std::vector<ExclusionName> freed;                       // locks that the next one may take
};

}  // namespace attacca::core
