// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "invariants/violations.h"
#include "reference.h"

// I11: a job is final exactly when all its nodes are; nothing of it runs on after cancel and grace.

namespace attacca::sim {

inline void check_nodes_are_final(Violations& violations, const RefJob& job) {
    for (const RefInstance& instance : job.instances) {
        if (!core::is_final(instance.state)) {
            violations.report("I11", "job " + job.id.text() + " ended while a node is " +
                                         std::string(core::name_of(instance.state)));
            return;
        }
    }
}

// A worker that was not told to stop, of an instance that had to be stopped long ago.
inline void check_stopped_in_time(Violations& violations, const RefJob& job,
                                  const RefInstance& instance, std::int64_t cancelled_for_us) {
    constexpr std::int64_t grace_us = 30'000'000;
    const bool is_finally = job.blueprint->nodes[instance.node].is_finally;
    const bool had_to_stop = is_finally ? job.is_finally_stopped : job.is_cancelling;
    if (had_to_stop && cancelled_for_us > grace_us) {
        violations.report("I11", "an attempt of " + job.id.text() + " runs on after its cancel");
    }
}

}  // namespace attacca::sim
