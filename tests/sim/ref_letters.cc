// SPDX-License-Identifier: Apache-2.0
#include "ref_letters.h"

#include <variant>

namespace attacca::sim {
namespace {

// By instance, in order; nullptr when no node is parked.
const RefInstance* first_parked(const RefJob& job) {
    for (const RefInstance& instance : job.instances) {
        if (instance.state == core::NodeState::failed &&
            (instance.parked != core::Parked::no || core::begins_again(job.recovery))) {
            return &instance;
        }
    }
    return nullptr;
}

bool has_poison(const RefJob& job) {
    for (const RefInstance& instance : job.instances) {
        if (instance.state == core::NodeState::failed &&
            instance.parked == core::Parked::poison) {
            return true;
        }
    }
    return false;
}

}  // namespace

void RefLetters::take(const core::Record& record, const JobOf& job_of) {
    const auto job = core::job_of_dead_letter(record.entity.name, record.tenant);
    if (!job) {
        report("a record of a dead letter is another tenant's");
        return;
    }
    if (const auto* what = std::get_if<core::DeadLettered>(&record.payload)) {
        add(record, *what, job_of(*job));
    } else if (const auto* replayed = std::get_if<core::DeadLetterReplayed>(&record.payload)) {
        marks_.hit(Mark::dead_letter_replayed);
        const auto made = replays_.find(replayed->job);
        if (made == replays_.end() || made->second != *job) {
            report("a dead letter was replayed by a job that was not made of it");
            return;
        }
        replays_.erase(made);
        close(*job);
    } else {
        marks_.hit(Mark::dead_letter_discarded);
        close(*job);
    }
}

void RefLetters::add(const core::Record& record, const core::DeadLettered& what,
                     const RefJob* job) {
    marks_.hit(Mark::dead_letter_left);
    const RefInstance* first = job == nullptr ? nullptr : first_parked(*job);
    if (first == nullptr || job->is_ended()) {
        report("a dead letter of a job that has nothing parked, or has ended");
        return;
    }
    const bool is_right = what.node == node_name(first->node) &&
                          what.item.value_or(core::no_index) == first->item &&
                          what.attempts == first->attempts &&
                          (what.cause == core::Parked::poison) == has_poison(*job);
    if (!is_right) {
        report("a dead letter tells another cause or node than its job");
    }
    const core::JobId id = *core::job_of_dead_letter(record.entity.name, record.tenant);
    if (!known_.insert(id).second) {
        report("a job has a second dead letter");
    }
    open_.emplace(id, record.tenant);
}

void RefLetters::close(const core::JobId& job) {
    if (open_.erase(job) == 0) {
        report("a dead letter was closed that was not open");
    }
}

void RefLetters::created(const core::JobId& job, const std::optional<core::JobId>& retry_of) {
    if (retry_of) {
        replays_.emplace(job, *retry_of);
    }
}

void RefLetters::check_end(const RefJob& job, const core::JobEnded& ended, bool is_limited) {
    if (is_to_begin_again(job, ended.reason)) {
        if (known_.contains(job.id) && !is_limited) {
            report("a job that was to begin again left a dead letter");
        }
        return;
    }
    const bool is_due =
        ended.reason == core::JobReason::node_failed && first_parked(job) != nullptr;
    if (is_due != known_.contains(job.id)) {
        report(is_due ? "a job failed with a parked node and left no dead letter"
                      : "a job left a dead letter and did not fail of a parked node");
    }
}

void RefLetters::check_replays() {
    if (!replays_.empty()) {
        report("a job was made of a dead letter that stays open");
    }
}

void RefLetters::check_state(const core::Registry& registry) const {
    bool is_same = registry.open_letters() == open_.size();
    for (const auto& [job, tenant] : open_) {
        is_same = is_same && registry.dead_letter(tenant, job) != nullptr;
    }
    if (!is_same) {
        violations_.report("I16", "the state's dead letters are not the ledger's");
    }
}

}  // namespace attacca::sim
