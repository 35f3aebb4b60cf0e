// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "adapters/sqlite/sqlite_reader.h"
#include "app/verify/fault_sink.h"
#include "core/ledger/codec.h"

// That records of the ledger explain every batch whose words are gone. Nobody else may take words
// away: what no record explains is a gap.

namespace attacca::verify {

class PruningCheck {
  public:
    PruningCheck(sqlite::SqliteReader& reader, FaultSink sink)
        : reader_(reader), sink_(std::move(sink)) {}

    // A batch without its words, whose root has been computed from the stored hashes. In order.
    void add_pruned(std::uint64_t first, std::uint64_t count);
    // Errors: io_error.
    [[nodiscard]] Result<void> check(const core::StoredRecord& stored);
    // After the last record.
    void finish();
    [[nodiscard]] std::uint64_t pruned() const { return pruned_; }

  private:
    using Range = std::pair<std::uint64_t, std::uint64_t>;  // first, end

    sqlite::SqliteReader& reader_;
    FaultSink sink_;
    std::vector<Range> found_;      // ascending
    std::vector<Range> explained_;  // as the records come
    std::uint64_t pruned_ = 0;
};

// Asks whether the words of a record are gone by now, in a store below `directory` that a server
// may be writing. Errors: io_error.
[[nodiscard]] std::function<Result<bool>(std::uint64_t)> pruned_by_now(std::string directory);

}  // namespace attacca::verify
