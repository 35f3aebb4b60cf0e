// SPDX-License-Identifier: Apache-2.0
#include "base/sealing.h"

#include <algorithm>

#include <sodium.h>

#include "base/check.h"

namespace attacca {
namespace {

constexpr std::size_t id_bytes = 16;
constexpr std::size_t n_bytes = 16;
constexpr std::size_t hash_bytes = crypto_auth_hmacsha256_BYTES;
constexpr std::size_t tag_bytes = crypto_aead_xchacha20poly1305_ietf_ABYTES;
constexpr std::size_t n_at = sealed_prefix.size() + id_bytes;
constexpr std::size_t commitment_at = n_at + n_bytes;
constexpr std::size_t header_bytes = commitment_at + hash_bytes;

static_assert(header_bytes + tag_bytes == sealed_overhead);
static_assert(crypto_aead_xchacha20poly1305_ietf_KEYBYTES == hash_bytes);

using Hash = std::array<unsigned char, hash_bytes>;

void prepare_sodium() {
    static const bool is_ready = sodium_init() >= 0;
    ATTACCA_CHECK(is_ready);
}

const unsigned char* bytes_of(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

// HMAC-SHA256 of the parts, one after another.
Hash mac_of(const unsigned char* key, std::initializer_list<std::string_view> parts) {
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init(&state, key, hash_bytes);
    for (const std::string_view part : parts) {
        crypto_auth_hmacsha256_update(&state, bytes_of(part), part.size());
    }
    Hash out;
    crypto_auth_hmacsha256_final(&state, out.data());
    sodium_memzero(&state, sizeof state);
    return out;
}

// HKDF-Expand of one block. The secret is as random as a key can be, so nothing is extracted.
Hash derived(const SealSecret& secret, std::string_view purpose, std::string_view n) {
    constexpr std::string_view block_one("\x01", 1);
    return mac_of(bytes_of(secret.view()), {purpose, n, block_one});
}

Hash commitment_of(const SealSecret& secret, std::string_view n, std::string_view text) {
    Hash key = derived(secret, "attacca-commit/1", n);
    const Hash out = mac_of(key.data(), {text});
    sodium_memzero(key.data(), key.size());
    return out;
}

std::array<unsigned char, crypto_aead_xchacha20poly1305_ietf_NPUBBYTES> nonce_of(
    std::string_view n) {
    std::array<unsigned char, crypto_aead_xchacha20poly1305_ietf_NPUBBYTES> nonce{};
    std::copy_n(bytes_of(n), n_bytes, nonce.begin());
    return nonce;
}

std::string_view view_of(const Hash& hash, std::size_t length = hash_bytes) {
    return {reinterpret_cast<const char*>(hash.data()), length};
}

}  // namespace

SealSecret::SealSecret(std::string_view bytes) {
    ATTACCA_CHECK(bytes.size() == size);
    std::copy(bytes.begin(), bytes.end(), bytes_.begin());
}

SealSecret::~SealSecret() { sodium_memzero(bytes_.data(), bytes_.size()); }

std::string_view SealSecret::view() const { return {bytes_.data(), bytes_.size()}; }

std::string seal(const Uuid& key, const SealSecret& secret, std::string_view context,
                 std::string_view text) {
    prepare_sodium();
    Hash maker = derived(secret, "attacca-nonce/1", {});
    const std::string length = std::to_string(context.size()) + ":";
    const Hash n = mac_of(maker.data(), {length, context, text});
    sodium_memzero(maker.data(), maker.size());
    const std::string_view n_view = view_of(n, n_bytes);
    std::string out(sealed_prefix);
    out.reserve(text.size() + sealed_overhead);
    out.append(reinterpret_cast<const char*>(key.bytes.data()), id_bytes);
    out += n_view;
    out += view_of(commitment_of(secret, n_view, text));
    out.resize(text.size() + sealed_overhead);
    Hash cipher_key = derived(secret, "attacca-seal/1", n_view);
    ATTACCA_CHECK(crypto_aead_xchacha20poly1305_ietf_encrypt(
                      reinterpret_cast<unsigned char*>(out.data()) + header_bytes, nullptr,
                      bytes_of(text), text.size(), bytes_of(out), header_bytes, nullptr,
                      nonce_of(n_view).data(), cipher_key.data()) == 0);
    sodium_memzero(cipher_key.data(), cipher_key.size());
    return out;
}

std::optional<Uuid> sealed_by(std::string_view bytes) {
    if (bytes.size() < sealed_overhead || !bytes.starts_with(sealed_prefix)) {
        return std::nullopt;
    }
    Uuid key;
    std::copy_n(bytes_of(bytes) + sealed_prefix.size(), id_bytes, key.bytes.begin());
    return key;
}

Result<std::string> unseal(const SealSecret& secret, std::string_view bytes) {
    prepare_sodium();
    if (!sealed_by(bytes)) {
        return fail(Problem::corrupt, "the bytes are not sealed");
    }
    const std::string_view n = bytes.substr(n_at, n_bytes);
    std::string text(bytes.size() - sealed_overhead, '\0');
    Hash cipher_key = derived(secret, "attacca-seal/1", n);
    const bool is_open = crypto_aead_xchacha20poly1305_ietf_decrypt(
                             reinterpret_cast<unsigned char*>(text.data()), nullptr, nullptr,
                             bytes_of(bytes) + header_bytes, bytes.size() - header_bytes,
                             bytes_of(bytes), header_bytes, nonce_of(n).data(),
                             cipher_key.data()) == 0;
    sodium_memzero(cipher_key.data(), cipher_key.size());
    if (!is_open) {
        return fail(Problem::corrupt, "a sealed text was changed, or its key is another one");
    }
    const Hash commitment = commitment_of(secret, n, text);
    if (sodium_memcmp(commitment.data(), bytes_of(bytes) + commitment_at, hash_bytes) != 0) {
        return fail(Problem::corrupt, "a sealed text is not the one that was committed to");
    }
    return text;
}

}  // namespace attacca
