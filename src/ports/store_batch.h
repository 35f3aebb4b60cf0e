// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/time.h"
#include "core/job/ids.h"
#include "core/job/record.h"
#include "core/job/states.h"
#include "core/schedule/fair_ledger.h"
#include "core/tenant/tenant.h"

// What one transaction of the store writes: a ledger batch and the rows that its records caused.
// Spec: kernel.md 3.

namespace attacca::ports {

inline constexpr std::uint64_t no_gseq = ~std::uint64_t{0};
inline constexpr std::uint32_t instances_in_row = 64;

// One committed batch of the ledger.
struct LedgerBatch {
    std::uint64_t first_gseq = 0;
    std::uint32_t count = 0;
    std::string records;  // (u16 big-endian length ‖ record bytes) × count; stored compressed
    Sha256 root;          // of the tree after this batch
    // For each record: the gseq of the previous record of its entity, or no_gseq.
    std::vector<std::uint64_t> previous;
    std::uint64_t last_fence = 0;
    WallTime last_at;
    core::JobId oldest_live;  // no live job has a smaller id (all zero: none is live)
    // What is left when the retention has passed: everything but `records` and `previous`.
    [[nodiscard]] bool is_pruned() const { return records.empty(); }
    friend bool operator==(const LedgerBatch&, const LedgerBatch&) = default;
};

// A full tile of the tlog-tiles tree (height 8): 256 hashes of 32 bytes.
struct Tile {
    std::uint32_t level = 0;
    std::uint64_t index = 0;
    std::string hashes;
    friend bool operator==(const Tile&, const Tile&) = default;
};

// A signed checkpoint of the tree at `size`, in C2SP signed-note form.
struct SignedCheckpoint {
    std::uint64_t size = 0;
    std::string note;
    friend bool operator==(const SignedCheckpoint&, const SignedCheckpoint&) = default;
};

// The newest image of a job. `is_new`: the row does not exist yet; otherwise only the mutable part
// is written. Times of 0 mean "not yet".
struct JobRow {
    core::JobId id;
    bool is_new = false;
    // Immutable.
    std::string tenant;
    std::string name;
    core::Priority priority = core::Priority::medium;
    Sha256 definition;
    core::TextOrBody details;
    std::string tags;         // JSON array text, empty when there are none
    std::uint32_t kinds = 0;  // bit n: has a node of NodeKind n
    WallTime created_at;
    std::optional<core::JobId> retry_of;
    std::optional<core::JobId> parent;  // of a child job
    // Mutable.
    core::JobState state = core::JobState::queued;
    core::JobReason reason = core::JobReason::none;
    bool is_cancelling = false;
    bool awaits_approval = false;  // a node of it waits for a person
    WallTime started_at;
    WallTime ended_at;
    std::uint32_t total = 0;  // instances, map items included
    std::uint32_t done = 0;   // of them final
    std::uint32_t failed = 0;
    std::uint32_t running = 0;
    std::string instances;  // core/job/image.h: instances 0–63
    // Filled by the committer.
    std::uint64_t eseq = 0;  // of its last record
    std::uint64_t last_gseq = 0;
    Sha256 last_link;

    friend bool operator==(const JobRow&, const JobRow&) = default;
};

// Instances 64·(chunk) … 64·(chunk)+63 of a job, chunk ≥ 1.
struct NodeChunk {
    core::JobId job;
    std::uint32_t chunk = 0;
    std::string instances;
    friend bool operator==(const NodeChunk&, const NodeChunk&) = default;
};

struct StoredBody {
    Sha256 digest;
    std::string bytes;
};

// The head of the chain of an entity that is no job, and what its records made of it: the image of
// a schedule or a workflow (core/registry.h), empty for all others.
struct EntityHead {
    std::string entity;
    std::string tenant;
    std::uint64_t eseq = 0;
    std::uint64_t last_gseq = 0;
    Sha256 last_link;
    std::string image = {};
    friend bool operator==(const EntityHead&, const EntityHead&) = default;
};

// What is set for a tenant and what it has used. Counts of live things are in no row.
struct TenantRow {
    std::string name;
    WallTime created_at;  // 0 while nothing was set
    WallTime changed_at;
    core::TenantSettings settings;
    core::TenantUsage usage;
    friend bool operator==(const TenantRow&, const TenantRow&) = default;
};

struct IdempotencyRow {
    Sha256 key_hash;
    Sha256 request_hash;
    std::vector<core::JobId> ids;
    WallTime at;
    friend bool operator==(const IdempotencyRow&, const IdempotencyRow&) = default;
};

// Whole batches whose words go.
struct PrunedRange {
    std::uint64_t first = 0;  // of the first batch
    std::uint64_t end = 0;    // behind the last one
    friend bool operator==(const PrunedRange&, const PrunedRange&) = default;
};

// Everything that one transaction writes.
struct StoreBatch {
    LedgerBatch ledger;
    std::vector<Tile> tiles;
    std::vector<JobRow> jobs;
    std::vector<NodeChunk> chunks;
    std::vector<StoredBody> bodies;  // already stored ones are skipped
    std::vector<EntityHead> entities;
    std::vector<IdempotencyRow> keys;
    std::vector<TenantRow> tenants;
    std::optional<core::FairLedger> fair_ledger;  // takes the place of the one before
    std::optional<SignedCheckpoint> previous_checkpoint;
    std::vector<PrunedRange> pruned = {};  // overwritten, not only let go of
    // Overwritten as well. In front of `bodies`: one that stands in both is there afterwards.
    std::vector<Sha256> collected = {};
};

}  // namespace attacca::ports
