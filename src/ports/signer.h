// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "base/signature.h"

// The keys of the ledger, as the engine needs them.

namespace attacca::ports {

// The root key, wherever it is: a file, or a service that may be slow or gone. Nothing that commits
// waits for it.
class Signer {
  public:
    virtual ~Signer() = default;
    [[nodiscard]] virtual Ed25519PublicKey public_key() const = 0;
    // Ed25519 over the bytes as they are, not over a hash of them. Safe from any thread; may take
    // as long as it likes. Errors: unavailable, io_error.
    [[nodiscard]] virtual Result<Ed25519Signature> sign(std::string_view bytes) = 0;
};

// The short-lived keys that sign batches. They never leave this machine.
class BatchKeys {
  public:
    virtual ~BatchKeys() = default;
    // A new key, durable when this returns. Errors: io_error, storage_full.
    [[nodiscard]] virtual Result<Ed25519PublicKey> create() = 0;
    // Errors: bad_configuration, when it is not there any more; io_error.
    [[nodiscard]] virtual Result<std::shared_ptr<const Ed25519Signer>> load(
        const Ed25519PublicKey& key) = 0;
    // The key whose public half has this SHA-256; nothing when it is not there.
    [[nodiscard]] virtual Result<std::optional<Ed25519PublicKey>> find(const Sha256& hash) = 0;
    // Destroys every key but these: whoever comes later finds nothing to sign the past with.
    [[nodiscard]] virtual Result<void> erase_all_but(std::span<const Ed25519PublicKey> kept) = 0;
};

}  // namespace attacca::ports
