// SPDX-License-Identifier: Apache-2.0
#include "core/ledger/witness.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "core/ledger/hash.h"

namespace attacca::core {

Result<AddCheckpoint> parse_add_checkpoint(std::string_view body) {
    AddCheckpoint request;
    ATTACCA_TRY(request.extension, parse_extension(body));
    ATTACCA_TRY(request.note, parse_checkpoint(request.extension.checkpoint));
    return request;
}

int http_status_of(WitnessVerdict verdict) {
    switch (verdict) {
        case WitnessVerdict::accepted: return 200;
        case WitnessVerdict::old_too_large: return 400;
        case WitnessVerdict::not_signed: return 403;
        case WitnessVerdict::unknown_log: return 404;
        case WitnessVerdict::other_old_size:
        case WitnessVerdict::fork: return 409;
        case WitnessVerdict::not_extended: return 422;
    }
    ATTACCA_CHECK(false);
}

WitnessVerdict judge_checkpoint(const AddCheckpoint& request,
                                std::span<const NoteKey> keys,
                                const std::optional<TreeHead>& held) {
    const Checkpoint& checkpoint = request.note.checkpoint;
    bool is_known = false;
    bool is_signed = false;
    for (const NoteKey& key : keys) {
        const NoteTrust trust = check_note(request.note, key);
        is_known = is_known || trust != NoteTrust::other_origin;
        is_signed = is_signed || trust == NoteTrust::good;
    }
    if (!is_known) {
        return WitnessVerdict::unknown_log;
    }
    if (!is_signed) {
        return WitnessVerdict::not_signed;
    }
    const std::uint64_t old_size = request.extension.old_size;
    if (old_size > checkpoint.size) {
        return WitnessVerdict::old_too_large;
    }
    const TreeHead before = held.value_or(TreeHead{0, empty_root()});
    if (old_size != before.size) {
        return WitnessVerdict::other_old_size;
    }
    const TreeHead after{checkpoint.size, checkpoint.root};
    if (before.size == after.size && before.root != after.root) {
        return WitnessVerdict::fork;
    }
    return verify_consistency(before, after, request.extension.path)
               ? WitnessVerdict::accepted
               : WitnessVerdict::not_extended;
}

}  // namespace attacca::core
