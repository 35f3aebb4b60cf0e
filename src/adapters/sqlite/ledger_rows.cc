// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <limits>

#include "adapters/sqlite/borrowed.h"
#include "adapters/sqlite/sqlite_reader.h"
#include "base/check.h"

// Batches, tiles and checkpoints, by their places in the ledger.

namespace attacca::sqlite {

using ports::LedgerBatch;

namespace {

// Errors: corrupt.
Result<std::shared_ptr<const LedgerBatch>> load_batch(const Statement& statement,
                                                      Unpacker& unpacker) {
    auto batch = std::make_shared<LedgerBatch>();
    batch->first_gseq = loaded_u64(statement.number(0));
    const std::string name = "the row of batch " + std::to_string(batch->first_gseq);
    const std::int64_t count = statement.number(1);
    const std::string_view oldest_live = statement.bytes(6);
    if (count < 1 || count > std::numeric_limits<std::uint32_t>::max() ||
        !statement.digest(3, batch->root) || oldest_live.size() != 16) {
        return fail(Problem::corrupt, name + " cannot be read");
    }
    batch->count = static_cast<std::uint32_t>(count);
    batch->last_fence = loaded_u64(statement.number(4));
    batch->last_at.us = statement.number(5);
    batch->oldest_live = core::JobId{Uuid::of_bytes(oldest_live)};
    if (!statement.bytes(8).empty() || statement.number(2) != 0) {  // else it is pruned
        ATTACCA_TRY(batch->previous,
                    unpack_previous(statement.bytes(7), batch->first_gseq, batch->count));
        ATTACCA_TRY(batch->records,
                    unpacker.unpack(statement.bytes(8), loaded_u64(statement.number(2))));
    }
    return std::shared_ptr<const LedgerBatch>(std::move(batch));
}

}  // namespace

Result<std::shared_ptr<const LedgerBatch>> SqliteReader::batch_of(std::uint64_t gseq) {
    std::shared_ptr<const LedgerBatch> batch = newest_.find(gseq);
    batch = batch == nullptr ? cache_.find(gseq) : batch;
    if (batch != nullptr || gseq > std::uint64_t{std::numeric_limits<std::int64_t>::max()}) {
        return batch;
    }
    ATTACCA_TRY(auto taken, take());
    Borrowed connection(*this, std::move(taken));
    Statement& statement = connection->batch_of;
    const Use use(statement);
    statement.bind(1, stored_u64(gseq));
    if (!statement.next()) {
        return connection.answer(std::move(batch));
    }
    const std::int64_t behind = stored_u64(gseq) - statement.number(0);
    if (behind >= statement.number(1)) {
        return batch;  // beyond the end
    }
    ATTACCA_TRY(batch, load_batch(statement, connection->unpacker));
    cache_.add(batch);
    return batch;
}

Result<std::vector<std::shared_ptr<const LedgerBatch>>> SqliteReader::batches_from(
    std::uint64_t gseq, std::size_t bytes) {
    std::vector<std::shared_ptr<const LedgerBatch>> found;
    if (gseq > std::uint64_t{std::numeric_limits<std::int64_t>::max()}) {
        return found;
    }
    ATTACCA_TRY(auto taken, take());
    Borrowed connection(*this, std::move(taken));
    Statement& statement = connection->batches_from;
    const Use use(statement);
    statement.bind(1, stored_u64(gseq));
    for (std::size_t read = 0; read < bytes && statement.next();) {
        if (loaded_u64(statement.number(0)) != gseq) {
            break;
        }
        auto batch = load_batch(statement, connection->unpacker);
        if (!batch && found.empty()) {
            return batch.error();
        }
        if (!batch) {
            break;
        }
        gseq += (*batch)->count;
        read += sizeof(LedgerBatch) + (*batch)->records.size() +
                (*batch)->previous.size() * sizeof(std::uint64_t);
        found.push_back(std::move(*batch));
    }
    // Damage is met again by who asks for the next batch; any other failure ends a snapshot too.
    if (!found.empty() && connection->database.failure().kind == Failure::Kind::corrupt) {
        connection->database.clear_failure();
    }
    return connection.answer(std::move(found));
}

Result<std::optional<ports::Tile>> SqliteReader::tile(std::uint32_t level, std::uint64_t index) {
    ATTACCA_TRY(auto taken, take());
    Borrowed connection(*this, std::move(taken));
    Statement& statement = connection->tile;
    const Use use(statement);
    statement.bind(1, level);
    statement.bind(2, stored_u64(index));
    std::optional<ports::Tile> tile;
    if (statement.next()) {
        tile = ports::Tile{level, index, std::string(statement.bytes(0))};
    }
    return connection.answer(std::move(tile));
}

Result<std::vector<ports::SignedCheckpoint>> SqliteReader::checkpoints(std::uint64_t after,
                                                                       std::size_t limit) {
    ATTACCA_TRY(auto taken, take());
    Borrowed connection(*this, std::move(taken));
    Statement& statement = connection->checkpoints;
    const Use use(statement);
    statement.bind(1, stored_u64(after));
    statement.bind(2, static_cast<std::int64_t>(std::min<std::size_t>(limit, 1U << 30U)));
    std::vector<ports::SignedCheckpoint> found;
    while (statement.next()) {
        found.push_back({loaded_u64(statement.number(0)), std::string(statement.bytes(1))});
    }
    return connection.answer(std::move(found));
}

Result<std::uint64_t> SqliteReader::nth_newest_checkpoint(std::uint64_t n,
                                                          std::uint64_t ledger_size) {
    ATTACCA_CHECK(n > 0);
    ATTACCA_TRY(auto taken, take());
    Borrowed connection(*this, std::move(taken));
    Statement& row = connection->listing(
        "SELECT size FROM checkpoints WHERE size BETWEEN 1 AND ? "
        "ORDER BY size DESC LIMIT 1 OFFSET ?");
    const Use use(row);
    row.bind(1, stored_u64(ledger_size));
    row.bind(2, stored_u64(n - 1));
    return connection.answer(row.next() ? loaded_u64(row.number(0)) : std::uint64_t{0});
}

}  // namespace attacca::sqlite
