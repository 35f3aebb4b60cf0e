// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/uuid.h"

// Texts that can be forgotten: encrypted under a key that stands elsewhere and can be destroyed.
//
//   attacca-sealed/1 LF ‖ key id 16 ‖ n 16 ‖ commitment 32 ‖ ciphertext ‖ tag 16
//
// Each text has keys of its own, made from the secret and `n` (HKDF-Expand, RFC 5869): one that
// encrypts (XChaCha20-Poly1305), with the nonce `n` and eight zeros and everything before the
// ciphertext as associated data, and one for the commitment, which is HMAC-SHA256 of the text. The
// cipher alone commits to nothing: without the commitment a ciphertext could be made that opens to
// two texts under two keys. `n` comes from the text and its context, so equal input gives equal
// bytes.
//
// By libsodium. Deterministic, so core may use it. Safe from any thread. docs/formats/ledger.md.

namespace attacca {

inline constexpr std::string_view sealed_prefix = "attacca-sealed/1\n";
// How much longer the sealed form is.
inline constexpr std::size_t sealed_overhead = 17 + 16 + 16 + 32 + 16;

// 32 random bytes. Overwritten when it goes.
class SealSecret {
  public:
    static constexpr std::size_t size = 32;
    SealSecret() = default;
    // Precondition: `size` bytes.
    explicit SealSecret(std::string_view bytes);
    SealSecret(const SealSecret&) = default;
    SealSecret& operator=(const SealSecret&) = default;
    ~SealSecret();
    [[nodiscard]] std::string_view view() const;
    friend bool operator==(const SealSecret&, const SealSecret&) = default;

  private:
    std::array<char, size> bytes_{};
};

// `context` makes equal texts differ: their place.
[[nodiscard]] std::string seal(const Uuid& key, const SealSecret& secret, std::string_view context,
                               std::string_view text);
// The id of the key, or nothing when the bytes are not sealed.
[[nodiscard]] std::optional<Uuid> sealed_by(std::string_view bytes);
// Errors: corrupt, when the secret is another one or the bytes were changed.
[[nodiscard]] Result<std::string> unseal(const SealSecret& secret, std::string_view bytes);

}  // namespace attacca
