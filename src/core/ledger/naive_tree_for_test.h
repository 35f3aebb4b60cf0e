// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <span>
#include <string>
#include <vector>

#include "core/ledger/hash.h"

// The tree as RFC 6962, section 2.1, defines it: by recursion over the leaf hashes. Slow and plain,
// to compare the other one with.

namespace attacca::core {

inline Sha256 naive_root(std::span<const Sha256> leaves) {
    if (leaves.empty()) {
        return empty_root();
    }
    if (leaves.size() == 1) {
        return leaves[0];
    }
    const std::size_t cut = std::bit_floor(leaves.size() - 1);
    return node_hash(naive_root(leaves.first(cut)), naive_root(leaves.subspan(cut)));
}

// PATH(m, D[n]).
inline std::vector<Sha256> naive_path(std::size_t m, std::span<const Sha256> leaves) {
    if (leaves.size() <= 1) {
        return {};
    }
    const std::size_t cut = std::bit_floor(leaves.size() - 1);
    std::vector<Sha256> path =
        m < cut ? naive_path(m, leaves.first(cut)) : naive_path(m - cut, leaves.subspan(cut));
    path.push_back(naive_root(m < cut ? leaves.subspan(cut) : leaves.first(cut)));
    return path;
}

// SUBPROOF(m, D[n], b).
inline std::vector<Sha256> naive_subproof(std::size_t m,
                                          std::span<const Sha256> leaves,
                                          bool is_known) {
    if (m == leaves.size()) {
        return is_known ? std::vector<Sha256>{} : std::vector<Sha256>{naive_root(leaves)};
    }
    const std::size_t cut = std::bit_floor(leaves.size() - 1);
    std::vector<Sha256> proof = m <= cut ? naive_subproof(m, leaves.first(cut), is_known)
                                         : naive_subproof(m - cut, leaves.subspan(cut), false);
    proof.push_back(naive_root(m <= cut ? leaves.subspan(cut) : leaves.first(cut)));
    return proof;
}

// Leaf hashes of the numbers 0, 1, 2, …
inline std::vector<Sha256> numbered_leaves(std::size_t count) {
    std::vector<Sha256> leaves;
    leaves.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
        leaves.push_back(leaf_hash(std::to_string(i)));
    }
    return leaves;
}

}  // namespace attacca::core
