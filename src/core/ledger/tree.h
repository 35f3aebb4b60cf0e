// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

// The Merkle tree over all records (RFC 6962), growing at its right edge, cut into tiles as in C2SP
// tlog-tiles: a tile of level L holds the 256 nodes of height 8·L that stand beside each other.
//
// Only full tiles are stored. The tree itself keeps the roots of its perfect subtrees and, per
// level, the nodes of the tile that is not full yet: at most 255 × 32 bytes for each factor of 256.
//
// A plain value: copy it to have a state to return to. Not for two threads at once. An append costs
// two digests on average, one of them the caller's leaf hash.

namespace attacca::core {

inline constexpr std::uint32_t tile_height = 8;
inline constexpr std::size_t tile_width = 256;
inline constexpr std::size_t hash_bytes = 32;
inline constexpr std::size_t tile_bytes = tile_width * hash_bytes;

struct FullTile {
    std::uint32_t level = 0;
    std::uint64_t index = 0;
    std::string hashes;  // tile_bytes
    friend bool operator==(const FullTile&, const FullTile&) = default;
};

class Tree {
  public:
    // The hashes of a stored full tile. Its errors are passed on; a missing tile is one.
    using TileReader = std::function<Result<std::string>(std::uint32_t level, std::uint64_t index)>;

    Tree() = default;

    // The tree of `size` leaves, from its full tiles: at most 255 of them per level are read. The
    // leaves behind the last full tile are appended afterwards; then the caller compares root()
    // with the one he stored. Precondition: size is a multiple of tile_width.
    // Errors: corrupt, for a tile of another length; those of `read`.
    [[nodiscard]] static Result<Tree> from_tiles(std::uint64_t size, const TileReader& read);

    void append(const Sha256& leaf);
    [[nodiscard]] std::uint64_t size() const { return size_; }
    [[nodiscard]] Sha256 root() const;
    // The tiles that became full since the last call, in the order in which they did.
    [[nodiscard]] std::vector<FullTile> take_full_tiles() { return std::exchange(full_, {}); }
    // The hashes, 0 to 255 of them, of the tile of this level that is not full.
    [[nodiscard]] std::string_view edge(std::uint32_t level) const;

  private:
    static constexpr std::size_t height_max = 64;

    std::uint64_t size_ = 0;
    // Where bit h of size_ is set: the root of the perfect subtree of 2^h leaves.
    std::array<Sha256, height_max> subtrees_{};
    std::vector<std::string> edges_;  // by level
    std::vector<FullTile> full_;      // not taken yet
};

// The root of the perfect subtree over these hashes. Precondition: 2^0 to 2^8 of them.
[[nodiscard]] Sha256 subtree_root(std::string_view hashes);

// The i-th hash of a tile. Precondition: it is there.
[[nodiscard]] Sha256 hash_at(std::string_view hashes, std::size_t i);

}  // namespace attacca::core
