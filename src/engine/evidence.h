// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/result.h"
#include "core/ledger/proof.h"
#include "engine/signed_tree.h"
#include "ports/store.h"

// What the ledger shows to strangers: receipts of records, proofs that it grew only, and its tiles
// and entries as C2SP tlog-tiles serves them. All of one signed state.
//
// Reads O(log n) tiles for a proof. One object for one question: it keeps what it read. Not for two
// threads at once. Errors of all: not_found (beyond the signed state), corrupt, io_error.

namespace attacca::engine {

class Evidence {
  public:
    // Precondition: `signed_tree` is not null. The reader outlives this.
    Evidence(ports::StoreReader& reader, std::shared_ptr<const SignedTree> signed_tree);

    [[nodiscard]] std::uint64_t size() const { return signed_->tree.size(); }
    [[nodiscard]] const SignedTree& signed_tree() const { return *signed_; }
    [[nodiscard]] std::shared_ptr<const SignedTree> shared_tree() const { return signed_; }

    // The hashes from the record's leaf to the root.
    [[nodiscard]] Result<std::vector<Sha256>> path(std::uint64_t gseq);
    // The record's receipt: a tlog-proof@v1 text.
    [[nodiscard]] Result<std::string> receipt(std::uint64_t gseq);
    // That the tree of `old_size` records is the beginning of this one: an extension text.
    [[nodiscard]] Result<std::string> extension(std::uint64_t old_size);

    // The first `width` hashes of a tile. Precondition: 1 ≤ width ≤ 256.
    [[nodiscard]] Result<std::string> tile(std::uint32_t level,
                                           std::uint64_t index,
                                           std::uint32_t width);
    // The records 256·index … 256·index + width − 1, each behind its length in two bytes.
    [[nodiscard]] Result<std::string> entries(std::uint64_t index, std::uint32_t width);

  private:
    [[nodiscard]] Result<void> check_tile(std::uint64_t count,
                                          std::uint64_t index,
                                          std::uint32_t width) const;

    ports::StoreReader& reader_;
    std::shared_ptr<const SignedTree> signed_;
    core::TiledHashes hashes_;
};

}  // namespace attacca::engine
