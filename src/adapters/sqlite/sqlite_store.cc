// SPDX-License-Identifier: Apache-2.0
#include "adapters/sqlite/sqlite_store.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "adapters/sqlite/job_rows.h"
#include "adapters/sqlite/schema.h"
#include "adapters/sqlite/tenant_rows.h"
#include "base/check.h"

namespace attacca::sqlite {

using ports::CommitOutcome;
using ports::CommitResult;

namespace {

constexpr Duration key_life = seconds(24LL * 3600);
constexpr Duration between_deletions = seconds(60);
// Readers of one call are gone within this; longer ones are not waited for.
constexpr int checkpoint_patience_ms = 5;
constexpr int start_patience_ms = 10000;

Error system_error(const std::string& what) {
    const int number = errno;
    const bool is_full = number == ENOSPC || number == EDQUOT;
    return fail(is_full ? Problem::storage_full : Problem::io_error,
                what + ": errno " + std::to_string(number));
}

// SQLite would make the file readable by everyone, and its WAL inherits the mode.
// Errors: storage_full, io_error.
Result<void> make_file(const std::string& directory, const std::string& path) {
    const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file < 0) {
        return errno == EEXIST ? Result<void>() : system_error("cannot make " + quoted(path));
    }
    ::close(file);
    const int parent = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const bool is_synced = parent >= 0 && ::fsync(parent) == 0;
    Result<void> result = is_synced ? Result<void>() : system_error("cannot sync the directory");
    if (parent >= 0) {
        ::close(parent);
    }
    return result;
}

}  // namespace

Result<std::unique_ptr<SqliteStore>> SqliteStore::open(const std::string& directory,
                                                       const SqliteOptions& options) {
    const std::string path = directory + database_name;
    if (const Result<void> made = make_file(directory, path); !made) {
        return made.error();
    }
    ATTACCA_TRY(Database database, Database::open(path, OpenMode::writer));
    database.set_patience(start_patience_ms);
    if (const Result<void> prepared = prepare_writer(database); !prepared) {
        return prepared.error();
    }
    if (const Result<void> migrated = migrate(database); !migrated) {
        return migrated.error();
    }
    const Database::Checkpoint checkpoint = database.checkpoint();
    if (checkpoint == Database::Checkpoint::failed) {
        return database.error();
    }
    if (checkpoint == Database::Checkpoint::partly) {
        return fail(Problem::locked, "another program reads an old state of attacca.db");
    }
    database.set_patience(checkpoint_patience_ms);
    if (options.pages_max > 0) {
        database.run("PRAGMA max_page_count = " + std::to_string(options.pages_max));
    }
    ATTACCA_TRY(auto reader, SqliteReader::open(path, OpenMode::reader, options.reader));
    std::unique_ptr<SqliteStore> store(
        new SqliteStore(std::move(database), std::move(reader), options));
    if (const Result<void> loaded = store->load_heads(); !loaded) {
        return loaded.error();
    }
    return store;
}

SqliteStore::SqliteStore(Database database, std::unique_ptr<SqliteReader> reader,
                         const SqliteOptions& options)
    : options_(options),
      database_(std::move(database)),
      begin_(database_, "BEGIN IMMEDIATE"),
      commit_(database_, "COMMIT"),
      insert_batch_(database_,
                    "INSERT INTO batches(first_gseq, count, raw_bytes, root, last_fence, last_at, "
                    "oldest_live, previous, records) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)"),
      insert_tile_(database_, "INSERT INTO tiles(level, position, hashes) VALUES(?, ?, ?)"),
      put_checkpoint_(database_, "REPLACE INTO checkpoints(size, note) VALUES(?, ?)"),
      insert_job_(database_, job_insert_sql()),
      update_job_(database_, job_update_sql()),
      put_chunk_(database_, "REPLACE INTO node_chunks(job, chunk, instances) VALUES(?, ?, ?)"),
      insert_body_(database_,
                   "INSERT INTO bodies(digest, bytes) VALUES(?, ?) ON CONFLICT DO NOTHING"),
      delete_body_(database_, "DELETE FROM bodies WHERE digest = ?"),
      put_entity_(database_,
                  "REPLACE INTO entities(entity, tenant, eseq, last_gseq, last_link, image) "
                  "VALUES(?, ?, ?, ?, ?, ?)"),
      put_key_(database_,
               "REPLACE INTO idempotency(key_hash, request_hash, ids, at) VALUES(?, ?, ?, ?)"),
      put_tenant_(database_, tenant_replace_sql()),
      clear_lags_(database_, "DELETE FROM fair_ledger"),
      put_lag_(database_, lag_insert_sql()),
      prune_(database_,
             "UPDATE batches SET raw_bytes = 0, previous = x'', records = x'' "
             "WHERE first_gseq >= ? AND first_gseq < ?"),
      delete_keys_(database_, "DELETE FROM idempotency WHERE at <= ?"),
      reader_(std::move(reader)) {}

SqliteStore::~SqliteStore() {
    reader_.reset();
    if (broken_.empty()) {
        database_.checkpoint();  // a copy of the file alone is then whole; failing harms nothing
    }
}

Result<void> SqliteStore::load_heads() {
    ATTACCA_TRY(const ports::LedgerTail tail, reader_->tail());
    size_ = tail.size;
    Statement oldest(database_, "SELECT min(at) FROM idempotency");
    if (oldest.next() && !oldest.is_null(0)) {
        oldest_key_at_ = WallTime{oldest.number(0)};
    }
    return database_.has_failed() ? Result<void>(database_.error()) : Result<void>();
}

ports::StoreReader& SqliteStore::reader() { return *reader_; }

CommitResult SqliteStore::commit(const ports::StoreBatch& batch) {
    ATTACCA_CHECK(batch.ledger.first_gseq == size_);
    ATTACCA_CHECK(batch.ledger.count > 0);
    ATTACCA_CHECK(batch.ledger.previous.size() == batch.ledger.count);
    if (!broken_.empty()) {
        return {CommitOutcome::unknown, broken_};
    }
    const bool is_erasing = !batch.pruned.empty() || !batch.collected.empty();
    if (is_erasing) {
        database_.run("PRAGMA secure_delete = ON");
    }
    const bool is_stored =
        begin_.run() && write_jobs(batch.jobs) && write_chunks(batch.chunks) &&
        delete_bodies(batch.collected) && write_bodies(batch.bodies) &&
        write_entities(batch.entities) && write_keys(batch.keys) &&
        write_tenants(batch.tenants) && write_tiles(batch.tiles) &&
        (!batch.fair_ledger || write_fair_ledger(*batch.fair_ledger)) &&
        (!batch.previous_checkpoint || write_checkpoint(*batch.previous_checkpoint)) &&
        prune(batch.pruned) && write_ledger(batch.ledger) && commit_.run();
    if (is_erasing) {
        database_.run("PRAGMA secure_delete = OFF");
    }
    if (!is_stored) {
        return give_up();
    }
    size_ += batch.ledger.count;
    for (const ports::PrunedRange& range : batch.pruned) {
        reader_->forget(range);
    }
    for (const ports::IdempotencyRow& key : batch.keys) {
        oldest_key_at_ = std::min(oldest_key_at_.value_or(key.at), key.at);
    }
    return {};
}

void SqliteStore::remember(ports::StoreBatch batch) {
    ATTACCA_CHECK(batch.ledger.first_gseq + batch.ledger.count == size_);
    reader_->remember(std::move(batch));
}

CommitResult SqliteStore::put_checkpoint(const ports::SignedCheckpoint& checkpoint) {
    if (!broken_.empty()) {
        return {CommitOutcome::unknown, broken_};
    }
    return write_checkpoint(checkpoint) ? CommitResult{} : give_up();
}

CommitResult SqliteStore::give_up() {
    const Failure failure = refusal_.empty() ? database_.failure()
                                             : Failure{Failure::Kind::other, refusal_};
    refusal_.clear();
    database_.clear_failure();
    if (database_.is_in_transaction()) {
        database_.run("ROLLBACK");
    }
    const bool is_rolled_back = !database_.is_in_transaction() && !database_.has_failed();
    database_.clear_failure();
    if (failure.kind == Failure::Kind::full && is_rolled_back) {
        wants_checkpoint_ = true;  // a WAL that begins anew needs no more space
        return {CommitOutcome::full, failure.text};
    }
    broken_ = failure.text;
    return {CommitOutcome::unknown, broken_};
}

bool SqliteStore::prune(const std::vector<ports::PrunedRange>& ranges) {
    return std::ranges::all_of(ranges, [this](const ports::PrunedRange& range) {
        prune_.bind(1, stored_u64(range.first));
        prune_.bind(2, stored_u64(range.end));
        return prune_.run();
    });
}

bool SqliteStore::write_ledger(const ports::LedgerBatch& ledger) {
    const std::string_view records = packer_.pack(ledger.records);
    if (records.empty()) {
        refusal_ = "the records could not be compressed";
        return false;
    }
    pack_previous(ledger.previous, ledger.first_gseq, previous_);
    insert_batch_.bind(1, stored_u64(ledger.first_gseq));
    insert_batch_.bind(2, ledger.count);
    insert_batch_.bind(3, static_cast<std::int64_t>(ledger.records.size()));
    insert_batch_.bind_blob(4, ledger.root.view());
    insert_batch_.bind(5, stored_u64(ledger.last_fence));
    insert_batch_.bind(6, ledger.last_at.us);
    insert_batch_.bind_blob(7, ledger.oldest_live.uuid.view());
    insert_batch_.bind_blob(8, previous_);
    insert_batch_.bind_blob(9, records);
    return insert_batch_.run();
}

bool SqliteStore::write_tiles(const std::vector<ports::Tile>& tiles) {
    return std::ranges::all_of(tiles, [this](const ports::Tile& tile) {
        insert_tile_.bind(1, tile.level);
        insert_tile_.bind(2, stored_u64(tile.index));
        insert_tile_.bind_blob(3, tile.hashes);
        return insert_tile_.run();
    });
}

bool SqliteStore::update_job(const ports::JobRow& row) {
    bind_update(update_job_, row, image_);
    if (!update_job_.run()) {
        return false;
    }
    if (database_.changed_rows() != 1) {
        refusal_ = "job " + row.id.text() + " does not exist";
        return false;
    }
    return true;
}

// In the order of their ids: neighbours share pages.
bool SqliteStore::write_jobs(const std::vector<ports::JobRow>& jobs) {
    rows_.clear();
    for (const ports::JobRow& row : jobs) {
        rows_.push_back(&row);
    }
    std::ranges::sort(rows_, [](const auto* a, const auto* b) { return a->id < b->id; });
    return std::ranges::all_of(rows_, [this](const ports::JobRow* row) {
        if (!row->is_new) {
            return update_job(*row);
        }
        bind_insert(insert_job_, *row, image_);
        return insert_job_.run();
    });
}

bool SqliteStore::write_chunks(const std::vector<ports::NodeChunk>& chunks) {
    return std::ranges::all_of(chunks, [this](const ports::NodeChunk& chunk) {
        put_chunk_.bind_blob(1, chunk.job.uuid.view());
        put_chunk_.bind(2, chunk.chunk);
        put_chunk_.bind_blob(3, chunk.instances);
        return put_chunk_.run();
    });
}

bool SqliteStore::delete_bodies(const std::vector<Sha256>& digests) {
    return std::ranges::all_of(digests, [this](const Sha256& digest) {
        delete_body_.bind_blob(1, digest.view());
        return delete_body_.run();
    });
}

bool SqliteStore::write_bodies(const std::vector<ports::StoredBody>& bodies) {
    return std::ranges::all_of(bodies, [this](const ports::StoredBody& body) {
        insert_body_.bind_blob(1, body.digest.view());
        insert_body_.bind_blob(2, body.bytes);
        return insert_body_.run();
    });
}

bool SqliteStore::write_entities(const std::vector<ports::EntityHead>& entities) {
    return std::ranges::all_of(entities, [this](const ports::EntityHead& head) {
        put_entity_.bind_text(1, head.entity);
        put_entity_.bind_text(2, head.tenant);
        put_entity_.bind(3, stored_u64(head.eseq));
        put_entity_.bind(4, stored_u64(head.last_gseq));
        put_entity_.bind_blob(5, head.last_link.view());
        put_entity_.bind_text(6, head.image);
        return put_entity_.run();
    });
}

bool SqliteStore::write_keys(const std::vector<ports::IdempotencyRow>& keys) {
    std::string ids;
    return std::ranges::all_of(keys, [this, &ids](const ports::IdempotencyRow& key) {
        ids.clear();
        for (const core::JobId& id : key.ids) {
            ids += id.uuid.view();
        }
        put_key_.bind_blob(1, key.key_hash.view());
        put_key_.bind_blob(2, key.request_hash.view());
        put_key_.bind_blob(3, ids);
        put_key_.bind(4, key.at.us);
        return put_key_.run();
    });
}

bool SqliteStore::write_tenants(const std::vector<ports::TenantRow>& tenants) {
    std::string settings;
    return std::ranges::all_of(tenants, [this, &settings](const ports::TenantRow& row) {
        bind_tenant(put_tenant_, row, settings);
        return put_tenant_.run();
    });
}

bool SqliteStore::write_checkpoint(const ports::SignedCheckpoint& checkpoint) {
    put_checkpoint_.bind(1, stored_u64(checkpoint.size));
    put_checkpoint_.bind_text(2, checkpoint.note);
    return put_checkpoint_.run();
}

void SqliteStore::maintain(WallTime now) {
    if (!broken_.empty()) {
        return;
    }
    expire_keys(now);
    checkpoint();
    if (database_.has_failed()) {
        // For lack of space nothing is lost: it is tried again. After any other failure of the disk
        // nobody knows what was written, so the process has to begin anew.
        if (database_.failure().kind != Failure::Kind::full) {
            broken_ = database_.failure().text;
        }
        database_.clear_failure();
    }
}

void SqliteStore::expire_keys(WallTime now) {
    const WallTime until = now + Duration{-key_life.us};
    const bool is_early = expired_at_ && now - *expired_at_ < between_deletions;
    if (!oldest_key_at_ || *oldest_key_at_ > until || is_early) {
        return;
    }
    expired_at_ = now;
    delete_keys_.bind(1, until.us);
    if (delete_keys_.run()) {
        oldest_key_at_ = WallTime{until.us + 1};
    }
}

void SqliteStore::checkpoint() {
    const int frames = database_.wal_frames();
    if (frames < checkpointed_frames_) {
        checkpointed_frames_ = 0;  // the WAL has begun anew since
    }
    if (frames - checkpointed_frames_ < options_.checkpoint_frames && !wants_checkpoint_) {
        return;
    }
    wants_checkpoint_ = false;
    database_.checkpoint();
    checkpointed_frames_ = frames;
}

}  // namespace attacca::sqlite
