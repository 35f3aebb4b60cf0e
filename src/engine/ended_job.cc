// SPDX-License-Identifier: Apache-2.0
#include "engine/ended_job.h"

#include <utility>

#include "core/apply.h"
#include "core/state.h"
#include "engine/definitions.h"
#include "engine/history.h"

namespace attacca::engine {

Result<std::unique_ptr<core::Job>> ended_job(ports::StoreReader& reader,
                                             ports::SealKeys* keys,
                                             const ports::JobRow& row) {
    ATTACCA_TRY(const std::vector<core::StoredRecord> history,
                entity_history(reader, row.last_gseq));
    Definitions definitions(reader, keys);
    core::State state;
    for (const core::StoredRecord& stored : history) {
        const Result<void> applied = core::apply(state, stored.record, definitions);
        if (!applied) {
            return applied.error();
        }
    }
    if (state.ended.size() != 1) {
        return fail(Problem::corrupt, "the job's records do not end it");
    }
    return std::move(state.ended.front());
}

}  // namespace attacca::engine
