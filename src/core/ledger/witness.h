// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "core/ledger/checkpoint.h"
#include "core/ledger/proof.h"
#include "core/ledger/proof_text.h"

// What a witness answers to add-checkpoint (C2SP tlog-witness): whether a checkpoint goes on from
// the one that it cosigned last. Who calls keeps that one, and lets nobody in between.
//
// A witness needs no record: it sees origin, size, root and hashes.
// Pure.

namespace attacca::core {

struct AddCheckpoint {
    ExtensionText extension;
    CheckpointNote note;  // of extension.checkpoint
};
// Errors: corrupt; a proof of too many hashes is one.
[[nodiscard]] Result<AddCheckpoint> parse_add_checkpoint(std::string_view body);

enum class WitnessVerdict : std::uint8_t {
    accepted,        // 200: to be kept, then cosigned
    old_too_large,   // 400: the old size is beyond the checkpoint's
    unknown_log,     // 404
    not_signed,      // 403: no line of a key of this log is its signature
    other_old_size,  // 409: the old size is not that of the newest cosigned checkpoint
    fork,            // 409: the same size with another root
    not_extended,    // 422: the proof does not lead from there to here
};
[[nodiscard]] int http_status_of(WitnessVerdict verdict);

// `keys`: those of logs that the witness follows. `held`: the newest cosigned tree of the origin,
// nothing before the first.
[[nodiscard]] WitnessVerdict judge_checkpoint(const AddCheckpoint& request,
                                              std::span<const NoteKey> keys,
                                              const std::optional<TreeHead>& held);

}  // namespace attacca::core
