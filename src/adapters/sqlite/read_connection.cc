// SPDX-License-Identifier: Apache-2.0
#include "adapters/sqlite/read_connection.h"

#include <utility>

#include "adapters/sqlite/job_rows.h"
#include "adapters/sqlite/schema.h"
#include "adapters/sqlite/tenant_rows.h"

namespace attacca::sqlite {

namespace {

constexpr int patience_ms = 1000;
constexpr std::size_t listings_max = 64;

std::string select_batches(const std::string& rest) {
    return "SELECT first_gseq, count, raw_bytes, root, last_fence, last_at, oldest_live, "
           "previous, records FROM batches " + rest;
}

std::string select_jobs(const std::string& rest) {
    return "SELECT " + std::string(job_columns()) + " FROM jobs " + rest;
}

}  // namespace

Result<std::unique_ptr<ReadConnection>> ReadConnection::open(const std::string& path,
                                                             OpenMode mode) {
    ATTACCA_TRY(Database database, Database::open(path, mode));
    // A writer that opens the file recovers the WAL for a moment; nothing else makes a reader wait.
    database.set_patience(patience_ms);
    if (const Result<void> prepared = prepare_reader(database); !prepared) {
        return prepared.error();
    }
    if (const Result<void> checked = check_version(database); !checked) {
        return checked.error();
    }
    auto connection = std::make_unique<ReadConnection>(std::move(database));
    if (connection->database.has_failed()) {
        return connection->database.error();
    }
    return connection;
}

ReadConnection::ReadConnection(Database opened)
    : database(std::move(opened)),
      begin(database, "BEGIN"),
      end(database, "COMMIT"),
      last_batch(database,
                 "SELECT first_gseq + count, root, last_fence, last_at, oldest_live FROM batches "
                 "ORDER BY first_gseq DESC LIMIT 1"),
      last_checkpoint(database, "SELECT size, note FROM checkpoints ORDER BY size DESC LIMIT 1"),
      batch_of(database,
               select_batches("WHERE first_gseq <= ? ORDER BY first_gseq DESC LIMIT 1")),
      batches_from(database, select_batches("WHERE first_gseq >= ? ORDER BY first_gseq")),
      tile(database, "SELECT hashes FROM tiles WHERE level = ? AND position = ?"),
      checkpoints(database,
                  "SELECT size, note FROM checkpoints WHERE size > ? ORDER BY size LIMIT ?"),
      job(database, select_jobs("WHERE id = ?")),
      chunks(database, "SELECT chunk, instances FROM node_chunks WHERE job = ? ORDER BY chunk"),
      // Not "in the live states": a state that nobody knows is to be found, too.
      live_jobs(database, select_jobs("WHERE id >= ? AND state NOT IN (6, 7, 8) ORDER BY id")),
      body(database, "SELECT bytes FROM bodies WHERE digest = ?"),
      bodies_after(database,
                   "SELECT digest, length(bytes) FROM bodies WHERE digest > ? "
                   "ORDER BY digest LIMIT ?"),
      entities(database,
               "SELECT entity, tenant, eseq, last_gseq, last_link, image FROM entities "
               "ORDER BY entity"),
      entities_below(database,
                     "SELECT entity, tenant, eseq, last_gseq, last_link, image FROM entities "
                     "WHERE entity > ?1 AND entity < ?2 ORDER BY entity LIMIT ?3"),
      entity(database,
             "SELECT entity, tenant, eseq, last_gseq, last_link, image FROM entities "
             "WHERE entity = ?"),
      key(database, "SELECT request_hash, ids, at FROM idempotency WHERE key_hash = ?"),
      tenant(database, tenant_select_sql() + " WHERE name = ?"),
      tenants(database, tenant_select_sql() + " ORDER BY name"),
      lags(database, lag_select_sql()) {
    static_assert(stored_state(core::JobState::completed) == 6 &&
                  stored_state(core::JobState::cancelled) == 8);
}

Statement& ReadConnection::listing(const std::string& sql) {
    const auto found = listings.find(sql);
    if (found != listings.end()) {
        return found->second;
    }
    if (listings.size() >= listings_max) {
        listings.clear();  // there are few shapes; a flood of them only costs preparing
    }
    return listings.emplace(sql, Statement(database, sql)).first->second;
}

}  // namespace attacca::sqlite
