// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <utility>

#include "adapters/sqlite/sqlite_reader.h"
#include "app/verify/fault_sink.h"
#include "base/time.h"
#include "cli/environment.h"
#include "core/ledger/codec.h"

// That each time stamp of the ledger is one: of the checkpoint whose size it names, and by an
// authority that is trusted, where some are given.

namespace attacca::verify {

class StampCheck {
  public:
    // The reader and the options outlive this.
    StampCheck(sqlite::SqliteReader& reader, const cli::VerifyOptions& options, FaultSink sink)
        : reader_(reader), options_(options), sink_(std::move(sink)) {}

    // Errors: io_error; invalid_value, for authorities that cannot be read.
    [[nodiscard]] Result<void> check(const core::StoredRecord& stored);
    // Of the largest checkpoint with a time stamp that holds; 0 when none does.
    [[nodiscard]] std::uint64_t size() const { return size_; }
    [[nodiscard]] WallTime at() const { return at_; }

  private:
    sqlite::SqliteReader& reader_;
    const cli::VerifyOptions& options_;
    FaultSink sink_;
    std::uint64_t size_ = 0;
    WallTime at_;
};

}  // namespace attacca::verify
