// SPDX-License-Identifier: Apache-2.0
#include "core/ledger/proof.h"

#include <limits>
#include <map>

#include <gtest/gtest.h>

#include "core/ledger/naive_tree_for_test.h"

namespace attacca::core {
namespace {

constexpr std::size_t size_max = 64;

class NaiveHashes : public HashReader {
  public:
    explicit NaiveHashes(std::span<const Sha256> leaves) : leaves_(leaves) {}
    Result<Sha256> node(std::uint32_t height, std::uint64_t index) override {
        const std::size_t width = std::size_t{1} << height;
        EXPECT_LE((index + 1) * width, leaves_.size()) << "a node beyond the tree";
        return naive_root(leaves_.subspan(index * width, width));
    }

  private:
    std::span<const Sha256> leaves_;
};

// Every way to spoil a proof by one hash.
std::vector<std::vector<Sha256>> spoiled(const std::vector<Sha256>& proof) {
    std::vector<std::vector<Sha256>> out;
    for (std::size_t i = 0; i < proof.size(); ++i) {
        out.push_back(proof);
        out.back()[i].bytes[i % hash_bytes] ^= 1U;
        out.push_back(proof);
        out.back().erase(out.back().begin() + static_cast<std::ptrdiff_t>(i));
        if (i > 0) {
            out.push_back(proof);
            std::swap(out.back()[i - 1], out.back()[i]);
        }
    }
    out.push_back(proof);
    out.back().push_back(empty_root());
    out.push_back(proof);
    out.back().insert(out.back().begin(), empty_root());
    return out;
}

TEST(InclusionProof, IsThatOfTheRfcAndVerifiesForEveryLeafOfEverySize) {
    const std::vector<Sha256> leaves = numbered_leaves(size_max);
    for (std::size_t size = 1; size <= size_max; ++size) {
        const auto part = std::span(leaves).first(size);
        const Sha256 root = naive_root(part);
        NaiveHashes hashes(part);
        for (std::size_t index = 0; index < size; ++index) {
            const auto proof = inclusion_proof(hashes, index, size);
            ASSERT_TRUE(proof);
            ASSERT_EQ(*proof, naive_path(index, part)) << index << " of " << size;
            ASSERT_EQ(inclusion_length({index, size}), proof->size());
            ASSERT_TRUE(verify_inclusion(leaves[index], {index, size}, *proof, root));
        }
    }
}

// Tampering 23.
TEST(InclusionProof, FailsWithAnyOtherHashIndexSizeOrRoot) {
    const std::vector<Sha256> leaves = numbered_leaves(size_max);
    for (std::size_t size = 1; size <= 20; ++size) {
        const auto part = std::span(leaves).first(size);
        const Sha256 root = naive_root(part);
        for (std::size_t index = 0; index < size; ++index) {
            const std::vector<Sha256> proof = naive_path(index, part);
            for (const std::vector<Sha256>& other : spoiled(proof)) {
                ASSERT_FALSE(verify_inclusion(leaves[index], {index, size}, other, root));
            }
            for (std::size_t other = 0; other <= size + 2; ++other) {
                ASSERT_EQ(verify_inclusion(leaves[index], {other, size}, proof, root),
                          other == index);
            }
            ASSERT_FALSE(verify_inclusion(leaves[size], {index, size}, proof, root));
            ASSERT_FALSE(verify_inclusion(leaves[index], {index, size}, proof, empty_root()));
        }
    }
    constexpr std::uint64_t huge = std::uint64_t{1} << 63U;
    const Sha256& leaf = leaves[0];
    EXPECT_FALSE(verify_inclusion(leaf, {0, huge}, {}, leaf));
    EXPECT_FALSE(verify_inclusion(leaf, {huge, huge}, {}, leaf));
    EXPECT_FALSE(verify_inclusion(leaf, {0, 0}, {}, leaf));
    NaiveHashes hashes(leaves);
    EXPECT_FALSE(inclusion_proof(hashes, 5, 5));
}

TEST(ConsistencyProof, IsThatOfTheRfcAndVerifiesForEveryPairOfSizes) {
    const std::vector<Sha256> leaves = numbered_leaves(size_max);
    NaiveHashes hashes(leaves);
    for (std::size_t size = 0; size <= size_max; ++size) {
        const TreeHead after{size, naive_root(std::span(leaves).first(size))};
        for (std::size_t old_size = 0; old_size <= size; ++old_size) {
            const TreeHead before{old_size, naive_root(std::span(leaves).first(old_size))};
            const auto proof = consistency_proof(hashes, old_size, size);
            ASSERT_TRUE(proof);
            if (old_size > 0) {
                ASSERT_EQ(*proof, naive_subproof(old_size, std::span(leaves).first(size), true));
            }
            ASSERT_TRUE(verify_consistency(before, after, *proof)) << old_size << " " << size;
        }
    }
    EXPECT_FALSE(consistency_proof(hashes, 3, 2));
}

TEST(ConsistencyProof, FailsWithAnyOtherHashSizeOrRoot) {
    const std::vector<Sha256> leaves = numbered_leaves(size_max);
    const auto head = [&leaves](std::size_t size) {
        return TreeHead{size, naive_root(std::span(leaves).first(size))};
    };
    for (std::size_t size = 1; size <= 20; ++size) {
        for (std::size_t old_size = 1; old_size <= size; ++old_size) {
            const std::vector<Sha256> proof =
                naive_subproof(old_size, std::span(leaves).first(size), true);
            for (const std::vector<Sha256>& other : spoiled(proof)) {
                ASSERT_FALSE(verify_consistency(head(old_size), head(size), other));
            }
            TreeHead wrong = head(old_size);
            wrong.root.bytes[7] ^= 0x10U;
            ASSERT_FALSE(verify_consistency(wrong, head(size), proof));
            wrong = head(size);
            wrong.root.bytes[7] ^= 0x10U;
            ASSERT_FALSE(verify_consistency(head(old_size), wrong, proof));
            ASSERT_FALSE(verify_consistency(head(size + 1), head(size), proof));
        }
    }
    EXPECT_FALSE(verify_consistency({0, leaves[0]}, head(5), {}));
    EXPECT_FALSE(verify_consistency({1, leaves[0]},
                                    {std::numeric_limits<std::uint64_t>::max(), leaves[0]}, {}));
}

TEST(TiledHashes, GiveTheNodesOfTilesAndEdge) {
    const std::vector<Sha256> leaves = numbered_leaves(tile_width * 3 + 77);
    Tree tree;
    for (const Sha256& leaf : leaves) {
        tree.append(leaf);
    }
    const std::vector<FullTile> full = tree.take_full_tiles();
    ASSERT_EQ(full.size(), 3U);
    TiledHashes hashes(tree, [&full](std::uint32_t level, std::uint64_t index) {
        EXPECT_EQ(level, 0U);
        EXPECT_LT(index, full.size());
        return Result<std::string>(full[index].hashes);
    });
    for (std::uint32_t height = 0; height < 10; ++height) {
        const std::size_t width = std::size_t{1} << height;
        for (std::size_t i = 0; i < leaves.size() / width; ++i) {
            const Result<Sha256> node = hashes.node(height, i);
            ASSERT_TRUE(node);
            ASSERT_EQ(*node, naive_root(std::span(leaves).subspan(i * width, width)));
        }
        EXPECT_FALSE(hashes.node(height, leaves.size() / width));
    }
    EXPECT_FALSE(hashes.node(64, 0));
    for (const std::uint64_t index : {0U, 255U, 256U, 700U, 844U}) {
        const auto proof = inclusion_proof(hashes, index, leaves.size());
        ASSERT_TRUE(proof);
        EXPECT_TRUE(verify_inclusion(leaves[index], {index, leaves.size()}, *proof, tree.root()));
    }
}

TEST(TiledHashes, SayWhenATileIsMissing) {
    const std::vector<Sha256> leaves = numbered_leaves(tile_width + 1);
    Tree tree;
    for (const Sha256& leaf : leaves) {
        tree.append(leaf);
    }
    TiledHashes hashes(tree, [](std::uint32_t, std::uint64_t) {
        return Result<std::string>(fail(Problem::not_found));
    });
    EXPECT_FALSE(hashes.node(0, 0));
    EXPECT_TRUE(hashes.node(0, tile_width));
    EXPECT_FALSE(inclusion_proof(hashes, 1, leaves.size()));
}

}  // namespace
}  // namespace attacca::core
