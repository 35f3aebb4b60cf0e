// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "invariants/violations.h"
#include "reference.h"

// I10: an attempt starts only when the reference model lets the node start, the job is not paused,
// its limit of parallel attempts is kept, and a retry's time has come.

namespace attacca::sim {

inline void check_due(Violations& violations, const RefJob& job, const RefInstance& instance,
                      std::int64_t virtual_now) {
    if (virtual_now < instance.due_mono) {
        violations.report("I10", "node " + std::to_string(instance.node) + " of " +
                                     job.id.text() + " moves " +
                                     std::to_string(instance.due_mono - virtual_now) +
                                     " us before its time");
    }
}

inline void check_may_start(Violations& violations, const RefJob& job, const RefInstance& instance,
                            std::int64_t virtual_now) {
    const auto report = [&](std::string_view what) {
        violations.report("I10", "node " + std::to_string(instance.node) + " of " +
                                     job.id.text() + " starts while " + std::string(what));
    };
    if (instance.state != core::NodeState::ready && instance.state != core::NodeState::retrying) {
        report("it is " + std::string(core::name_of(instance.state)));
    }
    if (job.state == core::JobState::paused) {
        report("its job is paused");
    }
    check_due(violations, job, instance, virtual_now);
}

inline void check_parallel(Violations& violations, const RefJob& job) {
    if (job.open_count() > job.blueprint->parallel) {
        violations.report("I10", "job " + job.id.text() + " runs more than " +
                                     std::to_string(job.blueprint->parallel) + " attempts");
    }
}

}  // namespace attacca::sim
