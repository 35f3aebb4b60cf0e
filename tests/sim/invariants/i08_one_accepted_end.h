// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "invariants/violations.h"
#include "reference.h"

// I08: exactly one accepted end for each attempt; late and duplicate reports change nothing, and a
// report is acknowledged only when its end is durable.

namespace attacca::sim {

inline void check_attempt_is_open(Violations& violations, const RefInstance& instance) {
    if (!instance.is_open) {
        violations.report("I08", "an attempt ended that was not open");
    }
}

// `durable` is null when the store knows no such live instance: then nothing is waited for.
inline void check_acknowledgement(Violations& violations, const RefInstance* durable,
                                  std::uint64_t fence) {
    if (durable != nullptr && durable->is_open && durable->fence == fence) {
        violations.report("I08", "the report of attempt " + std::to_string(fence) +
                                     " was acknowledged before its end was durable");
    }
}

// A report is refused as fenced or not live only when the durable records say so.
inline void check_refused_report(Violations& violations, bool is_right, std::uint64_t fence) {
    if (!is_right) {
        violations.report("I08", "the report of attempt " + std::to_string(fence) +
                                     " was refused before what refuses it was durable");
    }
}

}  // namespace attacca::sim
