// SPDX-License-Identifier: Apache-2.0
#include "durable.h"

// What a durable end of an attempt means for what it depended on.

namespace attacca::sim {

// False when the retry budget lets it be tried no more.
bool Durable::end_call(const RefJob& job, const RefInstance& instance,
                       const core::AttemptEnded& ended, const core::Record& record) {
    const BlueNode& node = job.blueprint->nodes[instance.node];
    const std::string key =
        job.is_map(instance) ? std::string() : breaker_key(record.tenant, node);
    const bool is_own_restart =
        ended.outcome == core::Outcome::stopped ||
        (ended.outcome == core::Outcome::lost && node.kind != core::NodeKind::task);
    const bool has_budget = is_own_restart || breakers_.may_retry(key, record.at);
    if (!has_budget && expects_retry(job, instance, ended.outcome)) {
        marks_.hit(Mark::retry_not_in_budget);
    }
    if (ended.retry_in_ms && !is_own_restart) {
        breakers_.retried(key, record.at);
    }
    breakers_.ended(violations_, key, ended.fence.value, is_error(node, ended), record.at);
    return has_budget;
}

}  // namespace attacca::sim
