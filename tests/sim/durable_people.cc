// SPDX-License-Identifier: Apache-2.0
#include "durable.h"

// What people decided, and what was done about nodes that failed for good.

namespace attacca::sim {

void Durable::approve(RefJob& job, const core::ApprovalGiven& given) {
    std::uint32_t index = 0;
    const RefInstance* instance = instance_of(job, given.node, given.item, index);
    if (instance == nullptr) {
        return;
    }
    if (!awaits_person(job, *instance)) {
        violations_.report("I04", "a person decided about a node that waits for nobody");
        return;
    }
    marks_.hit(given.ruling == core::Ruling::approved ? Mark::approval_given
                                                      : Mark::approval_refused);
    ref_approve(job, index, given.ruling);
    trace_.add(index, static_cast<std::uint64_t>(given.ruling));
}

void Durable::recover(RefJob& job, const core::RecoveryTaken& taken) {
    std::uint32_t index = 0;
    const RefInstance* instance = instance_of(job, taken.node, taken.item, index);
    const bool is_right =
        instance != nullptr && expected_recovery(job, *instance) == taken.action &&
        (taken.action == core::OnFailure::escalate_manual ? instance->is_escalated
                                                           : instance->is_skipped_by_if);
    if (!is_right) {
        violations_.report("I04", "a recovery was recorded that was not due");
    }
    marks_.hit(taken.action == core::OnFailure::escalate_manual ? Mark::failure_escalated
                                                                 : Mark::failure_skipped);
}

}  // namespace attacca::sim
