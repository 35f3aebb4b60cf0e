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

bool awaits_person(const RefJob& job, const RefInstance& instance) {
    const bool is_approval = job.blueprint->nodes[instance.node].kind == core::NodeKind::approve;
    return instance.is_escalated ||
           (is_approval && instance.is_open && instance.state == NodeState::waiting);
}

core::OnFailure expected_recovery(const RefJob& job, const RefInstance& instance) {
    const BlueNode& node = job.blueprint->nodes[instance.node];
    const bool is_stopped = node.is_finally ? job.is_finally_stopped : job.is_cancelling;
    return is_stopped ? core::OnFailure::fail : node.on_failure;
}

RefEnd expected_end(const RefJob& job) {
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

bool expects_retry(const RefJob& job, const RefInstance& instance, Outcome outcome) {
    const BlueNode& node = job.blueprint->nodes[instance.node];
    const bool is_stopped = node.is_finally ? job.is_finally_stopped : job.is_cancelling;
    const bool is_approval = node.kind == core::NodeKind::approve;
    if (is_stopped || is_approval || is_of_stopped_map(job, instance) || instance.is_broken ||
        outcome == Outcome::succeeded || outcome == Outcome::cancelled) {
        return false;
    }
    if (outcome == Outcome::lost && node.kind != core::NodeKind::task) {
        return true;
    }
    if (outcome == Outcome::failed && !node.has_retry) {
        return false;
    }
    const bool has_strategy = !node.has_retry || node.strategy != core::RetryStrategy::none;
    return has_strategy && instance.attempts - instance.lost < static_cast<int>(node.max_attempts);
}

}  // namespace attacca::sim
