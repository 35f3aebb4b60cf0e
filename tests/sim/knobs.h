// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "blueprint.h"
#include "core/breaker/calls.h"
#include "prng.h"

// How one world behaves. Drawn anew for each (swarm testing): a fault that is always on hides what
// only happens without it. Rates are per thousand.

namespace attacca::sim {

struct Knobs {
    bool is_exact = false;  // real committer, store, recovery and verification
    std::uint32_t events = 8000;
    std::uint32_t clients = 4;
    std::uint32_t slots = 4;
    std::uint32_t fleet = 0;               // workers outside the server
    std::uint32_t blueprints = 8;
    std::uint32_t batch_records_max = 8192;
    Shape shape;
    Duration lane_quiet;
    core::BreakerRules breakers;
    std::int64_t network_us = 200;
    std::int64_t commit_us = 1500;
    std::int64_t think_us = 3000;
    std::int64_t work_us = 4000;
    std::int64_t drift_ppm = 0;
    // Faults.
    std::uint32_t crash_per_batch = 0;     // crashes around a commit
    std::int64_t crash_every_us = 0;       // crashes at any time; 0 = none
    std::uint32_t unknown_per_batch = 0;
    std::uint32_t full_per_batch = 0;
    std::uint32_t stall = 0;
    std::int64_t wall_jump_every_us = 0;
    std::uint32_t worker_death = 0;
    std::uint32_t report_loss = 0;
    std::uint32_t report_double = 0;
    std::uint32_t zombie = 0;
    std::uint32_t message_loss = 0;
    // What clients ask for.
    std::uint32_t with_key = 500;
    std::uint32_t control = 150;           // cancel, pause, resume instead of a submission
    std::uint32_t in_a_batch = 100;
    std::uint32_t held = 30;
    std::uint32_t tenants = 1;
    std::uint32_t set_tenant = 0;
    std::uint32_t schedule = 0;            // something about a schedule or a workflow
    std::int64_t prune_every_us = 0;       // between looks for what may be pruned; 0 = none
    std::int64_t retention_us = 0;         // of records, in wall time
    std::uint32_t set_breaker = 0;         // an operator takes one, or gives it back
    std::uint32_t live_max = 100;          // clients submit no more while so many are live
    // What happens once in a long while.
    std::int64_t stop_every_us = 0;        // orderly stops; 0 = none
    std::uint32_t damage_per_start = 0;    // a live job's row or record cannot be read any more
    std::uint32_t day_per_jump = 0;        // the wall clock jumps over a day

    [[nodiscard]] std::string text() const;
};

[[nodiscard]] Knobs draw_knobs(Prng& prng, bool is_exact);

}  // namespace attacca::sim
