// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "core/state.h"
#include "engine/definitions.h"
#include "ports/store.h"

// Rebuilds the hot state at a start: the records of every job that is not final are read back
// through the batches' index and folded, so recovery is replay, restricted to what is live
// (docs/decisions/0006).
//
// A job whose row or records cannot be read is set aside and named; it never stops the start.

namespace attacca::engine {

struct Quarantine {
    std::string what;
    std::string why;
};

struct Recovered {
    core::State state;
    ports::LedgerTail tail;
    std::vector<ports::EntityHead> entities;
    // Heads of the live jobs' chains, by slot of the state.
    struct JobHead {
        std::uint32_t slot = 0;
        std::uint64_t last_gseq = 0;
        Sha256 last_link;
    };
    std::vector<JobHead> heads;
    std::vector<Quarantine> quarantined;
    // Attempts that were running when the former process ended.
    std::vector<std::pair<core::JobId, core::InstanceIndex>> running;
    // And it ended because it was told to: they did not take it down.
    bool was_stopped_in_order = false;
};

// What the whole ledger tells (fence, time, size, chains, keys, tenants) replaces what the records
// of live jobs told of it. For the simulator too, which folds records by a shorter way.
void adopt_tail(core::State& state,
                const ports::LedgerTail& tail,
                const std::vector<ports::EntityHead>& entities);
void adopt_tenants(core::State& state, const std::vector<ports::TenantRow>& rows);

// Errors: io_error, corrupt (of the ledger itself).
[[nodiscard]] Result<Recovered> recover(ports::StoreReader& reader, Definitions& definitions);

}  // namespace attacca::engine
