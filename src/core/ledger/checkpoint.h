// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "base/signature.h"

// A checkpoint is a signed statement of the tree at one size: C2SP tlog-checkpoint in C2SP
// signed-note form, so that existing tools read it.
//
//   <origin>\n<size>\n<base64 root>\n\n— <name> <base64 of 4 bytes key hash ‖ 64 bytes signature>\n
//
// The text has exactly three lines: an extension line is refused, because cosignatures need not
// cover it. Time, node and epoch stand in records instead.
//
// Pure. Safe from any thread.

namespace attacca::core {

// A name and an Ed25519 public key: what a verifier trusts. Written as a vkey,
// `<name>+<key hash in hexadecimal>+<base64 of 0x01 ‖ key>`.
struct NoteKey {
    std::string name;
    Ed25519PublicKey key;
    friend bool operator==(const NoteKey&, const NoteKey&) = default;
};

// First four bytes of SHA-256(name ‖ "\n" ‖ 0x01 ‖ key).
[[nodiscard]] std::array<std::uint8_t, 4> key_hash_of(const NoteKey& key);
[[nodiscard]] std::string format_vkey(const NoteKey& key);
// Errors: invalid_value (form, algorithm, or a key hash that does not belong to the key).
[[nodiscard]] Result<NoteKey> parse_vkey(std::string_view text);

struct Checkpoint {
    std::string origin;
    std::uint64_t size = 0;
    Sha256 root;
    friend bool operator==(const Checkpoint&, const Checkpoint&) = default;
};

// The three lines that are signed.
[[nodiscard]] std::string checkpoint_text(const Checkpoint& checkpoint);

// The signed note. Ed25519 is deterministic: the same tree gives the same bytes.
[[nodiscard]] std::string sign_checkpoint(const Ed25519Signer& signer,
                                          std::string_view origin,
                                          std::uint64_t size,
                                          const Sha256& root);

// Reads the note without believing it. Errors: corrupt (E_FORMAT).
[[nodiscard]] Result<Checkpoint> read_checkpoint(std::string_view note);

// Reads the note and checks that `key` signed it and that its origin is the key's name. Lines of
// other signers are ignored. Errors: corrupt (form), token_invalid (no valid signature by the key).
[[nodiscard]] Result<Checkpoint> open_checkpoint(std::string_view note, const NoteKey& key);

}  // namespace attacca::core
