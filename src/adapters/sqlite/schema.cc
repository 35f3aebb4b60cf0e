// SPDX-License-Identifier: Apache-2.0
#include "adapters/sqlite/schema.h"

#include <array>

namespace attacca::sqlite {

namespace {

// "ATTC": a file with another application's mark is not ours to change.
constexpr std::int64_t application_id = 0x41545443;

// A step never ends its own transaction.
constexpr std::array<const char*, 5> steps = {
    // Version 1.
    //
    // jobs: `image` holds what changes with every record at a fixed length (job_rows.h), so that an
    // update overwrites the row where it is. `state` is kept as its number + 2, because SQLite
    // stores 0 and 1 in fewer bytes than other numbers. The index is on columns that never change;
    // the partial ones are on states that few jobs are in.
    R"(
    CREATE TABLE batches(
        first_gseq INTEGER PRIMARY KEY,
        count INTEGER NOT NULL,
        raw_bytes INTEGER NOT NULL,
        root BLOB NOT NULL,
        last_fence INTEGER NOT NULL,
        last_at INTEGER NOT NULL,
        oldest_live BLOB NOT NULL,
        previous BLOB NOT NULL,
        records BLOB NOT NULL
    ) STRICT;
    CREATE TABLE tiles(
        level INTEGER NOT NULL,
        position INTEGER NOT NULL,
        hashes BLOB NOT NULL,
        PRIMARY KEY(level, position)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE checkpoints(
        size INTEGER PRIMARY KEY,
        note TEXT NOT NULL
    ) STRICT;
    CREATE TABLE jobs(
        id BLOB NOT NULL PRIMARY KEY,
        state INTEGER NOT NULL,
        image BLOB NOT NULL,
        instances BLOB NOT NULL,
        tenant TEXT NOT NULL,
        name TEXT NOT NULL,
        priority INTEGER NOT NULL,
        kinds INTEGER NOT NULL,
        created_at INTEGER NOT NULL,
        definition BLOB NOT NULL,
        details TEXT,
        details_body BLOB,
        tags TEXT,
        retry_of BLOB
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX jobs_of_tenant ON jobs(tenant, id);
    CREATE INDEX jobs_paused ON jobs(tenant, id) WHERE state = 5;
    CREATE INDEX jobs_failed ON jobs(tenant, id) WHERE state = 7;
    CREATE TABLE node_chunks(
        job BLOB NOT NULL,
        chunk INTEGER NOT NULL,
        instances BLOB NOT NULL,
        PRIMARY KEY(job, chunk)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE bodies(
        number INTEGER PRIMARY KEY,
        digest BLOB NOT NULL UNIQUE,
        bytes BLOB NOT NULL
    ) STRICT;
    CREATE TABLE entities(
        entity TEXT NOT NULL PRIMARY KEY,
        tenant TEXT NOT NULL,
        eseq INTEGER NOT NULL,
        last_gseq INTEGER NOT NULL,
        last_link BLOB NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE idempotency(
        key_hash BLOB NOT NULL PRIMARY KEY,
        request_hash BLOB NOT NULL,
        ids BLOB NOT NULL,
        at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX idempotency_by_time ON idempotency(at);
    )",
    // Version 2: tenants. `settings` is JSON text in the form of the API.
    R"(
    CREATE TABLE tenants(
        name TEXT NOT NULL PRIMARY KEY,
        created_at INTEGER NOT NULL,
        changed_at INTEGER NOT NULL,
        settings TEXT NOT NULL,
        jobs INTEGER NOT NULL,
        slot_us INTEGER NOT NULL,
        day INTEGER NOT NULL,
        day_jobs INTEGER NOT NULL,
        day_slot_us INTEGER NOT NULL,
        job_tat_ns INTEGER NOT NULL,
        start_tat_ns INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    )",
    // Version 3: what the records of an entity that is no job made of it; empty for most.
    R"(
    ALTER TABLE entities ADD COLUMN image TEXT NOT NULL DEFAULT '';
    )",
    // Version 4: jobs in which a node waits for a person (0 and 1 take no bytes, so an update still
    // overwrites the row where it is), and child jobs.
    R"(
    ALTER TABLE jobs ADD COLUMN awaits INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE jobs ADD COLUMN parent BLOB;
    CREATE INDEX jobs_awaiting ON jobs(tenant, id) WHERE awaits = 1;
    CREATE INDEX jobs_of_parent ON jobs(parent, id) WHERE parent IS NOT NULL;
    )",
    // Version 5: how far tenants are ahead of their share (core/schedule/fair_ledger.h). The row of
    // the empty tenant tells since when nothing is known. All of it is written anew each time.
    R"(
    CREATE TABLE fair_ledger(
        lane TEXT NOT NULL,
        tenant TEXT NOT NULL,
        lag INTEGER NOT NULL,
        at INTEGER NOT NULL,
        PRIMARY KEY(lane, tenant)
    ) STRICT, WITHOUT ROWID;
    )",
};

Result<void> failure_of(Database& database) {
    if (database.has_failed()) {
        return database.error();
    }
    return {};
}

// Errors: bad_configuration. The version is that of the file, 0 for an empty one.
Result<int> version_of(Database& database) {
    const std::int64_t mark = database.number("PRAGMA application_id");
    const std::int64_t version = database.number("PRAGMA user_version");
    const std::int64_t tables = database.number("SELECT count(*) FROM sqlite_schema");
    if (database.has_failed()) {
        return database.error();
    }
    if (tables == 0 && version == 0) {
        return 0;
    }
    if (mark != application_id) {
        return fail(Problem::bad_configuration, "attacca.db is another program's database");
    }
    if (version < 1 || version > schema_version()) {
        return fail(Problem::bad_configuration,
                    "attacca.db has version " + std::to_string(version) +
                        ", and this program knows versions up to " +
                        std::to_string(schema_version()));
    }
    return static_cast<int>(version);
}

}  // namespace

int schema_version() { return static_cast<int>(steps.size()); }

Result<void> prepare_writer(Database& database) {
    // The WAL is for ever, so its mode is set before the first table; a page size is, too.
    database.run("PRAGMA page_size = 4096");
    if (database.text("PRAGMA journal_mode = WAL") != "wal" && !database.has_failed()) {
        return fail(Problem::bad_configuration,
                    "the file system of the data directory cannot hold a WAL database");
    }
    database.run(
        "PRAGMA synchronous = FULL;"
        "PRAGMA cache_size = -65536;"
        "PRAGMA temp_store = MEMORY;"
        "PRAGMA secure_delete = OFF;"  // the distribution's build overwrites what it frees
        "PRAGMA mmap_size = 0");       // a failing disk shall be an error, not a signal
    return failure_of(database);
}

Result<void> prepare_reader(Database& database) {
    database.run(
        "PRAGMA query_only = ON;"
        "PRAGMA cache_size = -8192;"
        "PRAGMA temp_store = MEMORY;"
        "PRAGMA mmap_size = 0");
    return failure_of(database);
}

Result<void> migrate(Database& database) {
    return migrate_to(database, schema_version());
}

Result<void> migrate_to(Database& database, int last) {
    ATTACCA_TRY(int version, version_of(database));
    for (; version < last; ++version) {
        const bool is_done =
            database.run("BEGIN IMMEDIATE") &&
            database.run(steps[static_cast<std::size_t>(version)]) &&
            database.run("PRAGMA application_id = " + std::to_string(application_id)) &&
            database.run("PRAGMA user_version = " + std::to_string(version + 1)) &&
            database.run("COMMIT");
        if (!is_done) {
            const Error error = database.error();
            if (database.is_in_transaction()) {
                database.run("ROLLBACK");
            }
            return error;
        }
    }
    return {};
}

Result<void> check_version(Database& database) {
    ATTACCA_TRY(const int version, version_of(database));
    if (version != schema_version()) {
        return fail(Problem::bad_configuration,
                    "attacca.db has version " + std::to_string(version) +
                        "; a server of this version has to open it once");
    }
    return {};
}

}  // namespace attacca::sqlite
