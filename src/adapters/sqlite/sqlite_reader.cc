// SPDX-License-Identifier: Apache-2.0
#include "adapters/sqlite/sqlite_reader.h"

#include <sys/stat.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "adapters/sqlite/borrowed.h"
#include "adapters/sqlite/job_listing.h"
#include "adapters/sqlite/job_rows.h"
#include "base/check.h"

namespace attacca::sqlite {

using ports::JobRow;

namespace {
constexpr std::size_t newest_bytes_max = 16U << 20U;
constexpr std::size_t new_rows_max = 16;

}  // namespace

SqliteReader::SqliteReader(std::string path, OpenMode mode, const Options& options)
    : path_(std::move(path)),
      mode_(mode),
      cache_(options.cache_bytes_max),
      newest_(newest_bytes_max),
      connections_max_(options.connections_max) {
    ATTACCA_CHECK(connections_max_ > 0);
}

Result<std::unique_ptr<SqliteReader>> SqliteReader::open(const std::string& path,
                                                         OpenMode mode,
                                                         const Options& options) {
    ATTACCA_CHECK(mode != OpenMode::writer);
    std::unique_ptr<SqliteReader> reader(new SqliteReader(path, mode, options));
    ATTACCA_TRY(auto first, reader->take());  // an unreadable file is told at once
    reader->give_back(std::move(first));
    return reader;
}

Result<std::unique_ptr<ReadConnection>> SqliteReader::take() {
    {
        std::unique_lock lock(mutex_);
        is_idle_.wait(lock, [this] { return !idle_.empty() || connections_ < connections_max_; });
        if (!idle_.empty()) {
            std::unique_ptr<ReadConnection> connection = std::move(idle_.back());
            idle_.pop_back();
            return connection;
        }
        ++connections_;
    }
    auto opened = ReadConnection::open(path_, mode_);
    if (!opened) {
        const std::scoped_lock lock(mutex_);
        --connections_;
        is_idle_.notify_one();
    }
    return opened;
}

void SqliteReader::give_back(std::unique_ptr<ReadConnection> connection) {
    const std::scoped_lock lock(mutex_);
    idle_.push_back(std::move(connection));
    is_idle_.notify_one();
}

Result<void> SqliteReader::hold_snapshot() {
    ATTACCA_TRY(auto connection, take());
    // BEGIN alone reads nothing; the state is chosen by the first read.
    connection->begin.run();
    const Use use(connection->last_batch);
    (void)connection->last_batch.next();
    Result<void> result;
    if (connection->database.has_failed()) {
        result = connection->database.error();
    }
    const std::scoped_lock lock(mutex_);
    ATTACCA_CHECK(idle_.size() + 1 == connections_);  // nobody reads meanwhile
    idle_.clear();
    idle_.push_back(std::move(connection));
    connections_ = 1;
    connections_max_ = 1;
    return result;
}

namespace {

// The tail without its checkpoint. Errors: corrupt.
Result<ports::LedgerTail> load_tail(Statement& batch) {
    ports::LedgerTail tail;
    const Use use(batch);
    if (batch.next()) {
        tail.size = loaded_u64(batch.number(0));
        tail.last_fence = loaded_u64(batch.number(2));
        tail.last_at.us = batch.number(3);
        const std::string_view oldest_live = batch.bytes(4);
        if (!batch.digest(1, tail.root) || oldest_live.size() != 16) {
            return fail(Problem::corrupt, "the last row of batches cannot be read");
        }
        tail.oldest_live = core::JobId{Uuid::of_bytes(oldest_live)};
    }
    return tail;
}

}  // namespace

Result<ports::LedgerTail> SqliteReader::tail() {
    ATTACCA_TRY(auto taken, take());
    Borrowed connection(*this, std::move(taken));
    const ReadTransaction transaction(*connection);
    ATTACCA_TRY(ports::LedgerTail tail, load_tail(connection->last_batch));
    Statement& checkpoint = connection->last_checkpoint;
    const Use use(checkpoint);
    if (checkpoint.next()) {
        tail.checkpoint = ports::SignedCheckpoint{loaded_u64(checkpoint.number(0)),
                                                  std::string(checkpoint.bytes(1))};
    }
    return connection.answer(std::move(tail));
}

void SqliteReader::remember(ports::StoreBatch batch) {
    newest_.add(std::make_shared<const ports::LedgerBatch>(std::move(batch.ledger)));
    std::erase_if(batch.jobs, [](const JobRow& row) { return !row.is_new; });
    NewRows rows;
    if (batch.jobs.size() <= new_rows_max) {
        for (JobRow& row : batch.jobs) {
            row.is_new = false;  // as it is read
        }
        rows = std::make_shared<const std::vector<JobRow>>(std::move(batch.jobs));
    }
    const std::lock_guard lock(mutex_);
    new_rows_.swap(rows);
}

// Who submits one job asks for its row at once, and the file would have to be read for it.
std::optional<JobRow> SqliteReader::new_row(const core::JobId& id) {
    NewRows rows;
    {
        const std::lock_guard lock(mutex_);
        rows = new_rows_;
    }
    if (rows != nullptr) {
        const auto found = std::ranges::find(*rows, id, &JobRow::id);
        if (found != rows->end()) {
            return *found;
        }
    }
    return std::nullopt;
}

Result<std::optional<JobRow>> SqliteReader::job(const core::JobId& id) {
    if (std::optional<JobRow> made = new_row(id)) {
        return made;
    }
    ATTACCA_TRY(auto taken, take());
    Borrowed connection(*this, std::move(taken));
    Statement& statement = connection->job;
    const Use use(statement);
    statement.bind_blob(1, id.uuid.view());
    std::optional<JobRow> row;
    if (statement.next()) {
        ATTACCA_TRY(row, load_job(statement));
    }
    return connection.answer(std::move(row));
}

Result<std::vector<core::JobId>> SqliteReader::job_ids(const core::JobId& from, std::size_t most) {
    ATTACCA_TRY(auto taken, take());
    Borrowed connection(*this, std::move(taken));
    Statement& rows = connection->listing("SELECT id FROM jobs WHERE id >= ? ORDER BY id LIMIT ?");
    const Use use(rows);
    rows.bind_blob(1, from.uuid.view());
    rows.bind(2, static_cast<std::int64_t>(most));
    std::vector<core::JobId> ids;
    while (rows.next()) {
        if (rows.bytes(0).size() != 16) {
            return fail(Problem::corrupt, "the id of a job's row is none");
        }
        ids.push_back({Uuid::of_bytes(rows.bytes(0))});
    }
    return connection.answer(std::move(ids));
}

Result<std::vector<ports::NodeChunk>> SqliteReader::chunks(const core::JobId& id) {
    ATTACCA_TRY(auto taken, take());
    Borrowed connection(*this, std::move(taken));
    Statement& statement = connection->chunks;
    const Use use(statement);
    statement.bind_blob(1, id.uuid.view());
    std::vector<ports::NodeChunk> found;
    while (statement.next()) {
        const std::int64_t chunk = statement.number(0);
        if (chunk < 0 || chunk > std::numeric_limits<std::uint32_t>::max()) {
            return fail(Problem::corrupt, "a chunk of job " + id.text() + " cannot be read");
        }
        found.push_back({id, static_cast<std::uint32_t>(chunk), std::string(statement.bytes(1))});
    }
    return connection.answer(std::move(found));
}

Result<ports::JobPage> SqliteReader::jobs(const ports::JobFilter& filter) {
    JobListing listing(filter);
    ATTACCA_TRY(auto taken, take());
    Borrowed connection(*this, std::move(taken));
    const ReadTransaction transaction(*connection);
    if (listing.is_of_live_jobs()) {
        ATTACCA_TRY(const ports::LedgerTail tail, load_tail(connection->last_batch));
        listing.begin_at(tail.oldest_live);
    }
    ports::JobPage page;
    Statement& count = connection->listing(listing.count_sql());
    listing.bind_count(count);
    if (count.next()) {
        page.total = loaded_u64(count.number(0));
        count.reset();
    }
    Statement& rows = connection->listing(listing.page_sql());
    const Use use(rows);
    listing.bind_page(rows);
    for (std::uint64_t number = 0; rows.next(); ++number) {
        if (number == filter.limit) {
            page.has_more = true;
            break;
        }
        if (Result<JobRow> row = load_job(rows); row) {
            page.rows.push_back(std::move(*row));
        }
    }
    return connection.answer(std::move(page));
}

Result<std::vector<JobRow>> SqliteReader::live_jobs(
    const core::JobId& from, const std::function<void(std::string, std::string)>& undecodable) {
    struct SetAside {
        std::string id;
        std::string why;
    };
    std::vector<SetAside> damaged;
    Result<std::vector<JobRow>> result = [&]() -> Result<std::vector<JobRow>> {
        ATTACCA_TRY(auto taken, take());
        Borrowed connection(*this, std::move(taken));
        Statement& statement = connection->live_jobs;
        const Use use(statement);
        statement.bind_blob(1, from.uuid.view());
        std::vector<JobRow> live;
        while (statement.next()) {
            if (Result<JobRow> row = load_job(statement); row) {
                live.push_back(std::move(*row));
            } else {
                damaged.push_back({loaded_id_text(statement), row.error().detail});
            }
        }
        return connection.answer(std::move(live));
    }();
    for (SetAside& row : damaged) {  // with no connection held: the callee may read the store
        undecodable(std::move(row.id), std::move(row.why));
    }
    return result;
}

Result<std::optional<ports::IdempotencyRow>> SqliteReader::key(const Sha256& key_hash) {
    ATTACCA_TRY(auto taken, take());
    Borrowed connection(*this, std::move(taken));
    Statement& statement = connection->key;
    const Use use(statement);
    statement.bind_blob(1, key_hash.view());
    std::optional<ports::IdempotencyRow> row;
    if (!statement.next()) {
        return connection.answer(std::move(row));
    }
    row.emplace();
    row->key_hash = key_hash;
    row->at.us = statement.number(2);
    std::string_view ids = statement.bytes(1);
    if (!statement.digest(0, row->request_hash) || ids.size() % 16 != 0) {
        return fail(Problem::corrupt, "the row of an idempotency key is damaged");
    }
    for (; !ids.empty(); ids.remove_prefix(16)) {
        row->ids.push_back({Uuid::of_bytes(ids.substr(0, 16))});
    }
    return row;
}

Result<std::unique_ptr<SqliteReader>> open_read_only(const std::string& directory,
                                                     const SqliteReader::Options& options) {
    const std::string path = directory + database_name;
    struct stat status {};
    if (stat(path.c_str(), &status) != 0) {
        return fail(Problem::not_found, "there is no attacca.db in " + quoted(directory));
    }
    auto reader = SqliteReader::open(path, OpenMode::reader, options);
    if (reader || reader.error().problem != Problem::io_error) {
        return reader;
    }
    // Without the right to make the shared memory file a WAL cannot be read; without a WAL there is
    // nothing that it would say.
    const bool has_wal = stat((path + "-wal").c_str(), &status) == 0 && status.st_size > 0;
    return has_wal ? std::move(reader)
                   : SqliteReader::open(path, OpenMode::immutable, options);
}

}  // namespace attacca::sqlite
