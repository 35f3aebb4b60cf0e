// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "core/job/key_records.h"
#include "core/ledger/checkpoint.h"

// Which keys may sign for a ledger, and for which sizes of it.
//
// The root is the ledger's key: the one that strangers know, and whose signature is good for every
// size. Batches are signed by a batch key, which the root delegates for a window of sizes:
//
//   attacca-delegation/1
//   origin
//   verifier key of the batch key
//   size behind which it signs
//   largest size that it signs
//   base64 of the root of the tree of the first of these sizes
//   until when the server uses it (for the server alone: verification goes by sizes)
//                                      (an empty line)
//   — origin base64(key id of the root ‖ signature)
//
// A window begins with a tree that the root has seen, so a delegation is an anchor too: a tree that
// does not go on from there is another one. A hand-over (KeyRotated) is signed by the key before
// and the key after it, and names the one after that by its hash.
//
// Under another origin, which a restore begins, the root signs alone again and the hand-overs begin
// anew: the copy that was restored may be without the key that its own records name.
//
// Pure.

namespace attacca::core {

struct Delegation {
    NoteKey key;
    std::uint64_t from_size = 0;
    std::uint64_t to_size = 0;
    Sha256 from_root;
    WallTime not_after;
    friend bool operator==(const Delegation&, const Delegation&) = default;
};

// The lines that the root signs.
[[nodiscard]] std::string delegation_text(const Delegation& delegation);
[[nodiscard]] std::string delegation_note(const Delegation& delegation,
                                          const NoteKey& root,
                                          const Ed25519Signature& signature);
// A delegation that the root signed. Errors: corrupt (it is none), invalid_value (another key's).
[[nodiscard]] Result<Delegation> open_delegation(std::string_view note, const NoteKey& root);

// What the old and the new key of a hand-over sign.
[[nodiscard]] std::string rotation_text(std::string_view origin, const KeyRotated& rotated);

// The keys that a root has delegated.
class Delegations {
  public:
    void add(const Delegation& delegation);
    // The key was handed over: from here on it signs nothing larger.
    void close(const Ed25519PublicKey& key, std::uint64_t to_size);

    // What the delegated keys say of the note: `unsigned_by_key` when none of them signed it.
    // `is_form_only`: without computing the signature.
    [[nodiscard]] NoteTrust check(const CheckpointNote& note, bool is_form_only = false) const;
    // What the root and the keys say. One line that is wrong, or outside of its window, spoils the
    // note, whoever else signed it.
    [[nodiscard]] NoteTrust check(const CheckpointNote& note,
                                  const NoteKey& root,
                                  bool is_form_only = false) const;
    // Those that signed the note, by the key ids of its lines.
    [[nodiscard]] std::vector<Delegation> signers_of(const CheckpointNote& note) const;
    [[nodiscard]] bool is_empty() const { return keys_.empty(); }

  private:
    std::multimap<KeyId, Delegation> keys_;
};

// The hand-overs of a ledger, in order, and whether each follows from the one before it.
class KeyChain {
  public:
    explicit KeyChain(NoteKey root) : root_(std::move(root)) {}

    struct Refusal {
        bool is_fork = false;  // the new key is not the one that was named before
        std::string why;
    };
    // `origin`: of the record. `first_gseq`: of its batch. Nothing, or why the hand-over is none.
    [[nodiscard]] std::optional<Refusal> add(const KeyRotated& rotated,
                                             std::string_view origin,
                                             std::uint64_t first_gseq);

    [[nodiscard]] const NoteKey& root() const { return root_; }
    [[nodiscard]] const Delegations& delegations() const { return delegations_; }
    // The newest hand-over under this origin; null while the root itself signs for it.
    [[nodiscard]] const KeyRotated* newest(std::string_view origin) const;
    // All windows, of former origins too.
    [[nodiscard]] const std::vector<Delegation>& windows() const { return windows_; }
    // The notes of the same, as the root signed them.
    [[nodiscard]] const std::vector<std::string>& notes() const { return notes_; }

  private:
    NoteKey root_;
    Delegations delegations_;
    std::vector<Delegation> windows_;  // to_size is where a key really ended
    std::vector<std::string> notes_;
    std::optional<KeyRotated> newest_;
};

}  // namespace attacca::core
