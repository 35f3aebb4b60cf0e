// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>

#include "adapters/sqlite/sqlite_reader.h"
#include "base/result.h"
#include "ports/store.h"

// The stored ledger from its beginning to its end, read ahead: what a pass asks for one by one is
// read many at a time, for each read of the store has its own locks. Of a store that a server
// writes no state is held for long.
//
// Takes the reader by reference, which must outlive it. Not for two threads at once.

namespace attacca::verify {

class LedgerWalk {
  public:
    explicit LedgerWalk(sqlite::SqliteReader& reader) : reader_(reader) {}

    // The batch that holds this record; null when there is none. Errors: io_error, corrupt.
    [[nodiscard]] Result<std::shared_ptr<const ports::LedgerBatch>> batch_of(std::uint64_t gseq);

    // The next checkpoint, of at most this size; nothing when the next is larger, or when the end
    // was met. Errors: io_error, corrupt.
    [[nodiscard]] Result<std::optional<ports::SignedCheckpoint>> next_checkpoint(
        std::uint64_t size);
    // There may be checkpoints behind the end that was met.
    void look_for_more_checkpoints() { has_more_checkpoints_ = true; }

  private:
    sqlite::SqliteReader& reader_;
    std::deque<std::shared_ptr<const ports::LedgerBatch>> batches_;
    std::deque<ports::SignedCheckpoint> checkpoints_;
    std::uint64_t last_checkpoint_ = 0;
    bool has_more_checkpoints_ = true;
};

}  // namespace attacca::verify
