// SPDX-License-Identifier: Apache-2.0
#include <optional>
#include <string_view>

#include "engine/engine.h"

// What a caller wants an entity to be before his command is decided.

namespace attacca::engine {

bool Engine::meets(const Condition& condition) const {
    if (condition.job) {
        const core::Job* job = state_.find(*condition.job);
        return job == nullptr || condition.is_met_by(job->eseq - 1);
    }
    const auto records = state_.entity_eseq.find(condition.entity);
    const core::Schedule* schedule = state_.registry.schedule(condition.entity);
    if (schedule != nullptr && schedule->is_deleted) {
        return condition.is_met_by(std::nullopt);
    }
    if (records != state_.entity_eseq.end()) {
        return condition.is_met_by(records->second - 1);
    }
    // A tenant may be there without a record of its own, in no version that a caller could name.
    const core::Entity entity{{}, condition.entity};
    const std::optional<std::string_view> tenant = core::tenant_of(entity);
    return condition.is_met_by(tenant && state_.tenants.find(*tenant) != nullptr
                                   ? std::optional(ports::no_gseq)
                                   : std::nullopt);
}

}  // namespace attacca::engine
