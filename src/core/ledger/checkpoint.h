// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/signature.h"

// A checkpoint states the ledger's size and root; signed, it is a C2SP signed note:
//
//   origin
//   size
//   base64 of the root
//                                      (an empty line)
//   — origin base64(key id ‖ signature)
//
// The text has exactly three lines: time and node belong into records. More signature lines may
// follow (witnesses); those of unknown keys are passed over. The key is named like the origin.
//
// Pure: Ed25519 is deterministic, so that signing a size again gives the same note.

namespace attacca::core {

// A verifier key as text: `name+hash+base64(0x01 ‖ public key)`, C2SP signed-note.
struct NoteKey {
    std::string name;
    Ed25519PublicKey key;
    friend bool operator==(const NoteKey&, const NoteKey&) = default;
};
using KeyId = std::array<std::uint8_t, 4>;

// The first bytes of SHA-256(name ‖ "\n" ‖ 0x01 ‖ public key): a hint which key signed.
[[nodiscard]] KeyId key_id_of(const NoteKey& key);
[[nodiscard]] std::string format_vkey(const NoteKey& key);
// Errors: invalid_value, when it is no Ed25519 verifier key or its hash is not that of the key.
[[nodiscard]] Result<NoteKey> parse_vkey(std::string_view text);

struct Checkpoint {
    std::string origin;
    std::uint64_t size = 0;
    Sha256 root;
    friend bool operator==(const Checkpoint&, const Checkpoint&) = default;
};

// The three lines that are signed.
[[nodiscard]] std::string checkpoint_text(const Checkpoint& checkpoint);
[[nodiscard]] std::string sign_checkpoint(const Ed25519Signer& signer,
                                          std::string_view origin,
                                          std::uint64_t size,
                                          const Sha256& root);

struct NoteSignature {
    std::string name;
    KeyId key_id{};
    std::string bytes;  // what follows the key id; 64 of them for Ed25519
};
struct CheckpointNote {
    Checkpoint checkpoint;
    std::string text;  // the signed bytes
    std::vector<NoteSignature> signatures;
};
// A line of a note, with its newline, and back from one without it.
[[nodiscard]] std::string signature_line(const NoteSignature& signature);
[[nodiscard]] bool read_signature_line(std::string_view line, NoteSignature& out);
// Whether a key, and so an origin, may have this name.
[[nodiscard]] bool is_key_name(std::string_view name);
// Reads the form only. Errors: corrupt.
[[nodiscard]] Result<CheckpointNote> parse_checkpoint(std::string_view note);

enum class NoteTrust {
    good,             // signed by the key, and the origin is the key's name
    unsigned_by_key,  // no signature line names the key
    bad,              // a line names the key, and its signature is not the key's
    other_origin,
    outside_window,   // signed by a delegated key for a size that is not its own (keys.h)
};
[[nodiscard]] NoteTrust check_note(const CheckpointNote& note, const NoteKey& key);
// The same without the signature itself, which costs as much as hashing 200 records: `good` says
// only that the note has one line that claims to be of the key.
[[nodiscard]] NoteTrust check_note_form(const CheckpointNote& note, const NoteKey& key);

// parse_checkpoint and check_note in one. Errors: corrupt.
[[nodiscard]] Result<Checkpoint> open_checkpoint(std::string_view note, const NoteKey& key);

}  // namespace attacca::core
