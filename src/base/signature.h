// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

// Ed25519 (RFC 8032) by libsodium: deterministic, so signing the same bytes again gives the same
// signature. Verification is strict: non-canonical and small-order inputs are refused.

namespace attacca {

struct Ed25519Seed {
    std::array<std::uint8_t, 32> bytes{};
};
struct Ed25519PublicKey {
    std::array<std::uint8_t, 32> bytes{};
    friend bool operator==(const Ed25519PublicKey&, const Ed25519PublicKey&) = default;
    [[nodiscard]] std::string_view view() const {
        return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
    }
};
struct Ed25519Signature {
    std::array<std::uint8_t, 64> bytes{};
    friend bool operator==(const Ed25519Signature&, const Ed25519Signature&) = default;
    [[nodiscard]] std::string_view view() const {
        return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
    }
};

// Holds a private key; the memory is wiped at the end. Movable, not copyable. Safe from any thread.
class Ed25519Signer {
  public:
    explicit Ed25519Signer(const Ed25519Seed& seed);
    ~Ed25519Signer();
    Ed25519Signer(Ed25519Signer&& other) noexcept;
    Ed25519Signer& operator=(Ed25519Signer&&) = delete;
    Ed25519Signer(const Ed25519Signer&) = delete;
    Ed25519Signer& operator=(const Ed25519Signer&) = delete;

    [[nodiscard]] Ed25519Signature sign(std::string_view message) const;
    [[nodiscard]] const Ed25519PublicKey& public_key() const { return public_key_; }

  private:
    std::array<std::uint8_t, 64> secret_{};
    Ed25519PublicKey public_key_;
};

[[nodiscard]] bool ed25519_verify(const Ed25519PublicKey& key,
                                  std::string_view message,
                                  const Ed25519Signature& signature);

// True when the texts are equal; takes the same time wherever they differ (for tokens and MACs).
[[nodiscard]] bool equal_in_constant_time(std::string_view a, std::string_view b);

}  // namespace attacca
