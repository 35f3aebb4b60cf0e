// SPDX-License-Identifier: Apache-2.0
#include <optional>
#include <utility>

#include "core/ledger/origin.h"
#include "core/ledger/verify.h"

// The part of the verifier that knows of origins which follow each other.

namespace attacca::core {

// A former origin had the same key under its own name.
const NoteKey& Verifier::key_of(const CheckpointNote& note) {
    const std::string& origin = note.checkpoint.origin;
    if (origin == policy_.key.name || !is_former_origin(origin, policy_.key.name)) {
        return policy_.key;
    }
    former_key_ = {origin, policy_.key.key};
    return former_key_;
}

// From this record on the ledger has another origin, which the record itself explains.
void Verifier::begin_origin(std::uint64_t gseq, std::string_view record) {
    const Result<RecordHeader> header = read_header(record);
    const Result<LedgerRestored> restored =
        header ? read_restore(*header) : Result<LedgerRestored>(header.error());
    if (!restored) {
        add_failure(Fault::format, gseq, restored.error().detail);
        return;
    }
    if (const auto why = continuity_.restore(*restored, header->origin, gseq, last_root_)) {
        add_failure(Fault::origin, gseq, *why);
        return;
    }
    notes_.push_back("restored at record " + std::to_string(gseq) + " by " +
                     quoted(restored->by) + " (" + quoted(restored->reason) + "): " +
                     std::to_string(restored->lost_size - restored->kept_size) +
                     " records that the origin " + quoted(restored->former) +
                     " had signed beyond it are lost");
    give_up_anchors(*restored, gseq);
}

// Anchors of the former origin that lie beyond what was kept: the restore names their loss.
void Verifier::give_up_anchors(const LedgerRestored& restored, std::uint64_t gseq) {
    std::deque<Expected> left;
    for (Expected& expected : expected_) {
        if (!expected.is_anchor || expected.origin != restored.former || expected.size <= gseq) {
            left.push_back(std::move(expected));
        } else if (expected.size > restored.lost_size) {
            add_failure(Fault::rollback, gseq,
                        "the anchor is of size " + std::to_string(expected.size) +
                            ", and the restore names a loss up to " +
                            std::to_string(restored.lost_size));
        } else if (expected.size == restored.lost_size && expected.root != restored.lost_root) {
            add_failure(Fault::fork, gseq,
                        "the restore names another lost end than the anchor of its size");
        } else {
            notes_.push_back("the anchor of size " + std::to_string(expected.size) +
                             " is of what the restore names as lost");
        }
    }
    expected_ = std::move(left);
}

// Only the origin in force signs: a former one that signs again would make a second history.
void Verifier::check_signer(std::uint64_t size) {
    if (size > 0 && signed_size_ == size && !continuity_.origin().empty() &&
        signed_origin_ != continuity_.origin()) {
        add_failure(Fault::fork, size - 1,
                    "the checkpoint of size " + std::to_string(size) + " is of the origin " +
                        quoted(signed_origin_) + ", which is not the one in force");
    }
}

}  // namespace attacca::core
