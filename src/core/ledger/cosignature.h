// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/signature.h"
#include "core/ledger/checkpoint.h"

// A witness's signature on a checkpoint: C2SP cosignature/v1. It says that, at this time, no larger
// tree of this log was known to the witness, and that all it knew before are its beginnings.
//
//   — name base64(key id ‖ time in seconds, u64 big-endian ‖ Ed25519 signature)
//
// The signature is over `cosignature/v1`, a line `time N`, and the three lines of the checkpoint.
// Pure.

namespace attacca::core {

// As a log's key, with the type 0x04 where that has 0x01, so that no signature can stand for the
// other kind.
struct WitnessKey {
    NoteKey key;
    KeyId id{};
    friend bool operator==(const WitnessKey&, const WitnessKey&) = default;
};
[[nodiscard]] WitnessKey witness_key_of(NoteKey key);
[[nodiscard]] std::string format_witness_vkey(const WitnessKey& witness);
// Errors: invalid_value, when it is no Ed25519 key of a witness or its hash is not that of the key.
[[nodiscard]] Result<WitnessKey> parse_witness_vkey(std::string_view text);

// The line, with its newline. `text` is that of CheckpointNote. Precondition: the signer's key is
// the witness's.
[[nodiscard]] std::string cosign(const Ed25519Signer& signer,
                                 const WitnessKey& witness,
                                 std::string_view text,
                                 std::uint64_t seconds);
// True when one of the lines is the witness's signature of this text. A line in his name that is
// not counts for nothing.
[[nodiscard]] bool is_cosigned(const CheckpointNote& note, const WitnessKey& witness);

// The note with the first line of `lines` that is the witness's signature of it, unless it has one
// already; nothing when there is none. `lines` come from outside: what is malformed is passed over.
[[nodiscard]] std::optional<std::string> add_cosignature(std::string_view note,
                                                         std::string_view lines,
                                                         const WitnessKey& witness);

}  // namespace attacca::core
