// SPDX-License-Identifier: Apache-2.0
#include "core/ledger/tree.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

#include <gtest/gtest.h>

#include "core/ledger/naive_tree_for_test.h"

namespace attacca::core {
namespace {

using TileMap = std::map<std::pair<std::uint32_t, std::uint64_t>, std::string>;

TileMap keyed(const std::vector<FullTile>& tiles) {
    TileMap map;
    for (const FullTile& tile : tiles) {
        EXPECT_EQ(tile.hashes.size(), tile_bytes);
        EXPECT_TRUE(map.emplace(std::pair(tile.level, tile.index), tile.hashes).second);
    }
    return map;
}

Tree::TileReader reader_of(const TileMap& map) {
    return [&map](std::uint32_t level, std::uint64_t index) -> Result<std::string> {
        const auto it = map.find({level, index});
        if (it == map.end()) {
            return fail(Problem::not_found);
        }
        return it->second;
    };
}

Result<Tree> restored(const TileMap& map, std::span<const Sha256> leaves) {
    const std::size_t tiled = leaves.size() / tile_width * tile_width;
    Result<Tree> tree = Tree::from_tiles(tiled, reader_of(map));
    for (const Sha256& leaf : leaves.subspan(tiled)) {
        if (tree) {
            tree->append(leaf);
        }
    }
    return tree;
}

TEST(Tree, HasTheRootOfItsDefinitionAtEverySize) {
    const std::vector<Sha256> leaves = numbered_leaves(1100);
    Tree tree;
    EXPECT_EQ(tree.root(), empty_root());
    for (std::size_t size = 1; size <= leaves.size(); ++size) {
        tree.append(leaves[size - 1]);
        ASSERT_EQ(tree.size(), size);
        if (size <= 300 || size % 37 == 0) {
            ASSERT_EQ(tree.root(), naive_root(std::span(leaves).first(size))) << size;
        }
    }
}

// The golden root of the ledger's specification, 4.1.
TEST(Tree, HasTheGoldenRoot) {
    Tree tree;
    for (const std::string_view leaf :
         {"f40f71b982ba17adc65a23e6136b13ebf424e723a69ced794f9e5a342db4280c",
          "03045799d6532697b48a12cb120d52f56cd0529c8088ed9098fe4d05d6d2f695",
          "a1e54adb010e305e07b27af2d63f4888413d5e917fe62c1c4764cfc30b4321b1"}) {
        tree.append(*sha256_of_hex(leaf));
    }
    EXPECT_EQ(hex(tree.root()), "b6a54a3554a504664fb0af4a0d3722ed8f3e14c943492af1b28ae89fabbb2976");
    EXPECT_TRUE(tree.take_full_tiles().empty());
}

// Two levels of tiles: 65,536 leaves fill 256 tiles of level 0 and one of level 1.
TEST(Tree, GivesEachTileOnceAndAsItsDefinitionSays) {
    const std::vector<Sha256> leaves = numbered_leaves(tile_width * tile_width + 300);
    Tree tree;
    std::vector<FullTile> full;
    for (std::size_t i = 0; i < leaves.size(); ++i) {
        tree.append(leaves[i]);
        std::vector<FullTile> taken = tree.take_full_tiles();
        const std::size_t expected = (i + 1) % (tile_width * tile_width) == 0 ? 2
                                     : (i + 1) % tile_width == 0              ? 1
                                                                              : 0;
        ASSERT_EQ(taken.size(), expected) << i;
        std::move(taken.begin(), taken.end(), std::back_inserter(full));
    }
    const TileMap map = keyed(full);
    ASSERT_EQ(map.size(), tile_width + 2);
    for (const auto& [key, hashes] : map) {
        const auto [level, index] = key;
        const std::size_t width = level == 0 ? 1 : tile_width;
        for (std::size_t i = 0; i < tile_width; i += level == 0 ? 1 : 51) {
            const std::size_t first = (index * tile_width + i) * width;
            ASSERT_EQ(hash_at(hashes, i), naive_root(std::span(leaves).subspan(first, width)));
        }
    }
    EXPECT_EQ(tree.edge(0).size(), (300 - tile_width) * hash_bytes);
    EXPECT_EQ(tree.edge(1).size(), hash_bytes);
    EXPECT_EQ(tree.edge(7).size(), 0U);
}

TEST(Tree, IsRestoredFromTilesAndTailAtEverySize) {
    const std::vector<Sha256> leaves = numbered_leaves(tile_width * tile_width + 600);
    Tree tree;
    TileMap map;
    for (std::size_t size = 0; size <= leaves.size(); ++size) {
        if (size < 520 || size % 4099 == 0 || size + 600 > leaves.size()) {
            const Result<Tree> again = restored(map, std::span(leaves).first(size));
            ASSERT_TRUE(again) << again.error().text();
            ASSERT_EQ(again->root(), tree.root()) << size;
            ASSERT_EQ(again->size(), size);
            for (std::uint32_t level = 0; level < 4; ++level) {
                ASSERT_EQ(again->edge(level), tree.edge(level));
            }
        }
        if (size < leaves.size()) {
            tree.append(leaves[size]);
            map.merge(keyed(tree.take_full_tiles()));
        }
    }
}

TEST(Tree, GrowsOnAfterARestoreAsIfNothingHadHappened) {
    const std::vector<Sha256> leaves = numbered_leaves(1000);
    Tree tree;
    for (std::size_t i = 0; i < 700; ++i) {
        tree.append(leaves[i]);
    }
    const TileMap map = keyed(tree.take_full_tiles());
    Result<Tree> again = restored(map, std::span(leaves).first(700));
    ASSERT_TRUE(again);
    for (std::size_t i = 700; i < leaves.size(); ++i) {
        tree.append(leaves[i]);
        again->append(leaves[i]);
        ASSERT_EQ(again->root(), tree.root());
    }
    const std::vector<FullTile> full = tree.take_full_tiles();
    EXPECT_EQ(again->take_full_tiles(), full);
    EXPECT_EQ(full.size(), 1U);
}

TEST(Tree, IsNotRestoredFromTooLittle) {
    const std::vector<Sha256> leaves = numbered_leaves(300);
    Tree tree;
    for (const Sha256& leaf : leaves) {
        tree.append(leaf);
    }
    TileMap map = keyed(tree.take_full_tiles());
    EXPECT_TRUE(restored(map, leaves));
    map[{0, 0}].pop_back();
    EXPECT_FALSE(restored(map, leaves));
    map.clear();
    EXPECT_FALSE(restored(map, leaves));
}

TEST(Tree, ACopyIsAStateToReturnTo) {
    const std::vector<Sha256> leaves = numbered_leaves(600);
    Tree tree;
    for (std::size_t i = 0; i < 400; ++i) {
        tree.append(leaves[i]);
    }
    const Tree before = tree;
    for (std::size_t i = 400; i < 600; ++i) {
        tree.append(leaves[i]);
    }
    EXPECT_EQ(before.size(), 400U);
    EXPECT_EQ(before.root(), naive_root(std::span(leaves).first(400)));
}

}  // namespace
}  // namespace attacca::core
