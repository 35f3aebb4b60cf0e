// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "invariants/violations.h"
#include "reference.h"

// I05: attempts are 1, 2, 3 … without gaps, no more than the node allows (lost ones are not
// counted), and an attempt is tried again exactly when its policy says so.

namespace attacca::sim {

inline void check_attempt_number(Violations& violations, const RefJob& job,
                                 const RefInstance& instance, std::uint32_t attempt) {
    const BlueNode& node = job.blueprint->nodes[instance.node];
    if (attempt != instance.attempts + 1U) {
        violations.report("I05", "attempt " + std::to_string(attempt) + " follows attempt " +
                                     std::to_string(instance.attempts));
    }
    if (attempt - instance.lost > node.max_attempts) {
        violations.report("I05", "attempt " + std::to_string(attempt) + " of at most " +
                                     std::to_string(node.max_attempts));
    }
}

// What a pause stops begins again: it neither fails nor is cancelled by that, unless its job is.
inline void check_halted(Violations& violations, const RefJob& job, const RefInstance& instance,
                         core::Outcome outcome) {
    const BlueNode& node = job.blueprint->nodes[instance.node];
    const bool is_stopping = node.is_finally ? job.is_finally_stopped : job.is_cancelling;
    if (instance.is_halted && outcome == core::Outcome::cancelled && !is_stopping &&
        expects_retry(job, instance, core::Outcome::stopped)) {
        violations.report("I05", "an attempt that a pause stopped was cancelled for good");
    }
}

// `has_budget`: I14, retries are no more than a tenth of first attempts while that is used up.
inline void check_retry(Violations& violations, const RefJob& job, const RefInstance& instance,
                        const core::AttemptEnded& ended, bool has_budget) {
    const bool is_expected = expects_retry(job, instance, ended.outcome) && has_budget;
    if (ended.retry_in_ms.has_value() != is_expected) {
        violations.report("I05", ended.retry_in_ms ? "an attempt is tried again against its policy"
                                                   : "an attempt is not tried again");
    }
}

}  // namespace attacca::sim
