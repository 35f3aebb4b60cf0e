// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"
#include "core/job/ids.h"
#include "core/job/states.h"
#include "ports/store_batch.h"

// The durable store: the ledger and the query rows that its records caused, always together.
//
// Contract of the writer (one thread, the committer's):
// - commit() is one transaction with one fsync. `committed` means durable. `full` means that
//   nothing of it was stored for lack of space. `unknown` means that only recovery can tell: the
//   process must stop and start again; until then every later commit is `unknown` too.
// - Batches arrive in order and are not empty: first_gseq equals the size of the ledger so far.
// - A new row that exists, an update of a row that does not, and a tile that exists are refused
//   with `unknown`; nothing of the batch is stored. Chunks, entities, keys, tenants and
//   checkpoints replace.
// - maintain() does work that may wait until answers are out (WAL checkpoint, expired keys).
// Contract of the reader: safe from any thread; each call sees a committed state; never waits for
// the writer. Errors: io_error, corrupt; not_found is an empty optional, not an error.
// Spec: kernel.md 3, architecture.md 4.

namespace attacca::ports {

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
    friend bool operator==(const LedgerTail&, const LedgerTail&) = default;
};

struct JobFilter {
    std::string tenant;
    std::vector<core::JobState> states;  // empty = all
    std::uint32_t kinds = 0;             // any of these bits; 0 = all
    std::string tag;   // one of the job's tags, exactly; empty = all
    std::string text;  // part of the name, ASCII letters of either case; empty = all
    bool awaits_approval = false;  // only jobs in which a node waits for a person
    std::optional<core::JobId> parent;       // only its child jobs
    std::optional<WallTime> created_after;   // this instant included
    std::optional<WallTime> created_before;  // this instant not included
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
    // The batch that holds this record, which may be pruned; null beyond the end.
    // Shared, because it may be 4 MiB and a job's history asks for the same one again.
    [[nodiscard]] virtual Result<std::shared_ptr<const LedgerBatch>> batch_of(
        std::uint64_t gseq) = 0;
    [[nodiscard]] virtual Result<std::optional<Tile>> tile(std::uint32_t level,
                                                           std::uint64_t index) = 0;
    // Stored checkpoints with size > `after`, ascending, at most `limit`.
    [[nodiscard]] virtual Result<std::vector<SignedCheckpoint>> checkpoints(std::uint64_t after,
                                                                            std::size_t limit) = 0;
    [[nodiscard]] virtual Result<std::optional<JobRow>> job(const core::JobId& id) = 0;
    // Ascending.
    [[nodiscard]] virtual Result<std::vector<NodeChunk>> chunks(const core::JobId& id) = 0;
    // A row that cannot be decoded is left out of `rows`, so that it cannot hide the others.
    [[nodiscard]] virtual Result<JobPage> jobs(const JobFilter& filter) = 0;
    // Every job that is not final, ascending by id, beginning at `from`. A row that cannot be
    // decoded is given to `undecodable` (id text, why) and left out.
    [[nodiscard]] virtual Result<std::vector<JobRow>> live_jobs(
        const core::JobId& from,
        const std::function<void(std::string, std::string)>& undecodable) = 0;
    [[nodiscard]] virtual Result<std::optional<std::string>> body(const Sha256& digest) = 0;
    // Which bodies there are and how large, ascending, after `after`, at most `limit`.
    // A reader that does not tell has none that could be collected.
    [[nodiscard]] virtual Result<std::vector<core::BodySize>> bodies_after(
        const Sha256& /*after*/, std::size_t /*limit*/) {
        return std::vector<core::BodySize>();
    }
    // Ascending by name.
    [[nodiscard]] virtual Result<std::vector<EntityHead>> entities() = 0;
    // Those whose name begins so, ascending, after `after`, at most `limit`.
    [[nodiscard]] virtual Result<std::vector<EntityHead>> entities_below(
        const std::string& prefix,
        const std::string& after,
        std::size_t limit) = 0;
    [[nodiscard]] virtual Result<std::optional<EntityHead>> entity(const std::string& name) = 0;
    [[nodiscard]] virtual Result<std::optional<IdempotencyRow>> key(const Sha256& key_hash) = 0;
    [[nodiscard]] virtual Result<std::optional<TenantRow>> tenant(const std::string& name) = 0;
    // Ascending by name.
    [[nodiscard]] virtual Result<std::vector<TenantRow>> tenants() = 0;
    // The newest; ascending by tenant. A cache: without one nothing is lost but lags.
    [[nodiscard]] virtual Result<core::FairLedger> fair_ledger() { return core::FairLedger{}; }
};

class Store {
  public:
    virtual ~Store() = default;
    [[nodiscard]] virtual CommitResult commit(const StoreBatch& batch) = 0;
    // The batch that was committed just now: answers, receipts and streams ask for it at once, and
    // a store may hold it ready for them unpacked. Not called after any other outcome.
    virtual void remember(StoreBatch) {}
    [[nodiscard]] virtual CommitResult put_checkpoint(const SignedCheckpoint& checkpoint) = 0;
    // `now` decides which idempotency keys have expired: those of 24 h ago and older go, at the
    // latest a minute after. Call it between batches; it fails nothing for lack of space.
    virtual void maintain(WallTime now) = 0;
    [[nodiscard]] virtual StoreReader& reader() = 0;
};

}  // namespace attacca::ports
