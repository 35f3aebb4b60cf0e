// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/signature.h"
#include "ports/signer.h"

// Keys in files of the data directory: the root in `keys/ledger.key`, which is loaded by DataDir,
// and each batch key in `keys/batch-<public key in hexadecimal>.key` (mode 0600).

namespace attacca::system {

class FileSigner final : public ports::Signer {
  public:
    explicit FileSigner(std::shared_ptr<const Ed25519Signer> key) : key_(std::move(key)) {}
    [[nodiscard]] Ed25519PublicKey public_key() const override { return key_->public_key(); }
    [[nodiscard]] Result<Ed25519Signature> sign(std::string_view bytes) override {
        return key_->sign(bytes);
    }

  private:
    std::shared_ptr<const Ed25519Signer> key_;
};

// Safe from any thread. What is erased is overwritten first; a file system that keeps old blocks
// (a snapshot, a solid-state disk) may keep it all the same.
class KeyFiles final : public ports::BatchKeys {
  public:
    explicit KeyFiles(std::string directory) : directory_(std::move(directory)) {}

    [[nodiscard]] Result<Ed25519PublicKey> create() override;
    [[nodiscard]] Result<std::shared_ptr<const Ed25519Signer>> load(
        const Ed25519PublicKey& key) override;
    [[nodiscard]] Result<std::optional<Ed25519PublicKey>> find(const Sha256& hash) override;
    [[nodiscard]] Result<void> erase_all_but(std::span<const Ed25519PublicKey> kept) override;

  private:
    [[nodiscard]] Result<std::vector<Ed25519PublicKey>> list() const;
    [[nodiscard]] std::string path_of(const Ed25519PublicKey& key) const;

    std::string directory_;
    std::mutex mutex_;
    std::map<std::string, std::shared_ptr<const Ed25519Signer>> loaded_;  // by path
};

}  // namespace attacca::system
