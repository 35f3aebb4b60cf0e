// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "engine/gateway.h"
#include "invariants/violations.h"

// I16: accepted = live + completed + failed + cancelled, counted since a process took over.

namespace attacca::sim {

[[nodiscard]] inline std::uint64_t ended_jobs(const engine::Counters& counters) {
    return counters.jobs_completed + counters.jobs_failed + counters.jobs_cancelled;
}

// `then` is what was counted when `live_then` jobs were live.
inline void check_conservation(Violations& violations, const engine::Counters& then,
                               std::uint64_t live_then, const engine::Counters& now,
                               std::uint64_t live_now) {
    const std::uint64_t in = live_then + now.jobs_created - then.jobs_created;
    const std::uint64_t out = live_now + ended_jobs(now) - ended_jobs(then);
    if (in != out) {
        violations.report("I16", std::to_string(in) + " jobs were accepted, " +
                                     std::to_string(out) + " are live or ended");
    }
}

}  // namespace attacca::sim
