// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "core/job/ledger_records.h"
#include "core/ledger/checkpoint.h"
#include "ports/store.h"

// The start-up gate: whether the store reaches everything that is known, elsewhere, to have been
// signed of it. Asked before the first signature and the first record of a process; a store that is
// an older copy signs nothing.

namespace attacca::engine {

// The restores that the ledger's records tell of, in order. Errors: corrupt, io_error.
[[nodiscard]] Result<std::vector<core::LedgerRestored>> load_restores(ports::StoreReader& reader);

// Whether the store agrees with the newest checkpoint that it holds itself: a crash leaves that one
// behind the records, never beyond them. A note that the ledger's keys did not sign says nothing.
// `root`: of the origin in force. Errors: rolled_back, when records are missing at the end or are
// others than those that were signed; corrupt, io_error.
[[nodiscard]] Result<void> check_own_checkpoint(ports::StoreReader& reader,
                                                const core::NoteKey& root);

class AnchorGate {
  public:
    // `keys`: of the origin in force, and those that signed for it. The reader outlives the gate.
    // Errors: corrupt, io_error.
    [[nodiscard]] static Result<AnchorGate> open(ports::StoreReader& reader,
                                                 std::vector<core::NoteKey> keys);

    // A signed checkpoint that was kept at `where`. Errors: rolled_back, when the store is behind
    // it or differs from it; bad_configuration, when it is no checkpoint that this ledger signed;
    // corrupt, io_error.
    [[nodiscard]] Result<void> check(std::string_view note, const std::string& where);
    // The same for who tells a size only.
    [[nodiscard]] Result<void> check_size(std::uint64_t size, const std::string& where) const;

    [[nodiscard]] std::uint64_t size() const { return tail_.size; }

  private:
    explicit AnchorGate(ports::StoreReader& reader) : reader_(reader) {}
    [[nodiscard]] core::NoteTrust trust_of(const core::CheckpointNote& note) const;
    [[nodiscard]] Result<void> check_tree(const core::Checkpoint& checkpoint,
                                          const std::string& where);

    ports::StoreReader& reader_;
    std::vector<core::NoteKey> keys_;
    std::vector<core::LedgerRestored> restores_;
    ports::LedgerTail tail_;
};

}  // namespace attacca::engine
