// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "invariants/violations.h"
#include "reference.h"

// I17: what took the server or a worker down three times is parked, and not tried again; and a
// node is called parked exactly when its failure was worth an attempt that it will not get.

namespace attacca::sim {

inline void check_parked(Violations& violations, const RefJob& job, const RefInstance& instance,
                         const core::AttemptEnded& ended, bool has_budget) {
    if (is_one_crash_too_many(instance, ended.outcome) && ended.retry_in_ms) {
        violations.report("I17", "poison is tried again");
    }
    const core::Parked expected = expected_parked(job, instance, ended.outcome, has_budget);
    if (ended.parked != expected) {
        violations.report("I17", "a node is parked as `" + std::string(name_of(ended.parked)) +
                                     "` and should be as `" + std::string(name_of(expected)) +
                                     "`");
    }
}

}  // namespace attacca::sim
