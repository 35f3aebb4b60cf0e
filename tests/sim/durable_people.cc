// SPDX-License-Identifier: Apache-2.0
#include "durable.h"

#include <algorithm>

#include "invariants/i04_legal_transitions.h"

// What people decided, cancelled, and what was done about nodes that failed for good.

namespace attacca::sim {
namespace {

bool is_recovered(const RefInstance& instance, core::OnFailure action) {
    if (core::ends_job(action)) {
        return instance.state == core::NodeState::failed;
    }
    return action == core::OnFailure::escalate_manual ? instance.is_escalated
                                                      : instance.is_skipped_by_if;
}

Mark mark_of(core::OnFailure action) {
    if (core::ends_job(action)) {
        return Mark::failure_ended_job;
    }
    if (action == core::OnFailure::fallback_strategy) {
        return Mark::failure_fell_back;
    }
    return action == core::OnFailure::escalate_manual ? Mark::failure_escalated
                                                      : Mark::failure_skipped;
}

}  // namespace

void Durable::pause(RefJob& job, const core::JobPaused& paused) {
    const bool is_again = paused.is_now && job.state == core::JobState::paused;
    if (!is_again) {
        check_job_state(violations_, job, core::JobState::running, "job_paused");
        ++paused_count_;
    }
    if (paused.is_now) {
        marks_.hit(is_again ? Mark::job_paused_twice : Mark::job_paused_now);
    }
    ref_pause(job, paused.is_now);
}

void Durable::cancel(RefJob& job, const core::CancelRequested& cancel) {
    const bool is_by_deadline = cancel.cause == core::CancelCause::deadline;
    const bool is_by_failure = cancel.cause == core::CancelCause::failure;
    if (is_by_failure && (job.is_cancelling || !core::ends_job(job.recovery))) {
        violations_.report("I04", "a job was ended by a node that does not say so");
    }
    marks_.hit(is_by_deadline                  ? Mark::job_deadline
               : is_by_failure                 ? Mark::job_aborted
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
    if (instance == nullptr || expected_recovery(job, *instance) != taken.action ||
        !is_recovered(*instance, taken.action)) {
        violations_.report("I04", "a recovery was recorded that was not due");
    }
    marks_.hit(mark_of(taken.action));
    ref_recover(job, taken.action);
}

void Durable::promise_again(Intent& intent, const core::JobCreated& created,
                            const std::string& tenant) {
    const RefJob* before = created.retry_of ? job(*created.retry_of) : nullptr;
    const bool is_due = before != nullptr && begin_again_.erase(before->id) == 1;
    if (!is_due || created.tries != before->tries + 1) {
        violations_.report("I16", "a job began again that was not to, or once too often");
        return;
    }
    intent.blueprint = before->blueprint;
    intent.tenant = tenant;
    marks_.hit(Mark::job_began_again);
}

const RefJob* Durable::take_kept(const core::JobCreated& created) {
    if (created.kept.body) {
        marks_.hit(Mark::kept_as_body);
        need_body(*created.kept.body);
    }
    const RefJob* before = job(*created.retry_of);
    const std::vector<bool> kept = kept_nodes(*before);
    if (std::find(kept.begin(), kept.end(), true) != kept.end()) {
        marks_.hit(before->recovery == core::OnFailure::retry_job ? Mark::job_retried
                                                                  : Mark::job_rolled_back);
    }
    return before;
}

}  // namespace attacca::sim
