// SPDX-License-Identifier: Apache-2.0
#include "reference.h"

// What the reference model expects to be decided, given what it knows.

namespace attacca::sim {
namespace {

using core::NodeState;
using core::Outcome;

bool is_of_stopped_map(const RefJob& job, const RefInstance& instance) {
    if (instance.item == core::no_index || !job.blueprint->nodes[instance.node].map_stops) {
        return false;
    }
    for (const RefInstance& other : job.instances) {
        if (other.node == instance.node && other.item != core::no_index &&
            other.state == NodeState::failed) {
            return true;
        }
    }
    return false;
}

}  // namespace

core::OnFailure expected_recovery(const RefJob& job, const RefInstance& instance) {
    const BlueNode& node = job.blueprint->nodes[instance.node];
    const bool is_stopped = node.is_finally ? job.is_finally_stopped : job.is_cancelling;
    return is_stopped ? core::OnFailure::fail : node.on_failure;
}

bool is_to_begin_again(const RefJob& job, core::JobReason reason) {
    return reason == core::JobReason::node_failed && core::begins_again(job.recovery) &&
           job.tries < 2;
}

RefEnd expected_end(const RefJob& job) {
    if (job.is_cancelling && job.is_by_failure) {
        return {core::JobState::failed, core::JobReason::node_failed};
    }
    if (job.is_cancelling && !job.is_by_deadline) {
        return {core::JobState::cancelled, core::JobReason::user};
    }
    if (job.is_cancelling) {
        return {core::JobState::failed, core::JobReason::timeout};
    }
    if (job.has_failure()) {
        return {core::JobState::failed, core::JobReason::node_failed};
    }
    return {core::JobState::completed, core::JobReason::none};
}

bool is_one_crash_too_many(const RefInstance& instance, Outcome outcome) {
    return outcome == Outcome::lost && instance.crashes >= 2;
}

core::Parked expected_parked(const RefJob& job, const RefInstance& instance, Outcome outcome,
                             bool has_budget) {
    const BlueNode& node = job.blueprint->nodes[instance.node];
    const bool is_stopped = node.is_finally ? job.is_finally_stopped : job.is_cancelling;
    const bool is_of_no_account = is_stopped || node.kind == core::NodeKind::approve ||
                                  instance.is_broken || is_of_stopped_map(job, instance) ||
                                  outcome == Outcome::succeeded || outcome == Outcome::cancelled;
    if (is_of_no_account || (expects_retry(job, instance, outcome) && has_budget)) {
        return core::Parked::no;
    }
    if (is_one_crash_too_many(instance, outcome)) {
        return core::Parked::poison;
    }
    const bool is_verdict = outcome == Outcome::failed && !node.has_retry;
    const bool has_more = node.max_attempts > 1 &&
                          (!node.has_retry || node.strategy != core::RetryStrategy::none);
    return !is_verdict && has_more ? core::Parked::exhausted : core::Parked::no;
}

bool expects_retry(const RefJob& job, const RefInstance& instance, Outcome outcome) {
    const BlueNode& node = job.blueprint->nodes[instance.node];
    const bool is_stopped = node.is_finally ? job.is_finally_stopped : job.is_cancelling;
    const bool is_approval = node.kind == core::NodeKind::approve;
    if (is_stopped || is_approval || is_of_stopped_map(job, instance) || instance.is_broken ||
        outcome == Outcome::succeeded || outcome == Outcome::cancelled) {
        return false;
    }
    if (is_one_crash_too_many(instance, outcome)) {
        return false;
    }
    if (outcome == Outcome::stopped ||
        (outcome == Outcome::lost && node.kind != core::NodeKind::task)) {
        return true;
    }
    if (outcome == Outcome::failed && !node.has_retry) {
        return false;
    }
    const bool has_strategy = !node.has_retry || node.strategy != core::RetryStrategy::none;
    return has_strategy && instance.attempts - instance.lost < static_cast<int>(node.max_attempts);
}

}  // namespace attacca::sim
