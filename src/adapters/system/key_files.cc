// SPDX-License-Identifier: Apache-2.0
#include "adapters/system/key_files.h"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "adapters/system/files.h"
#include "adapters/system/system_entropy.h"
#include "base/bytes.h"
#include "base/digest.h"

namespace attacca::system {
namespace {

constexpr std::string_view batch_prefix = "batch-";
constexpr std::string_view batch_suffix = ".key";

Ed25519Seed seed_of(std::string_view bytes) {
    Ed25519Seed seed;
    std::transform(bytes.begin(), bytes.end(), seed.bytes.begin(),
                   [](char c) { return static_cast<std::uint8_t>(c); });
    return seed;
}

}  // namespace

std::string KeyFiles::path_of(const Ed25519PublicKey& key) const {
    return directory_ + "/" + std::string(batch_prefix) + hex(key.view()) +
           std::string(batch_suffix);
}

Result<Ed25519PublicKey> KeyFiles::create() {
    const std::string bytes = random_bytes(sizeof(Ed25519Seed::bytes));
    auto signer = std::make_shared<const Ed25519Signer>(seed_of(bytes));
    const std::string path = path_of(signer->public_key());
    if (Result<void> created = create_file(path, bytes); !created) {
        return created.error();
    }
    const std::lock_guard lock(mutex_);
    loaded_[path] = signer;
    return signer->public_key();
}

Result<std::shared_ptr<const Ed25519Signer>> KeyFiles::load(const Ed25519PublicKey& key) {
    const std::string path = path_of(key);
    const std::lock_guard lock(mutex_);
    if (const auto found = loaded_.find(path); found != loaded_.end()) {
        return found->second;
    }
    const Result<std::string> bytes = read_file(path, 4096);
    if (!bytes || bytes->size() != sizeof(Ed25519Seed::bytes)) {
        return fail(Problem::bad_configuration,
                    "the key that signs the ledger now, " + quoted(path) +
                        ", is missing or cannot be read");
    }
    auto signer = std::make_shared<const Ed25519Signer>(seed_of(*bytes));
    if (signer->public_key() != key) {
        return fail(Problem::bad_configuration, quoted(path) + " holds another key");
    }
    loaded_[path] = signer;
    return signer;
}

// The public halves stand in the names; other files are none of ours.
Result<std::vector<Ed25519PublicKey>> KeyFiles::list() const {
    std::vector<Ed25519PublicKey> keys;
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(directory_, error)) {
        const std::string name = entry.path().filename().string();
        if (!name.starts_with(batch_prefix) || !name.ends_with(batch_suffix)) {
            continue;
        }
        const std::size_t digits = name.size() - batch_prefix.size() - batch_suffix.size();
        const auto bytes = sha256_of_hex(name.substr(batch_prefix.size(), digits));
        if (bytes) {
            keys.push_back({bytes->bytes});
        }
    }
    return error ? Result<std::vector<Ed25519PublicKey>>(
                       error_of(error.value(), "read", directory_))
                 : Result<std::vector<Ed25519PublicKey>>(std::move(keys));
}

Result<std::optional<Ed25519PublicKey>> KeyFiles::find(const Sha256& hash) {
    ATTACCA_TRY(const std::vector<Ed25519PublicKey> keys, list());
    const auto found = std::find_if(keys.begin(), keys.end(), [&](const Ed25519PublicKey& key) {
        return sha256(key.view()) == hash;
    });
    return found == keys.end() ? std::nullopt : std::optional(*found);
}

Result<void> KeyFiles::erase_all_but(std::span<const Ed25519PublicKey> kept) {
    ATTACCA_TRY(const std::vector<Ed25519PublicKey> keys, list());
    const std::lock_guard lock(mutex_);
    for (const Ed25519PublicKey& key : keys) {
        if (std::find(kept.begin(), kept.end(), key) != kept.end()) {
            continue;
        }
        loaded_.erase(path_of(key));
        const Result<void> done =
            overwrite_and_remove(path_of(key), sizeof(Ed25519Seed::bytes));
        if (!done) {
            return done;
        }
    }
    return {};
}

}  // namespace attacca::system
