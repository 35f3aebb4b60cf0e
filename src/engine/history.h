// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "core/job/ids.h"
#include "core/ledger/codec.h"
#include "ports/store.h"

// Reading records back, by way of each batch's index of previous records.

namespace attacca::engine {

// The records of one entity from its last one back to its first, in ledger order.
// Cost: one batch read per distinct batch. Errors: corrupt, io_error.
[[nodiscard]] Result<std::vector<core::StoredRecord>> entity_history(ports::StoreReader& reader,
                                                                     std::uint64_t last_gseq);

// One record's exact stored bytes. Errors: not_found, io_error.
[[nodiscard]] Result<std::string> record_bytes(ports::StoreReader& reader, std::uint64_t gseq);

// Why a body is missing that only the row of this job names: corrupt; pruned, when words of the
// job's records are gone, for what they named is then collected too. Or another error of the store.
[[nodiscard]] Error missing_error(ports::StoreReader& reader, const ports::JobRow& row,
                                  const Sha256& digest);

// What is said of a record whose words are gone.
[[nodiscard]] Error pruned_error(std::uint64_t gseq);

// The records' bytes of a batch, as views into `batch.records`. Errors: corrupt.
[[nodiscard]] Result<std::vector<std::string_view>> split_records(const ports::LedgerBatch& batch);

}  // namespace attacca::engine
