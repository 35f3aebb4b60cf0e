// SPDX-License-Identifier: Apache-2.0
#include "base/signature.h"

#include <sodium.h>

#include "base/check.h"

namespace attacca {
namespace {

static_assert(crypto_sign_ed25519_SEEDBYTES == sizeof(Ed25519Seed));
static_assert(crypto_sign_ed25519_PUBLICKEYBYTES == sizeof(Ed25519PublicKey));
static_assert(crypto_sign_ed25519_BYTES == sizeof(Ed25519Signature));

// libsodium picks its implementations here; nothing else of it may run before.
void initialise() {
    static const bool is_ready = sodium_init() >= 0;
    ATTACCA_CHECK(is_ready);
}

const unsigned char* octets(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

}  // namespace

Ed25519Signer::Ed25519Signer(const Ed25519Seed& seed) {
    static_assert(sizeof secret_ == crypto_sign_ed25519_SECRETKEYBYTES);
    initialise();
    ATTACCA_CHECK(crypto_sign_ed25519_seed_keypair(public_key_.bytes.data(), secret_.data(),
                                                   seed.bytes.data()) == 0);
}

Ed25519Signer::~Ed25519Signer() {
    sodium_memzero(secret_.data(), secret_.size());
}

Ed25519Signer::Ed25519Signer(Ed25519Signer&& other) noexcept
    : secret_(other.secret_), public_key_(other.public_key_) {
    sodium_memzero(other.secret_.data(), other.secret_.size());
}

Ed25519Signature Ed25519Signer::sign(std::string_view message) const {
    // A signer that was moved from holds no key; libsodium would sign with zeros.
    ATTACCA_CHECK(sodium_is_zero(secret_.data(), secret_.size()) == 0);
    Ed25519Signature signature;
    ATTACCA_CHECK(crypto_sign_ed25519_detached(signature.bytes.data(), nullptr, octets(message),
                                               message.size(), secret_.data()) == 0);
    return signature;
}

bool ed25519_verify(const Ed25519PublicKey& key,
                    std::string_view message,
                    const Ed25519Signature& signature) {
    initialise();
    return crypto_sign_ed25519_verify_detached(signature.bytes.data(), octets(message),
                                               message.size(), key.bytes.data()) == 0;
}

bool equal_in_constant_time(std::string_view a, std::string_view b) {
    // The lengths are no secret: every token of ours has the same.
    return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace attacca
