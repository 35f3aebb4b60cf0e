// SPDX-License-Identifier: Apache-2.0
#include "core/ledger/tree.h"

#include <cstring>
#include <optional>

#include "base/check.h"
#include "core/ledger/hash.h"

namespace attacca::core {
namespace {

// How many nodes of height tile_height · level a tree of this size has.
std::uint64_t nodes_at(std::uint64_t size, std::uint32_t level) {
    const std::uint32_t height = level * tile_height;
    return height < 64 ? size >> height : 0;
}

}  // namespace

Sha256 hash_at(std::string_view hashes, std::size_t i) {
    ATTACCA_CHECK(i < hashes.size() / hash_bytes);
    Sha256 hash;
    std::memcpy(hash.bytes.data(), hashes.data() + i * hash_bytes, hash_bytes);
    return hash;
}

Sha256 subtree_root(std::string_view hashes) {
    std::size_t count = hashes.size() / hash_bytes;
    ATTACCA_CHECK(hashes.size() % hash_bytes == 0 && count <= tile_width && count > 0 &&
                  (count & (count - 1)) == 0);
    std::array<Sha256, tile_width> nodes;
    std::memcpy(nodes.data(), hashes.data(), hashes.size());
    for (; count > 1; count /= 2) {
        for (std::size_t i = 0; i < count / 2; ++i) {
            nodes[i] = node_hash(nodes[2 * i], nodes[2 * i + 1]);
        }
    }
    return nodes[0];
}

void Tree::append(const Sha256& leaf) {
    Sha256 node = leaf;
    std::uint32_t height = 0;
    while (true) {
        if (height % tile_height == 0) {
            const std::uint32_t level = height / tile_height;
            if (edges_.size() <= level) {
                edges_.emplace_back().reserve(tile_bytes);
            }
            std::string& edge = edges_[level];
            edge += node.view();
            if (edge.size() == tile_bytes) {
                full_.push_back({level, size_ >> (height + tile_height), edge});
                edge.clear();
            }
        }
        if ((size_ >> height & 1U) == 0) {
            break;
        }
        // The subtree to the left is complete too: both become one.
        node = node_hash(subtrees_[height], node);
        ++height;
    }
    subtrees_[height] = node;
    ++size_;
}

Sha256 Tree::root() const {
    std::optional<Sha256> root;
    for (std::size_t height = 0; height < height_max; ++height) {
        if ((size_ >> height & 1U) != 0) {
            root = root ? node_hash(subtrees_[height], *root) : subtrees_[height];
        }
    }
    return root ? *root : empty_root();
}

std::string_view Tree::edge(std::uint32_t level) const {
    return level < edges_.size() ? std::string_view(edges_[level]) : std::string_view{};
}

Result<Tree> Tree::from_tiles(std::uint64_t size, const TileReader& read) {
    ATTACCA_CHECK(size % tile_width == 0);
    Tree tree;
    tree.size_ = size;
    for (std::uint32_t level = 0; nodes_at(size, level) > 0; ++level) {
        std::string& edge = tree.edges_.emplace_back();
        edge.reserve(tile_bytes);
        // A node of this level is the root of a full tile of the level below.
        const std::uint64_t end = nodes_at(size, level);
        for (std::uint64_t i = end - end % tile_width; i < end; ++i) {
            ATTACCA_CHECK(level > 0);
            ATTACCA_TRY(const std::string hashes, read(level - 1, i));
            if (hashes.size() != tile_bytes) {
                return fail(Problem::corrupt, "tile " + std::to_string(level - 1) + "/" +
                                                  std::to_string(i) + " has a wrong length");
            }
            edge += subtree_root(hashes).view();
        }
    }
    for (std::uint32_t height = 0; height < height_max; ++height) {
        if ((size >> height & 1U) == 0) {
            continue;
        }
        // Bit `height` is bit `within` of the number of nodes in its level's edge.
        const std::uint32_t within = height % tile_height;
        const std::string_view edge = tree.edge(height / tile_height);
        const std::size_t count = edge.size() / hash_bytes;
        const std::size_t first = count >> (within + 1) << (within + 1);
        tree.subtrees_[height] =
            subtree_root(edge.substr(first * hash_bytes, (std::size_t{1} << within) * hash_bytes));
    }
    return tree;
}

}  // namespace attacca::core
