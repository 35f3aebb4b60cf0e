// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/seeded_bug.h"
#include "core/decide_parts.h"
#include "core/retention/collection.h"
#include "core/retention/pruning.h"

// The rule of pruning: a hold wins. Between the look at the store and this moment one may have been
// placed, so it is asked here again. A hold over what is pruned already holds nothing, so what was
// only named there may go too.

namespace attacca::core {

Decision prune_entries(const State& state, const PruneEntries& command, Now now) {
    for (const std::string& tenant : command.tenants) {
        for (const Hold& hold : state.registry.holds(tenant).all()) {
            if (ATTACCA_BUG(BUG_PRUNED_UNDER_HOLD)) {
                break;
            }
            if (!hold.job ||
                std::binary_search(command.jobs.begin(), command.jobs.end(), *hold.job)) {
                return refuse(Problem::under_hold,
                              "a legal hold stands, for " + quoted(hold.matter));
            }
        }
    }
    Decision decision;
    decision.records.push_back(Record{Entity{std::nullopt, retention_entity},
                                      std::string(system_tenant), engine_actor,
                                      record_time(state, now), command.range});
    return decision;
}

Decision collect_content(const State& state, const CollectContent& command, Now now) {
    ContentCollected collected{command.bodies.size(), command.file_bytes, command.files};
    for (const BodySize& body : command.bodies) {
        collected.bytes += body.bytes;
    }
    Decision decision;
    if (collected.bodies + collected.files > 0) {
        decision.records.push_back(Record{Entity{std::nullopt, collection_entity},
                                          std::string(system_tenant), engine_actor,
                                          record_time(state, now), collected});
    }
    return decision;
}

}  // namespace attacca::core
