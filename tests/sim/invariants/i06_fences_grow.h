// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "invariants/violations.h"
#include "reference.h"

// I06: fence tokens only grow, over restarts too, and an end carries the token of its attempt.

namespace attacca::sim {

inline void check_new_fence(Violations& violations, std::uint64_t last, std::uint64_t fence) {
    if (fence <= last) {
        violations.report("I06", "fence token " + std::to_string(fence) + " after " +
                                     std::to_string(last));
    }
}

inline void check_end_fence(Violations& violations, const RefInstance& instance,
                            std::uint64_t fence) {
    if (instance.fence != fence) {
        violations.report("I06", "an attempt was ended with token " + std::to_string(fence) +
                                     ", it holds " + std::to_string(instance.fence));
    }
}

}  // namespace attacca::sim
