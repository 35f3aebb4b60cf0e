// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "invariants/violations.h"
#include "reference.h"

// I07: at most one valid lease for each instance, and no worker starts without a durable one.

namespace attacca::sim {

inline void check_no_lease(Violations& violations, const RefInstance& instance) {
    if (instance.is_open) {
        violations.report("I07", "an attempt starts while another one holds the lease");
    }
}

// `durable` is the instance as the store knows it when the runner is asked to start the attempt.
inline void check_start_is_durable(Violations& violations, const RefInstance* durable,
                                   std::uint64_t fence, bool was_started_before) {
    if (durable == nullptr || durable->fence < fence) {
        violations.report("I07", "a runner was asked to start attempt " + std::to_string(fence) +
                                     " before its record was durable");
    }
    if (was_started_before) {
        violations.report("I07", "attempt " + std::to_string(fence) + " was started twice");
    }
}

}  // namespace attacca::sim
