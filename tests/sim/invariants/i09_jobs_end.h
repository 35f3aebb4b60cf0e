// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "invariants/violations.h"
#include "reference.h"

// I09: after the faults have ceased, every accepted job becomes final within a bounded time.

namespace attacca::sim {

inline void check_liveness(Violations& violations, const RefJob& job) {
    if (job.is_gone()) {
        return;
    }
    std::string states;
    for (const RefInstance& instance : job.instances) {
        states += ' ';
        states += core::name_of(instance.state);
    }
    violations.report("I09", "job " + job.id.text() + " is still " +
                                 std::string(core::name_of(job.state)) + " long after the heal:" +
                                 states);
}

}  // namespace attacca::sim
