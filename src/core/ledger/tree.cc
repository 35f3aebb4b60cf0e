// SPDX-License-Identifier: Apache-2.0
#include "core/ledger/tree.h"

#include <bit>
#include <utility>

#include "base/check.h"
#include "core/ledger/hash.h"

namespace attacca::core {
namespace {

constexpr std::size_t hash_bytes = 32;

Sha256 hash_at(std::string_view hashes, std::uint64_t index) {
    Sha256 hash;
    const std::string_view bytes = hashes.substr(index * hash_bytes, hash_bytes);
    for (std::size_t i = 0; i < hash_bytes; ++i) {
        hash.bytes[i] = static_cast<std::uint8_t>(bytes[i]);
    }
    return hash;
}

// The root of a perfect subtree, from its leaves or inner nodes.
Sha256 fold(std::vector<Sha256> hashes) {
    while (hashes.size() > 1) {
        for (std::size_t i = 0; i < hashes.size() / 2; ++i) {
            hashes[i] = node_hash(hashes[2 * i], hashes[2 * i + 1]);
        }
        hashes.resize(hashes.size() / 2);
    }
    return hashes.front();
}

}  // namespace

void Tree::add_to_tile(std::uint32_t level, const Sha256& hash) {
    if (partial_.size() <= level) {
        partial_.resize(level + 1);
        full_.resize(level + 1, 0);
    }
    std::string& tile = partial_[level];
    tile += hash.view();
    if (tile.size() == tile_width * hash_bytes) {
        new_tiles_.push_back({level, full_[level], std::exchange(tile, {})});
        ++full_[level];
    }
}

void Tree::append(const Sha256& leaf) {
    add_to_tile(0, leaf);
    Sha256 hash = leaf;
    std::uint32_t height = 0;
    for (std::uint64_t bits = size_; (bits & 1U) != 0; bits >>= 1U) {
        hash = node_hash(edge_[height], hash);
        ++height;
        if (height % 8 == 0) {
            add_to_tile(height / 8, hash);
        }
    }
    edge_[height] = hash;
    ++size_;
}

Sha256 Tree::root() const {
    if (size_ == 0) {
        return empty_root();
    }
    // From the smallest subtree on the right to the largest on the left.
    auto height = static_cast<std::uint32_t>(std::countr_zero(size_));
    Sha256 hash = edge_[height];
    for (++height; height < 64 && (size_ >> height) != 0; ++height) {
        if (((size_ >> height) & 1U) != 0) {
            hash = node_hash(edge_[height], hash);
        }
    }
    return hash;
}

std::vector<FullTile> Tree::take_full_tiles() {
    return std::exchange(new_tiles_, {});
}

Result<Tree> Tree::from_tiles(std::uint64_t size, const TileReader& read) {
    ATTACCA_CHECK(size % tile_width == 0);
    Tree tree;
    tree.size_ = size;
    for (std::uint32_t level = 0; (size >> (8 * level)) > 0; ++level) {
        const std::uint64_t nodes = size >> (8 * level);  // complete ones at this level
        const std::uint64_t tiles = nodes / tile_width;
        tree.partial_.resize(level + 1);
        tree.full_.push_back(tiles);
        // The nodes of the right edge at heights 8·level … 8·level + 7 lie in the tile that is
        // filling at this level; its hashes come from the last tiles one level below.
        std::string& partial = tree.partial_[level];
        for (std::uint64_t i = tiles * tile_width; i < nodes; ++i) {
            ATTACCA_CHECK(level > 0);
            ATTACCA_TRY(const std::string below, read(level - 1, i));
            if (below.size() != tile_width * hash_bytes) {
                return fail(Problem::corrupt, "a tile of the ledger's tree has a wrong length");
            }
            std::vector<Sha256> hashes;
            for (std::uint64_t k = 0; k < tile_width; ++k) {
                hashes.push_back(hash_at(below, k));
            }
            partial += fold(std::move(hashes)).view();
        }
        std::uint64_t used = 0;
        const std::uint64_t count = nodes % tile_width;
        for (std::uint32_t bit = 8; bit-- > 0;) {
            const std::uint64_t width = std::uint64_t{1} << bit;
            if ((count & width) == 0) {
                continue;
            }
            std::vector<Sha256> hashes;
            for (std::uint64_t k = 0; k < width; ++k) {
                hashes.push_back(hash_at(partial, used + k));
            }
            tree.edge_[8 * level + bit] = fold(std::move(hashes));
            used += width;
        }
    }
    return tree;
}

}  // namespace attacca::core
