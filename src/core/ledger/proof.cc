// SPDX-License-Identifier: Apache-2.0
#include "core/ledger/proof.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "base/check.h"
#include "core/ledger/hash.h"

namespace attacca::core {
namespace {

// The leaves [begin, end) of a subtree that the tree's definition makes: `begin` is a multiple of a
// power of two that is at least end - begin.
struct LeafRange {
    std::uint64_t begin = 0;
    std::uint64_t end = 0;

    [[nodiscard]] std::uint64_t count() const { return end - begin; }
    // Where RFC 6962 cuts it: the left part is perfect and as large as can be.
    // Precondition: count() > 1.
    [[nodiscard]] std::uint64_t middle() const { return begin + std::bit_floor(count() - 1); }
};

Result<Sha256> root_of(HashReader& hashes, LeafRange range) {
    // The perfect subtrees from left to right; the root folds them from the right.
    std::vector<Sha256> roots;
    while (range.count() > 0) {
        const std::uint64_t width = std::bit_floor(range.count());
        const auto height = static_cast<std::uint32_t>(std::countr_zero(width));
        ATTACCA_TRY(const Sha256 node, hashes.node(height, range.begin >> height));
        roots.push_back(node);
        range.begin += width;
    }
    ATTACCA_CHECK(!roots.empty());
    Sha256 root = roots.back();
    for (std::size_t i = roots.size() - 1; i > 0; --i) {
        root = node_hash(roots[i - 1], root);
    }
    return root;
}

// Shifts both until the condition of RFC 9162 holds, at least not at all.
void shift_while_even(std::uint64_t& a, std::uint64_t& b) {
    while (a != 0 && (a & 1U) == 0) {
        a >>= 1U;
        b >>= 1U;
    }
}

}  // namespace

Result<Sha256> TiledHashes::node(std::uint32_t height, std::uint64_t index) {
    if (height >= 64 || index >= tree_.size() >> height) {
        return fail(Problem::out_of_range, "the tree has no such node");
    }
    const std::uint32_t level = height / tile_height;
    const std::uint32_t within = height % tile_height;
    const std::uint64_t first = index << within;
    const std::size_t at = first % tile_width * hash_bytes;
    const std::size_t size = hash_bytes << within;
    const std::uint64_t tile = first / tile_width;
    const std::uint64_t full_tiles = tree_.size() >> (level * tile_height) >> tile_height;
    if (tile >= full_tiles) {
        return subtree_root(tree_.edge(level).substr(at, size));
    }
    if (!last_ || last_->level != level || last_->index != tile) {
        ATTACCA_TRY(std::string stored, read_(level, tile));
        if (stored.size() != tile_bytes) {
            return fail(Problem::corrupt, "tile " + std::to_string(level) + "/" +
                                              std::to_string(tile) + " has a wrong length");
        }
        last_ = FullTile{level, tile, std::move(stored)};
    }
    return subtree_root(std::string_view(last_->hashes).substr(at, size));
}

Result<std::vector<Sha256>> inclusion_proof(HashReader& hashes,
                                            std::uint64_t index,
                                            std::uint64_t size) {
    if (index >= size) {
        return fail(Problem::out_of_range, "the tree has no such leaf");
    }
    // Down from the root: the sibling of each subtree on the way is a step of the proof.
    std::vector<Sha256> proof;
    LeafRange range{0, size};
    while (range.count() > 1) {
        const std::uint64_t middle = range.middle();
        const bool is_left = index < middle;
        const LeafRange sibling =
            is_left ? LeafRange{middle, range.end} : LeafRange{range.begin, middle};
        range = is_left ? LeafRange{range.begin, middle} : LeafRange{middle, range.end};
        ATTACCA_TRY(const Sha256 node, root_of(hashes, sibling));
        proof.push_back(node);
    }
    std::reverse(proof.begin(), proof.end());
    return proof;
}

bool verify_inclusion(const Sha256& leaf,
                      LeafPlace place,
                      std::span<const Sha256> proof,
                      const Sha256& root) {
    if (place.index >= place.size) {
        return false;
    }
    std::uint64_t node = place.index;
    std::uint64_t last = place.size - 1;
    Sha256 hash = leaf;
    for (const Sha256& step : proof) {
        if (last == 0) {
            return false;
        }
        if ((node & 1U) != 0 || node == last) {
            hash = node_hash(step, hash);
            shift_while_even(node, last);
        } else {
            hash = node_hash(hash, step);
        }
        node >>= 1U;
        last >>= 1U;
    }
    return last == 0 && hash == root;
}

std::size_t inclusion_length(LeafPlace place) {
    std::size_t length = 0;
    LeafRange range{0, place.size};
    for (; range.count() > 1; ++length) {
        const std::uint64_t middle = range.middle();
        range = place.index < middle ? LeafRange{range.begin, middle}
                                     : LeafRange{middle, range.end};
    }
    return length;
}

Result<std::vector<Sha256>> consistency_proof(HashReader& hashes,
                                              std::uint64_t old_size,
                                              std::uint64_t size) {
    if (old_size > size) {
        return fail(Problem::out_of_range, "the older tree is larger than the newer one");
    }
    std::vector<Sha256> proof;
    if (old_size == 0 || old_size == size) {
        return proof;
    }
    // Down to the subtree that ends where the old tree ends.
    LeafRange range{0, size};
    while (range.end != old_size) {
        const std::uint64_t middle = range.middle();
        const bool is_left = old_size <= middle;
        const LeafRange sibling =
            is_left ? LeafRange{middle, range.end} : LeafRange{range.begin, middle};
        range = is_left ? LeafRange{range.begin, middle} : LeafRange{middle, range.end};
        ATTACCA_TRY(const Sha256 node, root_of(hashes, sibling));
        proof.push_back(node);
    }
    // A verifier knows the old root; where the old tree is this subtree, that is enough.
    if (range.begin != 0) {
        ATTACCA_TRY(const Sha256 node, root_of(hashes, range));
        proof.push_back(node);
    }
    std::reverse(proof.begin(), proof.end());
    return proof;
}

bool verify_consistency(const TreeHead& before,
                        const TreeHead& after,
                        std::span<const Sha256> proof) {
    if (before.size == after.size) {
        return proof.empty() && before.root == after.root;
    }
    if (before.size > after.size) {
        return false;
    }
    if (before.size == 0) {
        return proof.empty() && before.root == empty_root();
    }
    std::uint64_t node = before.size - 1;
    std::uint64_t last = after.size - 1;
    while ((node & 1U) != 0) {
        node >>= 1U;
        last >>= 1U;
    }
    Sha256 old_hash = before.root;
    if (!std::has_single_bit(before.size)) {
        if (proof.empty()) {
            return false;
        }
        old_hash = proof.front();
        proof = proof.subspan(1);
    }
    Sha256 new_hash = old_hash;
    for (const Sha256& step : proof) {
        if (last == 0) {
            return false;
        }
        if ((node & 1U) != 0 || node == last) {
            old_hash = node_hash(step, old_hash);
            new_hash = node_hash(step, new_hash);
            shift_while_even(node, last);
        } else {
            new_hash = node_hash(new_hash, step);
        }
        node >>= 1U;
        last >>= 1U;
    }
    return last == 0 && old_hash == before.root && new_hash == after.root;
}

}  // namespace attacca::core
