// SPDX-License-Identifier: Apache-2.0
#include "durable.h"

// What people decided, cancelled, and what was done about nodes that failed for good.

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

void Durable::cancel(RefJob& job, const core::CancelRequested& cancel) {
    const bool is_by_deadline = cancel.cause == core::CancelCause::deadline;
    marks_.hit(is_by_deadline                  ? Mark::job_deadline
               : job.is_cancelling             ? Mark::job_cancelled_twice
               : job.state == core::JobState::paused ? Mark::job_cancelled_paused
               : job.is_started                ? Mark::job_cancelled_running
                                               : Mark::job_cancelled_unstarted);
    if (is_by_deadline && job.is_cancelling) {
        violations_.report("I04", "a deadline cancels a job that is being cancelled");
    }
    paused_count_ -= job.state == core::JobState::paused ? 1U : 0U;
    ref_cancel(job, cancel.cause);
    job.cancelled_virtual = decided_.until;
    if (!job.is_started) {
        exclusion_.gave_up(intents[index_of(job.id)].tenant, job);
    }
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
