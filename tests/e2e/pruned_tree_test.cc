// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "adapters/memory/memory_store.h"
#include "core/ledger/hash.h"
#include "core/ledger/tree.h"
#include "engine/signed_tree.h"

// The tree of a ledger whose oldest words are gone, at every size that it ever had: who kept a
// checkpoint elsewhere asks for an old one, and a start compares with it.

namespace attacca::e2e {
namespace {

constexpr std::uint32_t batch_records = 10;  // so that batches lie across the ends of tiles
constexpr std::uint64_t pruned_to = 510;
constexpr std::uint64_t size_of_ledger = 700;

class PrunedTree : public ::testing::Test {
  protected:
    void SetUp() override {
        core::Tree tree;
        for (std::uint64_t first = 0; first < size_of_ledger; first += batch_records) {
            ports::StoreBatch batch;
            batch.ledger.first_gseq = first;
            batch.ledger.count = batch_records;
            batch.ledger.previous.assign(batch_records, ports::no_gseq);
            for (std::uint32_t i = 0; i < batch_records; ++i) {
                const std::string record = "record " + std::to_string(first + i);
                tree.append(core::leaf_hash(record));
                roots_.push_back(tree.root());
                batch.ledger.records += '\0';
                batch.ledger.records += static_cast<char>(record.size());
                batch.ledger.records += record;
            }
            batch.ledger.root = tree.root();
            for (core::FullTile& tile : tree.take_full_tiles()) {
                batch.tiles.push_back({tile.level, tile.index, std::move(tile.hashes)});
            }
            if (first + batch_records == size_of_ledger) {
                batch.pruned = {{0, pruned_to}};
            }
            ASSERT_EQ(store_.commit(batch).outcome, ports::CommitOutcome::committed);
        }
    }

    memory::MemoryStore store_;
    std::vector<Sha256> roots_;  // by size - 1
};

TEST_F(PrunedTree, IsToldAtEverySize) {
    ASSERT_TRUE(store_.reader().batch_of(pruned_to - 1).value()->is_pruned());
    for (std::uint64_t size = 1; size <= size_of_ledger; ++size) {
        const Result<core::Tree> tree = engine::load_tree(store_.reader(), size);
        ASSERT_TRUE(tree) << size << ": " << tree.error().text();
        EXPECT_EQ(tree->size(), size);
        EXPECT_EQ(tree->root(), roots_[size - 1]) << size;
    }
    EXPECT_FALSE(engine::load_tree(store_.reader(), size_of_ledger + 1));
}

}  // namespace
}  // namespace attacca::e2e
