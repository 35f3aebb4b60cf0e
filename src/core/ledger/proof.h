// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "core/ledger/tree.h"

// Inclusion and consistency proofs of the tree (RFC 9162, 2.1.3 and 2.1.4): made from its nodes,
// and checked without them.
//
// Pure. A proof of a tree with n leaves reads O(log n) nodes and has O(log n) hashes.

namespace attacca::core {

class HashReader {
  public:
    virtual ~HashReader() = default;
    // The root of the perfect subtree of the leaves [index · 2^height, (index + 1) · 2^height).
    [[nodiscard]] virtual Result<Sha256> node(std::uint32_t height, std::uint64_t index) = 0;
};

// The nodes of a tree from its stored tiles and its right edge. Keeps the tile it read last.
// `tree` must outlive the reader and may not grow while it is used.
class TiledHashes : public HashReader {
  public:
    TiledHashes(const Tree& tree, Tree::TileReader read) : tree_(tree), read_(std::move(read)) {}
    // Errors: out_of_range, beyond the tree; corrupt, for a tile of another length; the reader's.
    [[nodiscard]] Result<Sha256> node(std::uint32_t height, std::uint64_t index) override;

  private:
    const Tree& tree_;
    Tree::TileReader read_;
    std::optional<FullTile> last_;
};

// From the leaf's sibling up to the root's child. Errors: out_of_range, unless index < size.
[[nodiscard]] Result<std::vector<Sha256>> inclusion_proof(HashReader& hashes,
                                                          std::uint64_t index,
                                                          std::uint64_t size);

struct LeafPlace {
    std::uint64_t index = 0;
    std::uint64_t size = 0;
};
[[nodiscard]] bool verify_inclusion(const Sha256& leaf,
                                    LeafPlace place,
                                    std::span<const Sha256> proof,
                                    const Sha256& root);

// How many hashes the proof has. Precondition: index < size.
[[nodiscard]] std::size_t inclusion_length(LeafPlace place);

// That the tree of `old_size` leaves is the beginning of that of `size` leaves.
// Errors: out_of_range, unless old_size <= size.
[[nodiscard]] Result<std::vector<Sha256>> consistency_proof(HashReader& hashes,
                                                            std::uint64_t old_size,
                                                            std::uint64_t size);

struct TreeHead {
    std::uint64_t size = 0;
    Sha256 root;
    friend bool operator==(const TreeHead&, const TreeHead&) = default;
};
[[nodiscard]] bool verify_consistency(const TreeHead& before,
                                      const TreeHead& after,
                                      std::span<const Sha256> proof);

}  // namespace attacca::core
