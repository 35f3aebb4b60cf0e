// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "adapters/sqlite/batch_codec.h"
#include "adapters/sqlite/database.h"
#include "adapters/sqlite/sqlite_reader.h"
#include "ports/store.h"

// The store in `attacca.db` of a directory.
//
// One connection writes and alone checkpoints: SQLite 3.40 may damage the file when two connections
// do it at once. Whoever opens a store holds the directory's LOCK, so there is no second one in
// another process either.
//
// commit() and maintain() belong to one thread; the reader may be used from any.

namespace attacca::sqlite {

struct SqliteOptions {
    SqliteReader::Options reader = {};
    // The file never has more pages of 4 KiB than this; 0: only the disk limits it.
    std::int64_t pages_max = 0;
    // maintain() checkpoints when the WAL has grown by so many frames. At 16,000 the writer stands
    // still for 70 to 100 ms, at 2,000 for about 10.
    int checkpoint_frames = 2000;
};

class SqliteStore final : public ports::Store {
  public:
    // Makes the file when it is missing, brings it up to this version, and checkpoints the WAL:
    // what is read from then on is on stable media.
    // Errors: storage_full, io_error, corrupt, bad_configuration, locked (old state read).
    [[nodiscard]] static Result<std::unique_ptr<SqliteStore>> open(
        const std::string& directory, const SqliteOptions& options = {});
    ~SqliteStore() override;

    [[nodiscard]] ports::CommitResult commit(const ports::StoreBatch& batch) override;
    void remember(ports::StoreBatch batch) override;
    [[nodiscard]] ports::CommitResult put_checkpoint(
        const ports::SignedCheckpoint& checkpoint) override;
    void maintain(WallTime now) override;
    [[nodiscard]] ports::StoreReader& reader() override;

  private:
    SqliteStore(Database database, std::unique_ptr<SqliteReader> reader,
                const SqliteOptions& options);
    // Errors: io_error, corrupt.
    [[nodiscard]] Result<void> load_heads();

    // Each writes its part of a batch; false when it failed.
    bool prune(const std::vector<ports::PrunedRange>& ranges);
    bool write_ledger(const ports::LedgerBatch& ledger);
    bool write_tiles(const std::vector<ports::Tile>& tiles);
    bool write_jobs(const std::vector<ports::JobRow>& jobs);
    bool write_chunks(const std::vector<ports::NodeChunk>& chunks);
    bool delete_bodies(const std::vector<Sha256>& digests);
    bool write_bodies(const std::vector<ports::StoredBody>& bodies);
    bool write_entities(const std::vector<ports::EntityHead>& entities);
    bool write_keys(const std::vector<ports::IdempotencyRow>& keys);
    bool write_tenants(const std::vector<ports::TenantRow>& tenants);
    bool write_fair_ledger(const core::FairLedger& ledger);
    bool write_checkpoint(const ports::SignedCheckpoint& checkpoint);
    bool update_job(const ports::JobRow& row);

    // Rolls back what has failed and says what that means.
    [[nodiscard]] ports::CommitResult give_up();
    void expire_keys(WallTime now);
    void checkpoint();

    const SqliteOptions options_;
    Database database_;  // before the statements, which it outlives
    Statement begin_;
    Statement commit_;
    Statement insert_batch_;
    Statement insert_tile_;
    Statement put_checkpoint_;
    Statement insert_job_;
    Statement update_job_;
    Statement put_chunk_;
    Statement insert_body_;
    Statement delete_body_;
    Statement put_entity_;
    Statement put_key_;
    Statement put_tenant_;
    Statement clear_lags_;
    Statement put_lag_;
    Statement prune_;
    Statement delete_keys_;
    std::unique_ptr<SqliteReader> reader_;

    std::uint64_t size_ = 0;  // of the ledger
    std::string broken_;      // why no commit is possible any more; empty while all is well
    std::string refusal_;     // why the batch at hand may not be stored
    std::optional<WallTime> oldest_key_at_;  // no key is older
    std::optional<WallTime> expired_at_;     // when keys were deleted last
    int checkpointed_frames_ = 0;            // of the WAL as it was at the last checkpoint
    bool wants_checkpoint_ = false;

    // Working space, kept for the next batch.
    Packer packer_;
    std::string previous_;
    std::string image_;
    std::vector<const ports::JobRow*> rows_;
};

}  // namespace attacca::sqlite
