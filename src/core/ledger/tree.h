// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

// The Merkle tree of the ledger (RFC 6962, section 2.1), appended to leaf by leaf.
//
// It keeps the roots of the perfect subtrees along the right edge, one for each bit of the size,
// and the hashes of the tiles that are not full yet (C2SP tlog-tiles, height 8: a tile of level L
// holds 256 hashes of nodes at height 8·L). Full tiles are handed out once, to be stored.
//
// Memory O(log n), appending O(1) amortised, root O(log n). Pure; not thread-safe.

namespace attacca::core {

inline constexpr std::uint64_t tile_width = 256;

struct FullTile {
    std::uint32_t level = 0;
    std::uint64_t index = 0;
    std::string hashes;  // 256 × 32 bytes
};

class Tree {
  public:
    // The hashes of a stored full tile. Errors are passed on.
    using TileReader = std::function<Result<std::string>(std::uint32_t level, std::uint64_t index)>;

    // The tree of `size` leaves, from its full tiles. Precondition: size is a multiple of 256.
    // Errors: corrupt (a tile of another length), and the reader's.
    [[nodiscard]] static Result<Tree> from_tiles(std::uint64_t size, const TileReader& read);

    void append(const Sha256& leaf);
    [[nodiscard]] std::uint64_t size() const { return size_; }
    [[nodiscard]] Sha256 root() const;
    // The tiles that became full since the last call, in the order in which they did.
    [[nodiscard]] std::vector<FullTile> take_full_tiles();

  private:
    void add_to_tile(std::uint32_t level, const Sha256& hash);

    std::uint64_t size_ = 0;
    std::array<Sha256, 64> edge_;      // edge_[h] is valid where bit h of size_ is set
    std::vector<std::string> partial_;  // by level: hashes of the tile that is filling
    std::vector<std::uint64_t> full_;   // by level: tiles that are full
    std::vector<FullTile> new_tiles_;
};

}  // namespace attacca::core
