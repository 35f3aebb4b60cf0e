// SPDX-License-Identifier: Apache-2.0
#include "core/ledger/verify.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "core/ledger/codec.h"
#include "core/ledger/hash.h"
#include "core/ledger/origin.h"

namespace attacca::core {
namespace {

constexpr std::string_view key_rotated_name = "key_rotated";

std::string number(std::uint64_t value) {
    return std::to_string(value);
}

}  // namespace

Verifier::Verifier(VerifyPolicy policy)
    : policy_(std::move(policy)),
      key_chain_(policy_.key),
      root_(empty_root()),
      continuity_(policy_.key.name),
      last_root_(empty_root()) {
    for (const Delegation& window : policy_.windows) {
        delegations_.add(window);
        if (window.from_size > 0) {
            expect({.size = window.from_size, .root = window.from_root, .is_hand_over = true});
        }
    }
    for (const Checkpoint& anchor : policy_.anchors) {
        if (anchor.origin != policy_.key.name &&
            !is_former_origin(anchor.origin, policy_.key.name)) {
            add_failure(Fault::origin, std::nullopt,
                        "the anchor is of another ledger, " + quoted(anchor.origin));
        } else {
            expect({.size = anchor.size,
                    .root = anchor.root,
                    .is_anchor = true,
                    .origin = anchor.origin});
        }
    }
}

void Verifier::add_failure(Fault fault, std::optional<std::uint64_t> gseq, std::string detail) {
    verdict_ = worse_of(verdict_, verdict_of(fault, policy_.is_strict));
    if (fault == Fault::gap) {
        is_stopped_ = true;
    }
    const auto kind = static_cast<std::size_t>(fault);
    if (counts_.size() <= kind) {
        counts_.resize(kind + 1);
    }
    if (++counts_[kind] > kept_of_each_fault) {
        ++omitted_;
        return;
    }
    failures_.push_back({fault, gseq, std::move(detail)});
}

void Verifier::expect(Expected expected) {
    if (expected.size == 0) {
        if (expected.root != empty_root()) {
            add_failure(expected.is_anchor ? Fault::fork : Fault::sig, std::nullopt,
                        "a checkpoint of size 0 has a root of records");
        }
        return;
    }
    const auto after = std::upper_bound(
        expected_.begin(), expected_.end(), expected.size,
        [](std::uint64_t size, const Expected& other) { return size < other.size; });
    expected_.insert(after, std::move(expected));
}

void Verifier::add_batch(std::uint64_t first_gseq,
                         std::span<const std::string_view> records,
                         const Sha256& root,
                         const Visitor& visit,
                         std::span<const std::uint64_t> previous) {
    links_.clear();
    if (is_stopped_ || !is_next(first_gseq)) {
        return;
    }
    if (records.empty()) {
        add_failure(Fault::format, first_gseq, "a batch without records");
        return;
    }
    if (is_restore_record(records.front())) {
        begin_origin(first_gseq, records.front());
    }
    last_root_ = root;
    batch_first_ = first_gseq;
    all_leaves_stored_ = true;
    for (std::size_t i = 0; i < records.size(); ++i) {
        const Sha256 leaf = leaf_hash(records[i]);
        links_.push_back(leaf);
        check_stored_leaf(first_gseq + i, leaf);
        tree_.append(leaf);
        if (i + 1 < records.size()) {
            check_expected(false);
        }
    }
    check_root(first_gseq, root);
    check_full_tiles();
    check_expected(true);
    unsigned_batches_ = signed_size_ >= tree_.size() ? 0 : unsigned_batches_ + 1;
    for (std::size_t i = 0; i < records.size(); ++i) {
        Result<void> read = read_raw_record(records[i], raw_);
        read = read ? header_of(raw_, header_) : read;
        if (!read) {
            add_failure(Fault::format, first_gseq + i, read.error().detail);
            continue;
        }
        if (!pruned_.empty() && i < previous.size()) {
            resume_chain(header_, previous[i]);
        }
        check_record(first_gseq + i, records[i], header_, links_[i]);
        if (visit) {
            visit(i, raw_, header_);
        }
    }
    check_signer(tree_.size());
}

const std::string* Verifier::stored_tile(std::uint32_t level, std::uint64_t index) {
    if (!policy_.tiles) {
        return nullptr;
    }
    if (!tile_ || tile_->level != level || tile_->index != index) {
        Result<std::optional<std::string>> stored = policy_.tiles(level, index);
        tile_ = FullTile{level, index, {}};
        const std::string which = "tile " + number(level) + "/" + number(index);
        if (!stored) {
            add_failure(Fault::missing, std::nullopt, which + ": " + stored.error().text());
        } else if (stored->has_value() && (*stored)->size() != tile_bytes) {
            add_failure(Fault::format, std::nullopt, which + " has a wrong length");
        } else {
            tile_->hashes = std::move(*stored).value_or(std::string());
        }
    }
    return tile_->hashes.empty() ? nullptr : &tile_->hashes;
}

void Verifier::check_stored_leaf(std::uint64_t gseq, const Sha256& leaf) {
    const std::string* const tile = stored_tile(0, gseq / tile_width);
    if (tile == nullptr) {
        all_leaves_stored_ = false;
    } else if (std::memcmp(tile->data() + gseq % tile_width * hash_bytes, leaf.bytes.data(),
                           hash_bytes) != 0) {
        add_failure(Fault::leaf, gseq, "the record is not the one whose hash is stored");
        // The root cannot agree: that would say the same again.
        is_root_broken_ = true;
    }
}

void Verifier::check_full_tiles() {
    for (const FullTile& tile : tree_.take_full_tiles()) {
        const std::string which = "tile " + number(tile.level) + "/" + number(tile.index);
        const std::string* const stored = stored_tile(tile.level, tile.index);
        if (stored == nullptr) {
            if (policy_.tiles) {
                add_failure(Fault::missing, std::nullopt, which + " is not stored");
            }
        } else if (tile.level > 0 && !is_root_broken_ && *stored != tile.hashes) {
            add_failure(Fault::root, std::nullopt, which + " is not what its records give");
        }
    }
}

// A batch and its checkpoint ask for the same one, which costs a digest for each subtree.
const Sha256& Verifier::tree_root() {
    if (root_size_ != tree_.size()) {
        root_ = tree_.root();
        root_size_ = tree_.size();
    }
    return root_;
}

void Verifier::check_root(std::uint64_t first_gseq, const Sha256& root) {
    if (is_root_broken_ || tree_root() == root) {
        return;
    }
    is_root_broken_ = true;
    // Where the stored root is the signed one, it is the records that are not. A leaf that is
    // stored has been compared already, so that then it is the tree above.
    const bool is_root_signed =
        std::any_of(expected_.begin(), expected_.end(), [&](const Expected& expected) {
            return expected.size == tree_.size() && expected.root == root;
        });
    if (is_root_signed && !all_leaves_stored_) {
        add_failure(Fault::leaf, first_gseq,
                    "a record of this batch is not the one that was signed");
    } else {
        add_failure(Fault::root, first_gseq, "the records do not give the root of their batch");
    }
}

void Verifier::check_expected(bool is_end_of_batch) {
    while (!expected_.empty() && expected_.front().size == tree_.size()) {
        Expected expected = std::move(expected_.front());
        expected_.pop_front();
        if (expected.is_hand_over) {
            if (!is_root_broken_ && tree_root() != expected.root) {
                add_failure(Fault::fork, expected.size - 1,
                            "the ledger is another one than the root saw when it delegated a key");
            }
        } else if (!is_root_broken_ && tree_root() != expected.root) {
            add_failure(expected.is_anchor ? Fault::fork : Fault::sig, expected.size - 1,
                        expected.is_anchor ? "the ledger is another one than the anchor says"
                                           : name_of_checkpoint(expected.size) +
                                                 " is the signature of other records");
            if (expected.is_anchor) {
                forks_.push_back({expected.origin, expected.size, expected.root});
            }
        } else if (expected.is_anchor) {
            anchored_size_ = is_root_broken_ ? anchored_size_ : expected.size;
        } else if (!is_end_of_batch) {
            // Only the end of a batch is ever signed: records were added to a signed batch.
            add_failure(Fault::sig, expected.size,
                        name_of_checkpoint(expected.size) + " ends within a batch");
        } else if (!is_root_broken_) {
            note_signed(std::move(expected));
        }
    }
}

void Verifier::check_record(std::uint64_t gseq,
                            std::string_view record,
                            const RecordHeader& header,
                            const Sha256& link) {
    check_place(gseq, header);
    if (header.type == key_rotated_name) {
        check_hand_over(gseq, record);
    }
    const std::optional<Fault> fault = chains_.follow(header, link);
    if (fault) {
        const std::string_view why = *fault == Fault::final ? "a record after the end of its entity"
                                     : *fault == Fault::tenant
                                         ? "the records of its entity are of another tenant"
                                         : "it does not follow the record before it of its entity";
        add_failure(*fault, gseq, quoted(header.entity) + ": " + std::string(why));
    }
}

void Verifier::check_hand_over(std::uint64_t gseq, std::string_view record) {
    const Result<StoredRecord> stored = decode_record(record);
    if (!stored) {
        add_failure(Fault::format, gseq, stored.error().detail);
        return;
    }
    const auto refusal = key_chain_.add(std::get<KeyRotated>(stored->record.payload),
                                        stored->origin, batch_first_);
    if (refusal) {
        add_failure(refusal->is_fork ? Fault::fork : Fault::sig, gseq, refusal->why);
    }
}

void Verifier::check_place(std::uint64_t gseq, const RecordHeader& header) {
    if (!continuity_.is_in_force(header.origin)) {
        add_failure(Fault::origin, gseq,
                    "the record is of another ledger, " + quoted(header.origin));
    }
    if (header.gseq != gseq) {
        // While all before stood at their places, a smaller number was there before.
        const bool is_dup = header.gseq < gseq && !is_sequence_broken_;
        add_failure(is_dup ? Fault::dup : Fault::seq, gseq,
                    "the record says that it is number " + number(header.gseq));
        is_sequence_broken_ = true;
    }
    if (std::optional<std::string> why = continuity_.follow_time(header)) {
        add_failure(Fault::time, gseq, std::move(*why));
    }
}

}  // namespace attacca::core
