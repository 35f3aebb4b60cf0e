// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/command.h"
#include "core/job/record.h"
#include "ports/store.h"

// What the engine hands to the committer, by value: after the cut the two share nothing.

namespace attacca::engine {

// A record in its place among the records of its entity. `head` names where the scribe keeps the
// end of that chain: the job's slot, or no_index for an entity that is no job.
struct PlacedRecord {
    core::Record record;
    std::uint64_t eseq = 0;
    std::uint32_t head = core::no_index;
};

// The same records in the ledger, as far as the scribe has come (scribe.h).
struct Written {
    std::uint64_t first_gseq = 0;
    std::string records;                  // as in ports::LedgerBatch
    std::vector<std::uint64_t> previous;  // as there
    std::vector<Sha256> links;            // leaf hash of each
    std::map<std::string, ports::EntityHead> entities;  // what is no job, by name; no images yet
};

struct BatchJob {
    ports::JobRow row;
    std::uint32_t last_record = 0;  // position in `records` of the job's last one
};

struct Batch {
    std::uint64_t number = 0;
    std::vector<PlacedRecord> records;
    Written written;
    std::vector<BatchJob> jobs;
    std::vector<ports::NodeChunk> chunks;
    std::vector<ports::StoredBody> bodies;
    std::vector<Sha256> collected;  // bodies that go
    std::vector<ports::IdempotencyRow> keys;
    std::vector<ports::TenantRow> tenants;
    std::optional<core::FairLedger> fair_ledger;  // now and then
    std::map<std::string, std::string> images;  // by entity, of what is no job and has one
    core::FenceToken last_fence;
    WallTime last_at;
    core::JobId oldest_live;
};

struct BatchResult {
    std::uint64_t number = 0;
    ports::CommitResult commit;
    std::uint64_t size = 0;  // of the ledger afterwards
    std::int64_t commit_us = 0;
};

}  // namespace attacca::engine
