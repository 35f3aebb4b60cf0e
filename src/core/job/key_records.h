// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/bytes.h"
#include "base/signature.h"

// What the server records about the keys that sign the ledger. Hand-overs stand in a chain of their
// own (entity `keys`), so that they are found without reading everything else.

namespace attacca::core {

inline constexpr const char* keys_entity = "keys";

// From the batch of this record on, another key signs. Both sign the hand-over, and the one before
// it has named the new key already, by its hash.
struct KeyRotated {
    std::string delegation;  // core/ledger/keys.h: the root's note that names the new key
    Ed25519PublicKey key;
    Sha256 next;  // SHA-256 of the public key that comes after this one
    Ed25519PublicKey old_key;
    Ed25519Signature signature;      // of `key` over the hand-over
    Ed25519Signature old_signature;  // of `old_key` over the same
    friend bool operator==(const KeyRotated&, const KeyRotated&) = default;
};

// The root does not answer, or again. Nothing waits for it: the key in hand goes on signing.
struct SignerDegraded {
    std::string why;
    friend bool operator==(const SignerDegraded&, const SignerDegraded&) = default;
};
struct SignerRestored {
    friend bool operator==(const SignerRestored&, const SignerRestored&) = default;
};

}  // namespace attacca::core
