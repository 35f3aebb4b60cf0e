// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "core/job/ids.h"
#include "core/job/states.h"

// What a job waits for: a question to the engine (part of Command) and its answer (part of
// Acceptance). Told from the state as it is; nothing is kept for it.

namespace attacca::core {

struct ExplainJob {
    JobId job;
    std::string tenant;
    std::uint32_t limit = 100;  // waits that are told
};

enum class WaitCause : std::uint8_t {
    paused,              // until somebody resumes the job
    scheduled,           // until the job's scheduled_at
    concurrency_key,     // until the job that holds the key ends
    dependency,          // until the nodes that it needs have ended
    items,               // a map, until its items have ended
    map_parallel,        // until other items of its map have ended
    job_parallel,        // until other nodes of its job have ended
    tenant_concurrency,  // until an attempt of its tenant has ended
    tenant_rate,         // until the instant at which another start fits
    tenant_slot_time,    // until the day (UTC) ends
    lock,                // until the attempt that holds it has ended
    slot,                // until an attempt ends and its turn comes
    lane,                // until a worker claims it
    breaker,             // until the circuit breaker of what it depends on lets it through
    retry,               // until the instant of the next attempt
    time,                // a wait node, until its instant
    person,              // until somebody approves or rejects
    child,               // until the job that the node made has ended
};

// `tenant-rate`, …
[[nodiscard]] std::string_view name_of(WaitCause cause);
// What would end it, for a person.
[[nodiscard]] std::string_view release_of(WaitCause cause);

struct Wait {
    WaitCause cause = WaitCause::slot;
    std::string node;  // empty: the whole job
    std::optional<std::uint32_t> item;
    NodeState state = NodeState::pending;
    WallTime since;
    std::optional<WallTime> until;
    std::string detail;
};

struct Explanation {
    JobState state = JobState::queued;
    std::uint32_t running = 0;  // attempts
    std::vector<Wait> waits;
    bool has_more = false;
};

}  // namespace attacca::core
