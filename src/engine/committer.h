// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/signature.h"
#include "core/ledger/codec.h"
#include "core/ledger/tree.h"
#include "engine/batch.h"
#include "engine/ledger_keys.h"
#include "engine/recovery.h"
#include "engine/signed_tree.h"
#include "ports/store.h"

// Commits a batch that the scribe has written, and signs what is durable.
//
// Order, which nothing may change: encode → link to the entity's chain (scribe.h) → extend the tree
// → one transaction with one fsync → report → sign the checkpoint. An answer does not wait for the
// signature, but who asks for the newest signed state does (host.h). The signature is stored with
// the next batch; after a crash it is made again (Ed25519 is deterministic), so at most one batch
// is ever unsigned.
//
// A record `key_rotated` in a batch changes the key that signs: the new one signs this batch, and
// the one before it nothing more. All that the old one signed is durable by then, because a batch
// carries the signature of the one before it; so the old key can be destroyed at once, and no
// moment at which the process is killed leaves a ledger without the key of its last batch.
//
// Belongs to one thread. After a commit that is not `committed` the object is void: open a new one.

namespace attacca::engine {

class Committer {
  public:
    // Rebuilds the tree from the stored tiles and the bytes of the tail, and compares its root with
    // the stored one. `signs_tail`: signs it where it is not signed yet. Errors: corrupt, io_error,
    // bad_configuration (the key that signs is missing).
    [[nodiscard]] static Result<std::unique_ptr<Committer>> open(ports::Store& store,
                                                                 const LedgerKey& key,
                                                                 const Recovered& recovered,
                                                                 bool signs_tail = true);

    // All records of the batch are written, and it follows the one before it.
    [[nodiscard]] BatchResult commit(Batch batch);
    // Signs what is durable; called once after each batch that was committed.
    void sign();
    // Stores the newest signature alone; called when idle and at the end.
    void store_signature();
    // A note that was signed here, with cosignatures: takes the place of the plain one. Not stored
    // means that the plain one stays.
    void adopt(const ports::SignedCheckpoint& cosigned, bool is_witnessed);
    // The state that the newest signature covers; null before the first.
    [[nodiscard]] std::shared_ptr<const SignedTree> signed_tree() const { return signed_; }

  private:
    Committer(ports::Store& store, LedgerKey key);
    [[nodiscard]] Result<void> find_batch_key();
    [[nodiscard]] Result<void> hand_over(const Batch& batch);
    void publish(const std::string& note);

    ports::Store& store_;
    LedgerKey key_;
    std::shared_ptr<const Ed25519Signer> batch_key_;  // null while the root signs alone
    core::Tree tree_;
    std::optional<ports::SignedCheckpoint> unsaved_;
    std::shared_ptr<const SignedTree> signed_;
};

}  // namespace attacca::engine
