// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <string>

#include "adapters/sqlite/batch_codec.h"
#include "adapters/sqlite/database.h"
#include "base/result.h"

// A connection that reads, with every statement it needs prepared once. One thread at a time.

namespace attacca::sqlite {

struct ReadConnection {
    // Errors: io_error, storage_full, corrupt, bad_configuration.
    [[nodiscard]] static Result<std::unique_ptr<ReadConnection>> open(const std::string& path,
                                                                      OpenMode mode);
    explicit ReadConnection(Database opened);

    // A statement for this text, kept for the next call with the same text.
    [[nodiscard]] Statement& listing(const std::string& sql);

    Database database;  // first: it outlives its statements
    Statement begin;
    Statement end;
    Statement last_batch;
    Statement last_checkpoint;
    Statement batch_of;
    Statement batches_from;
    Statement tile;
    Statement checkpoints;
    Statement job;
    Statement chunks;
    Statement live_jobs;
    Statement body;
    Statement bodies_after;
    Statement entities;
    Statement entities_below;
    Statement entity;
    Statement key;
    Statement tenant;
    Statement tenants;
    Statement lags;
    std::map<std::string, Statement> listings;
    Unpacker unpacker;
};

// Ends the use of a statement, so that its read transaction ends too.
class Use {
  public:
    explicit Use(Statement& statement) : statement_(statement) {}
    ~Use() { statement_.reset(); }
    Use(const Use&) = delete;
    Use& operator=(const Use&) = delete;

  private:
    Statement& statement_;
};

// Several statements that see one state. Does nothing on a connection that holds a snapshot.
class ReadTransaction {
  public:
    explicit ReadTransaction(ReadConnection& connection)
        : connection_(connection), is_own_(!connection.database.is_in_transaction()) {
        if (is_own_) {
            connection_.begin.run();
        }
    }
    ~ReadTransaction() {
        if (is_own_) {
            connection_.end.run();
        }
    }
    ReadTransaction(const ReadTransaction&) = delete;
    ReadTransaction& operator=(const ReadTransaction&) = delete;

  private:
    ReadConnection& connection_;
    const bool is_own_;
};

}  // namespace attacca::sqlite
