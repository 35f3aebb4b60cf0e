// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "adapters/sqlite/batch_cache.h"
#include "adapters/sqlite/read_connection.h"
#include "ports/store.h"

// Reading the store through a pool of connections, opened as they are needed. Safe from any thread;
// a call waits only while every connection is in use by other calls.

namespace attacca::sqlite {

inline constexpr const char* database_name = "/attacca.db";

class SqliteReader final : public ports::StoreReader {
  public:
    struct Options {
        std::size_t connections_max = 4;
        std::size_t cache_bytes_max = 64U << 20U;
    };
    // Errors: io_error, corrupt, bad_configuration.
    [[nodiscard]] static Result<std::unique_ptr<SqliteReader>> open(const std::string& path,
                                                                    OpenMode mode,
                                                                    const Options& options);

    [[nodiscard]] Result<ports::LedgerTail> tail() override;
    [[nodiscard]] Result<std::shared_ptr<const ports::LedgerBatch>> batch_of(
        std::uint64_t gseq) override;
    [[nodiscard]] Result<std::optional<ports::Tile>> tile(std::uint32_t level,
                                                          std::uint64_t index) override;
    [[nodiscard]] Result<std::vector<ports::SignedCheckpoint>> checkpoints(
        std::uint64_t after, std::size_t limit) override;
    [[nodiscard]] Result<std::optional<ports::JobRow>> job(const core::JobId& id) override;
    [[nodiscard]] Result<std::vector<ports::NodeChunk>> chunks(const core::JobId& id) override;
    [[nodiscard]] Result<ports::JobPage> jobs(const ports::JobFilter& filter) override;
    [[nodiscard]] Result<std::vector<ports::JobRow>> live_jobs(
        const core::JobId& from,
        const std::function<void(std::string, std::string)>& undecodable) override;
    [[nodiscard]] Result<std::optional<std::string>> body(const Sha256& digest) override;
    [[nodiscard]] Result<std::vector<core::BodySize>> bodies_after(const Sha256& after,
                                                                   std::size_t limit) override;
    [[nodiscard]] Result<std::vector<ports::EntityHead>> entities() override;
    [[nodiscard]] Result<std::vector<ports::EntityHead>> entities_below(
        const std::string& prefix,
        const std::string& after,
        std::size_t limit) override;
    [[nodiscard]] Result<std::optional<ports::EntityHead>> entity(
        const std::string& name) override;
    [[nodiscard]] Result<std::optional<ports::IdempotencyRow>> key(
        const Sha256& key_hash) override;
    [[nodiscard]] Result<std::optional<ports::TenantRow>> tenant(const std::string& name) override;
    [[nodiscard]] Result<std::vector<ports::TenantRow>> tenants() override;
    [[nodiscard]] Result<core::FairLedger> fair_ledger() override;

    // The ids of all rows of jobs, whatever their tenant and state and also of those that cannot be
    // decoded: ascending, beginning at `from`, at most `most` of them. Errors: corrupt, for an id
    // that is none.
    [[nodiscard]] Result<std::vector<core::JobId>> job_ids(const core::JobId& from,
                                                           std::size_t most);

    // For who reads the whole ledger, in one read of the store: the batches that follow one another
    // from the one that begins at `gseq`, of at least `bytes` bytes of records together, or what
    // there is. Ends in front of a batch that does not begin where the one before it ends, or that
    // cannot be read; of that one, when it is the first, the error. Nothing is remembered.
    [[nodiscard]] Result<std::vector<std::shared_ptr<const ports::LedgerBatch>>> batches_from(
        std::uint64_t gseq, std::size_t bytes);
    // The size of the n-th checkpoint from the end, counted from 1, among those of a ledger of this
    // size: a row beyond it is of no record. 0 when there are fewer.
    [[nodiscard]] Result<std::uint64_t> nth_newest_checkpoint(std::uint64_t n,
                                                              std::uint64_t ledger_size);

    // A batch that is committed: who asks for it soon need not read and unpack it, nor who asks for
    // a job that it made before the next batch comes.
    void remember(ports::StoreBatch batch);

    // The batches of this range are pruned by now.
    void forget(const ports::PrunedRange& range) {
        cache_.forget(range.first, range.end);
        newest_.forget(range.first, range.end);
    }

    // From now on every call sees the state of this moment, through one connection. While it
    // lasts the WAL cannot begin anew: for a short while, or for a store that nobody writes.
    [[nodiscard]] Result<void> hold_snapshot();

  private:
    // A connection of the pool for the time of one call.
    class Borrowed;
    // The rows that the newest batch made, when they are few.
    using NewRows = std::shared_ptr<const std::vector<ports::JobRow>>;

    SqliteReader(std::string path, OpenMode mode, const Options& options);
    [[nodiscard]] Result<std::unique_ptr<ReadConnection>> take();
    void give_back(std::unique_ptr<ReadConnection> connection);
    [[nodiscard]] std::optional<ports::JobRow> new_row(const core::JobId& id);

    const std::string path_;
    const OpenMode mode_;
    BatchCache cache_;   // of what was asked for
    BatchCache newest_;  // of what was committed lately, so that writing does not empty the other

    std::mutex mutex_;  // guards everything below
    NewRows new_rows_;
    std::condition_variable is_idle_;
    std::size_t connections_max_;
    std::size_t connections_ = 0;  // open ones, idle or borrowed
    std::vector<std::unique_ptr<ReadConnection>> idle_;
};

// For a program that is not the server: no lock, and nothing of the store is changed. A file that
// stands in a directory of another's, and has no WAL, is read as it is.
// Errors: not_found when there is no store; io_error, corrupt, bad_configuration.
[[nodiscard]] Result<std::unique_ptr<SqliteReader>> open_read_only(
    const std::string& directory, const SqliteReader::Options& options = {});

}  // namespace attacca::sqlite
