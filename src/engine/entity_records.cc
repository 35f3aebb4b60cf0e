// SPDX-License-Identifier: Apache-2.0
#include "engine/entity_records.h"

#include <algorithm>
#include <memory>
#include <string>

#include "engine/history.h"

namespace attacca::engine {

Result<std::vector<std::uint64_t>> entity_positions(ports::StoreReader& reader,
                                                    std::uint64_t last,
                                                    std::uint64_t after,
                                                    Pruned pruned) {
    std::vector<std::uint64_t> positions;
    std::shared_ptr<const ports::LedgerBatch> batch;
    for (std::uint64_t gseq = last; gseq != ports::no_gseq;) {
        if (after != ports::no_gseq && gseq <= after) {
            break;
        }
        if (batch == nullptr || gseq < batch->first_gseq) {
            ATTACCA_TRY(batch, reader.batch_of(gseq));
        }
        if (batch != nullptr && batch->is_pruned() && pruned == Pruned::ends_the_list) {
            break;
        }
        if (batch != nullptr && batch->is_pruned()) {
            return pruned_error(gseq);
        }
        if (batch == nullptr || gseq < batch->first_gseq ||
            gseq - batch->first_gseq >= batch->previous.size()) {
            return fail(Problem::corrupt, "record " + std::to_string(gseq) + " is missing");
        }
        positions.push_back(gseq);
        const std::uint64_t previous = batch->previous[gseq - batch->first_gseq];
        if (previous != ports::no_gseq && previous >= gseq) {
            return fail(Problem::corrupt, "the index of records does not descend");
        }
        gseq = previous;
    }
    std::reverse(positions.begin(), positions.end());
    return positions;
}

}  // namespace attacca::engine
