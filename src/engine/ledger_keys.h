// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "base/result.h"
#include "base/signature.h"
#include "core/ledger/codec.h"
#include "core/ledger/keys.h"
#include "ports/signer.h"
#include "ports/store.h"

// The keys of a ledger: the one that strangers know, and those that sign its batches in turn.

namespace attacca::engine {

struct LedgerKey {
    // The root, where it is in this process: it then signs each checkpoint beside the batch key.
    // Null where it is elsewhere.
    std::shared_ptr<const Ed25519Signer> signer;
    core::LedgerName name;
    std::shared_ptr<ports::BatchKeys> batch_keys = {};  // null: the root signs alone
    Ed25519PublicKey remote_root = {};                  // where `signer` is null

    [[nodiscard]] core::NoteKey root() const {
        return {name.origin, signer != nullptr ? signer->public_key() : remote_root};
    }
};

// The hand-overs that the ledger's records tell of. Errors: corrupt, also when one of them does not
// follow; io_error.
[[nodiscard]] Result<core::KeyChain> load_key_chain(ports::StoreReader& reader,
                                                    const core::NoteKey& root);

// What the root and the keys of this ledger say of a note. Reads the records of the keys only where
// the root did not sign it. Errors: corrupt, io_error.
[[nodiscard]] Result<core::NoteTrust> trust_of(const core::CheckpointNote& note,
                                               const core::NoteKey& root,
                                               ports::StoreReader& reader);

}  // namespace attacca::engine
