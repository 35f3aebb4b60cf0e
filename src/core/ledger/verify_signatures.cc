// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>
#include <utility>

#include "core/ledger/verify.h"

// The part of the verifier that reads checkpoints, and computes as few of their signatures as carry
// all others (decision 0016).

namespace attacca::core {

std::string Verifier::name_of_checkpoint(std::uint64_t size) {
    return "the checkpoint of size " + std::to_string(size);
}

// Whether the signature of a checkpoint of this size is computed as soon as it is given.
bool Verifier::is_signature_due(std::uint64_t size) const {
    return policy_.is_strict || size >= policy_.signatures_from ||
           size / signature_stride != checked_signature_size_ / signature_stride;
}

// `size`: that it is stored under.
bool Verifier::check_trust(std::uint64_t size, const CheckpointNote& note, bool is_due) {
    const auto which = [size] { return name_of_checkpoint(size); };
    switch (delegations_.check(note, key_of(note), !is_due)) {
        case NoteTrust::good:
            return true;
        case NoteTrust::bad:
            add_failure(Fault::sig, std::nullopt, which() + " has a wrong signature");
            return false;
        case NoteTrust::unsigned_by_key:
            add_failure(Fault::untrusted, std::nullopt,
                        which() + " is not signed by the ledger's key");
            break;
        case NoteTrust::outside_window:
            add_failure(Fault::key_window, std::nullopt,
                        which() + " is signed by a key that was not trusted with this size");
            break;
        case NoteTrust::other_origin:
            add_failure(Fault::origin, std::nullopt,
                        which() + " is of another ledger, " + quoted(note.checkpoint.origin));
            break;
    }
    has_foreign_checkpoints_ = true;
    return false;
}

void Verifier::add_checkpoint(std::uint64_t size, std::string_view note) {
    Result<CheckpointNote> parsed = parse_checkpoint(note);
    ++checkpoints_;
    if (!parsed) {
        add_failure(Fault::format, std::nullopt,
                    name_of_checkpoint(size) + ": " + parsed.error().detail);
        return;
    }
    const Checkpoint& stated = parsed->checkpoint;
    const bool is_due = is_signature_due(stated.size);
    if (!check_trust(size, *parsed, is_due)) {
        return;
    }
    if (is_due) {
        checked_signature_size_ = stated.size;
    } else {
        ++signatures_skipped_;
    }
    if (stated.size != size) {
        add_failure(Fault::sig, std::nullopt,
                    name_of_checkpoint(size) + " states the size " + std::to_string(stated.size));
        return;
    }
    if (size < last_checkpoint_size_ || size < tree_.size()) {
        add_failure(Fault::seq, std::nullopt,
                    name_of_checkpoint(size) + " comes too late to be compared");
        return;
    }
    last_checkpoint_size_ = size;
    expect({.size = size,
            .root = stated.root,
            .origin = stated.origin,
            .signer = parsed->signatures.front().key_id,
            .unchecked = is_due ? std::nullopt : std::optional(std::move(*parsed))});
    if (size == tree_.size()) {
        // Of the batch that was added last: a running server stores a signature after its batch.
        check_expected(true);
        check_signer(size);
        unsigned_batches_ = signed_size_ == size ? 0 : unsigned_batches_;
    }
}

// A checkpoint agrees with the records. One that does not, or that lies beyond them, carries none.
void Verifier::note_signed(Expected expected) {
    // The last signature of each key carries what that key signed.
    if (held_ && held_->signatures.front().key_id != expected.signer) {
        check_held();
    }
    if (!expected.unchecked) {
        proven_size_ = expected.size;
    }
    held_ = std::move(expected.unchecked);
    signed_size_ = expected.size;
    signed_origin_ = std::move(expected.origin);
}

// The newest signature carries all that its key made before, so it is checked in any case.
void Verifier::check_held() {
    if (!held_) {
        return;
    }
    --signatures_skipped_;
    const std::uint64_t size = held_->checkpoint.size;
    if (delegations_.check(*held_, key_of(*held_)) == NoteTrust::good) {
        proven_size_ = size;
    } else {
        add_failure(Fault::sig, std::nullopt, name_of_checkpoint(size) + " has a wrong signature");
        signed_size_ = std::min(signed_size_, proven_size_);
    }
    held_.reset();
}

}  // namespace attacca::core
