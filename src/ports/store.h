// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"
#include "core/job/ids.h"
#include "core/job/record.h"
#include "core/job/states.h"

// The durable store: the ledger and the query rows that its records caused, always together.
//
// Contract of the writer (one thread, the committer's):
// - commit() is one transaction with one fsync. `committed` means durable. `full` means that
//   nothing of it was stored for lack of space. `unknown` means that only recovery can tell: the
//   process must stop and start again.
// - Batches arrive in order: first_gseq equals the size of the ledger so far.
// - maintain() does work that may wait until answers are out (WAL checkpoint, expired keys).
// Contract of the reader: safe from any thread; each call sees a committed state; never waits for
// the writer. Errors: io_error, corrupt; not_found is an empty optional, not an error.
// Spec: kernel.md 3, architecture.md 4.

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
};

// A full tile of the tlog-tiles tree (height 8): 256 hashes of 32 bytes.
struct Tile {
    std::uint32_t level = 0;
    std::uint64_t index = 0;
    std::string hashes;
};

// A signed checkpoint of the tree at `size`, in C2SP signed-note form.
struct SignedCheckpoint {
    std::uint64_t size = 0;
    std::string note;
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
    // Mutable.
    core::JobState state = core::JobState::queued;
    core::JobReason reason = core::JobReason::none;
    bool is_cancelling = false;
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

// The head of the chain of an entity that is no job.
struct EntityHead {
    std::string entity;
    std::string tenant;
    std::uint64_t eseq = 0;
    std::uint64_t last_gseq = 0;
    Sha256 last_link;
    friend bool operator==(const EntityHead&, const EntityHead&) = default;
};

struct IdempotencyRow {
    Sha256 key_hash;
    Sha256 request_hash;
    std::vector<core::JobId> ids;
    WallTime at;
    friend bool operator==(const IdempotencyRow&, const IdempotencyRow&) = default;
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
    std::optional<SignedCheckpoint> previous_checkpoint;
};

enum class CommitOutcome { committed, full, unknown };
struct CommitResult {
    CommitOutcome outcome = CommitOutcome::committed;
    std::string detail;
};

struct LedgerTail {
    std::uint64_t size = 0;  // records in the ledger; 0 = empty
    Sha256 root;             // as stored with the last batch
    std::uint64_t last_fence = 0;
    WallTime last_at;
    core::JobId oldest_live;
    std::optional<SignedCheckpoint> checkpoint;  // the newest stored
};

struct JobFilter {
    std::string tenant;
    std::vector<core::JobState> states;  // empty = all
    std::uint32_t kinds = 0;             // any of these bits; 0 = all
    std::string tag;
    std::string text;  // part of the name, case-insensitive
    std::optional<WallTime> created_after;
    std::optional<WallTime> created_before;
    std::optional<core::JobId> after;  // newest first: rows with a smaller id than this
    std::uint32_t limit = 50;
    std::uint32_t offset = 0;
};
struct JobPage {
    std::vector<JobRow> rows;  // newest first
    std::uint64_t total = 0;   // of the filter without `after`, `limit` and `offset`
    bool has_more = false;
};

class StoreReader {
  public:
    virtual ~StoreReader() = default;
    [[nodiscard]] virtual Result<LedgerTail> tail() = 0;
    // The batch that holds this record; empty beyond the end.
    [[nodiscard]] virtual Result<std::optional<LedgerBatch>> batch_of(std::uint64_t gseq) = 0;
    [[nodiscard]] virtual Result<std::optional<Tile>> tile(std::uint32_t level,
                                                           std::uint64_t index) = 0;
    // Stored checkpoints with size > `after`, ascending, at most `limit`.
    [[nodiscard]] virtual Result<std::vector<SignedCheckpoint>> checkpoints(std::uint64_t after,
                                                                            std::size_t limit) = 0;
    [[nodiscard]] virtual Result<std::optional<JobRow>> job(const core::JobId& id) = 0;
    [[nodiscard]] virtual Result<std::vector<NodeChunk>> chunks(const core::JobId& id) = 0;
    [[nodiscard]] virtual Result<JobPage> jobs(const JobFilter& filter) = 0;
    // Every job that is not final, ascending by id, beginning at `from`. A row that cannot be
    // decoded is given to `undecodable` (id text, why) and left out.
    [[nodiscard]] virtual Result<std::vector<JobRow>> live_jobs(
        const core::JobId& from,
        const std::function<void(std::string, std::string)>& undecodable) = 0;
    [[nodiscard]] virtual Result<std::optional<std::string>> body(const Sha256& digest) = 0;
    [[nodiscard]] virtual Result<std::vector<EntityHead>> entities() = 0;
    [[nodiscard]] virtual Result<std::optional<IdempotencyRow>> key(const Sha256& key_hash) = 0;
};

class Store {
  public:
    virtual ~Store() = default;
    [[nodiscard]] virtual CommitResult commit(const StoreBatch& batch) = 0;
    [[nodiscard]] virtual CommitResult put_checkpoint(const SignedCheckpoint& checkpoint) = 0;
    // `now` decides which idempotency keys have expired (24 h).
    virtual void maintain(WallTime now) = 0;
    [[nodiscard]] virtual StoreReader& reader() = 0;
};

}  // namespace attacca::ports
