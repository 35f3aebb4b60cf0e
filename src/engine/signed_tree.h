// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/result.h"
#include "core/ledger/checkpoint.h"
#include "core/ledger/tree.h"
#include "ports/store.h"

// The newest signed state of the ledger: what proofs are made from. Its records and full tiles are
// durable, so that a reader of the store finds them. Immutable once made; shared between threads.

namespace attacca::engine {

struct SignedTree {
    core::NoteKey key;  // that signed; its name is the ledger's origin
    std::string note;   // the checkpoint of exactly this tree
    core::Tree tree;
    bool is_witnessed = false;  // as many witnesses as are needed have cosigned the note
};

// The tree of the first `size` records: from stored tiles, and from the bytes of the records behind
// the last full one. Errors: corrupt, io_error.
[[nodiscard]] Result<core::Tree> load_tree(ports::StoreReader& reader, std::uint64_t size);

// The newest state whose signature is stored, for whoever reads a store that he does not run.
// Null when nothing is signed yet. Errors: corrupt, also when the records do not give the root that
// was signed, or the key did not sign it; io_error.
[[nodiscard]] Result<std::shared_ptr<const SignedTree>> load_signed_tree(
    ports::StoreReader& reader, const core::NoteKey& key);

}  // namespace attacca::engine
