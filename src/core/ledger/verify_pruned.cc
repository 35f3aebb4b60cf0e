// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>

#include "core/ledger/verify.h"

// The part of the verifier that goes on over records whose words are gone.

namespace attacca::core {

bool Verifier::is_next(std::uint64_t first_gseq) {
    if (first_gseq == tree_.size()) {
        return true;
    }
    // Without the records between, neither the tree nor the chains can go on.
    add_failure(first_gseq > tree_.size() ? Fault::gap : Fault::dup, tree_.size(),
                "the next batch begins at " + std::to_string(first_gseq) + ", not at " +
                    std::to_string(tree_.size()));
    is_stopped_ = true;
    return false;
}

void Verifier::add_pruned(std::uint64_t first_gseq, std::uint64_t count, const Sha256& root) {
    links_.clear();
    if (is_stopped_ || !is_next(first_gseq)) {
        return;
    }
    last_root_ = root;
    batch_first_ = first_gseq;
    all_leaves_stored_ = true;
    for (std::uint64_t gseq = first_gseq; gseq - first_gseq < count; ++gseq) {
        const std::string* const tile = stored_tile(0, gseq / tile_width);
        if (tile == nullptr) {
            add_failure(Fault::missing, gseq,
                        "of a pruned record the hash is not stored: what follows could not be "
                        "checked");
            is_stopped_ = true;
            return;
        }
        tree_.append(hash_at(*tile, gseq % tile_width));
        if (gseq + 1 - first_gseq < count) {
            check_expected(false);
        }
    }
    check_root(first_gseq, root);
    check_full_tiles();
    check_expected(true);
    unsigned_batches_ = signed_size_ >= tree_.size() ? 0 : unsigned_batches_ + 1;
    check_signer(tree_.size());
    continuity_.pass_over();
    if (!pruned_.empty() && pruned_.back().second == first_gseq) {
        pruned_.back().second = tree_.size();
    } else {
        pruned_.emplace_back(first_gseq, tree_.size());
    }
}

void Verifier::resume_chain(const RecordHeader& header, std::uint64_t previous) {
    const auto after = std::upper_bound(
        pruned_.begin(), pruned_.end(), previous,
        [](std::uint64_t gseq, const auto& range) { return gseq < range.first; });
    if (after == pruned_.begin() || previous >= std::prev(after)->second) {
        return;
    }
    const std::string* const tile = stored_tile(0, previous / tile_width);
    if (tile != nullptr && hash_at(*tile, previous % tile_width) == header.prev) {
        chains_.resume(header);
    }
}

}  // namespace attacca::core
