// SPDX-License-Identifier: Apache-2.0
#include "app/verify/ledger_walk.h"

#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "adapters/sqlite/database.h"
#include "adapters/sqlite/sqlite_store.h"
#include "adapters/system/temporary_directory_for_test.h"

namespace attacca::verify {
namespace {

class LedgerWalkTest : public testing::Test {
  protected:
    // A batch of one record at `gseq`, which signs what stands before it.
    void commit(std::uint64_t gseq) {
        ports::StoreBatch batch;
        batch.ledger.first_gseq = gseq;
        batch.ledger.count = 1;
        batch.ledger.records = std::string(1000, 'r');
        batch.ledger.previous = {ports::no_gseq};
        if (gseq > 0) {
            batch.previous_checkpoint = ports::SignedCheckpoint{gseq, std::to_string(gseq)};
        }
        ASSERT_EQ(store_->commit(batch).outcome, ports::CommitOutcome::committed);
    }
    void commit(std::uint64_t from, std::uint64_t to) {
        for (std::uint64_t gseq = from; gseq < to; ++gseq) {
            ASSERT_NO_FATAL_FAILURE(commit(gseq));
        }
    }
    void change(const std::string& sql) {
        auto database = std::move(
            *sqlite::Database::open(directory_.path() + "/attacca.db", sqlite::OpenMode::writer));
        ASSERT_TRUE(database.run(sql)) << database.failure().text;
    }
    // The batch that is found at this place, or the end of the ledger.
    static std::uint64_t found_at(LedgerWalk& walk, std::uint64_t gseq) {
        const auto batch = walk.batch_of(gseq);
        EXPECT_TRUE(batch) << batch.error().text();
        return batch && *batch ? (*batch)->first_gseq : ports::no_gseq;
    }
    static std::vector<std::uint64_t> sizes_up_to(LedgerWalk& walk, std::uint64_t size) {
        std::vector<std::uint64_t> sizes;
        for (auto next = walk.next_checkpoint(size); next && *next;
             next = walk.next_checkpoint(size)) {
            EXPECT_EQ((*next)->note, std::to_string((*next)->size));
            sizes.push_back((*next)->size);
        }
        return sizes;
    }

    system::TemporaryDirectory directory_;
    std::unique_ptr<sqlite::SqliteStore> store_ =
        std::move(*sqlite::SqliteStore::open(directory_.path()));
    std::unique_ptr<sqlite::SqliteReader> reader_ =
        std::move(*sqlite::open_read_only(directory_.path()));
};

// More than are read at once, of both.
TEST_F(LedgerWalkTest, GivesEveryBatchAndEachCheckpointBeforeItIsPassed) {
    constexpr std::uint64_t count = 600;
    ASSERT_NO_FATAL_FAILURE(commit(0, count));
    LedgerWalk walk(*reader_);
    for (std::uint64_t gseq = 0; gseq < count; ++gseq) {
        EXPECT_EQ(found_at(walk, gseq), gseq);
        const std::vector<std::uint64_t> sizes = sizes_up_to(walk, gseq);
        EXPECT_EQ(sizes, gseq == 0 ? std::vector<std::uint64_t>() : std::vector{gseq});
    }
    EXPECT_EQ(found_at(walk, count), ports::no_gseq);
}

TEST_F(LedgerWalkTest, SeesWhatIsAddedBehindTheEndThatWasMet) {
    ASSERT_NO_FATAL_FAILURE(commit(0, 3));
    LedgerWalk walk(*reader_);
    EXPECT_EQ(found_at(walk, 0), 0U);
    EXPECT_EQ(sizes_up_to(walk, 100), (std::vector<std::uint64_t>{1, 2}));
    ASSERT_NO_FATAL_FAILURE(commit(3, 5));
    for (std::uint64_t gseq = 1; gseq < 5; ++gseq) {
        EXPECT_EQ(found_at(walk, gseq), gseq);
    }
    EXPECT_TRUE(sizes_up_to(walk, 100).empty()) << "the end was met";
    walk.look_for_more_checkpoints();
    EXPECT_EQ(sizes_up_to(walk, 100), (std::vector<std::uint64_t>{3, 4}));
}

TEST_F(LedgerWalkTest, TellsWhatStandsWhereNoBatchFollows) {
    ASSERT_NO_FATAL_FAILURE(commit(0, 6));
    change("DELETE FROM batches WHERE first_gseq = 2");
    change("UPDATE batches SET count = 2, previous = x'0000' WHERE first_gseq = 3");
    change("UPDATE batches SET root = x'00' WHERE first_gseq = 5");
    LedgerWalk walk(*reader_);
    EXPECT_EQ(found_at(walk, 0), 0U);
    EXPECT_EQ(found_at(walk, 1), 1U);
    EXPECT_EQ(found_at(walk, 2), ports::no_gseq);
    EXPECT_EQ(found_at(walk, 3), 3U);
    EXPECT_EQ(walk.batch_of(5).error().problem, Problem::corrupt);
    EXPECT_EQ(found_at(walk, 4), 4U) << "asked for again";
    change("UPDATE batches SET count = 0 WHERE first_gseq = 5");
    EXPECT_EQ(walk.batch_of(5).error().problem, Problem::corrupt);
}

}  // namespace
}  // namespace attacca::verify
