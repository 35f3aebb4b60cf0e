// SPDX-License-Identifier: Apache-2.0
#include "contract/store_harness.h"
#include "contract/store_samples.h"

namespace attacca {
namespace {

using contract::digest_of;
using contract::job_id;
using contract::sample_batch;
using ports::CommitOutcome;
using ports::LedgerTail;
using ports::SignedCheckpoint;
using ports::StoreBatch;
using ports::Tile;

class StoreLedger : public contract::EveryStore {
  protected:
    void expect_batch(std::uint64_t gseq, const ports::LedgerBatch& expected) {
        const auto batch = reader().batch_of(gseq);
        ASSERT_TRUE(batch) << batch.error().text();
        ASSERT_NE(*batch, nullptr) << "record " << gseq;
        EXPECT_EQ(**batch, expected) << "record " << gseq;
    }
};
ATTACCA_FOR_EVERY_STORE(StoreLedger);

TEST_P(StoreLedger, AnEmptyOneHasNothing) {
    EXPECT_EQ(reader().tail().value(), LedgerTail{});
    EXPECT_EQ(reader().batch_of(0).value(), nullptr);
    EXPECT_EQ(reader().tile(0, 0).value(), std::nullopt);
    EXPECT_TRUE(reader().checkpoints(0, 10).value().empty());
    EXPECT_EQ(reader().job(job_id(1)).value(), std::nullopt);
    EXPECT_TRUE(reader().chunks(job_id(1)).value().empty());
    EXPECT_TRUE(reader().entities().value().empty());
    EXPECT_EQ(reader().body(digest_of(1)).value(), std::nullopt);
    EXPECT_EQ(reader().key(digest_of(1)).value(), std::nullopt);
    EXPECT_EQ(reader().jobs({}).value().total, 0U);
}

TEST_P(StoreLedger, ABatchIsFoundByEachOfItsRecords) {
    const StoreBatch first = sample_batch(0, 1);
    const StoreBatch second = sample_batch(1, 8192);
    const StoreBatch third = sample_batch(8193, 7);
    commit(first);
    commit(second);
    commit(third);
    expect_batch(0, first.ledger);
    expect_batch(1, second.ledger);
    expect_batch(4000, second.ledger);
    expect_batch(8192, second.ledger);
    expect_batch(8193, third.ledger);
    expect_batch(8199, third.ledger);
    EXPECT_EQ(reader().batch_of(8200).value(), nullptr);
    EXPECT_EQ(reader().batch_of(ports::no_gseq).value(), nullptr);
}

TEST_P(StoreLedger, TheTailIsThatOfTheLastBatch) {
    commit(sample_batch(0, 3));
    StoreBatch last = sample_batch(3, 4);
    last.ledger.last_fence = ~std::uint64_t{0} >> 1U;
    last.ledger.last_at = {-5};
    last.ledger.oldest_live = job_id(9);
    commit(last);
    const LedgerTail tail = reader().tail().value();
    EXPECT_EQ(tail.size, 7U);
    EXPECT_EQ(tail.root, last.ledger.root);
    EXPECT_EQ(tail.last_fence, last.ledger.last_fence);
    EXPECT_EQ(tail.last_at, last.ledger.last_at);
    EXPECT_EQ(tail.oldest_live, last.ledger.oldest_live);
    EXPECT_EQ(tail.checkpoint, std::nullopt);
}

TEST_P(StoreLedger, RecordsKeepEveryByte) {
    StoreBatch batch = sample_batch(0, 300);
    batch.ledger.records = contract::noise(100000, 1) + std::string(100000, '\0');
    commit(batch);
    expect_batch(7, batch.ledger);
}

TEST_P(StoreLedger, ALargeBatchIsReadBackWhole) {
    StoreBatch batch = sample_batch(0, 2);
    batch.ledger.records = contract::noise(5U << 20U, 2);
    commit(batch);
    expect_batch(1, batch.ledger);
}

TEST_P(StoreLedger, TilesAreFoundByLevelAndIndex) {
    StoreBatch batch = sample_batch(0, 1);
    batch.tiles = {{0, 0, contract::noise(8192, 1)},
                   {0, 1, contract::noise(8192, 2)},
                   {1, 0, contract::noise(8192, 3)}};
    commit(batch);
    for (const Tile& tile : batch.tiles) {
        EXPECT_EQ(reader().tile(tile.level, tile.index).value(), tile);
    }
    EXPECT_EQ(reader().tile(1, 1).value(), std::nullopt);
    EXPECT_EQ(reader().tile(2, 0).value(), std::nullopt);
}

TEST_P(StoreLedger, CheckpointsComeInOrderOfSizeAfterTheOneGiven) {
    for (const std::uint64_t size : {1U, 2U, 3U}) {
        StoreBatch batch = sample_batch(size - 1, 1);
        if (size > 1) {
            batch.previous_checkpoint = SignedCheckpoint{size - 1, "n" + std::to_string(size - 1)};
        }
        commit(batch);
    }
    ASSERT_EQ(store().put_checkpoint({3, "n3"}).outcome, CommitOutcome::committed);
    using Notes = std::vector<SignedCheckpoint>;
    EXPECT_EQ(reader().checkpoints(0, 9).value(), (Notes{{1, "n1"}, {2, "n2"}, {3, "n3"}}));
    EXPECT_EQ(reader().checkpoints(1, 9).value(), (Notes{{2, "n2"}, {3, "n3"}}));
    EXPECT_EQ(reader().checkpoints(0, 2).value(), (Notes{{1, "n1"}, {2, "n2"}}));
    EXPECT_EQ(reader().checkpoints(3, 9).value(), Notes{});
    EXPECT_EQ(reader().checkpoints(0, 0).value(), Notes{});
    EXPECT_EQ(reader().tail().value().checkpoint, (SignedCheckpoint{3, "n3"}));
}

TEST_P(StoreLedger, ACheckpointSignedAgainReplacesTheOldOne) {
    commit(sample_batch(0, 1));
    ASSERT_EQ(store().put_checkpoint({1, "once"}).outcome, CommitOutcome::committed);
    ASSERT_EQ(store().put_checkpoint({1, "again"}).outcome, CommitOutcome::committed);
    EXPECT_EQ(reader().checkpoints(0, 9).value(), (std::vector<SignedCheckpoint>{{1, "again"}}));
}

TEST_P(StoreLedger, OfAPrunedBatchEverythingIsLeftButItsWords) {
    std::vector<StoreBatch> batches;
    for (std::uint64_t first = 0; first < 40; first += 10) {
        batches.push_back(sample_batch(first, 10));
        commit(batches.back());
        expect_batch(first + 9, batches.back().ledger);  // whoever keeps it must let it go
    }
    StoreBatch last = sample_batch(40, 1);
    last.pruned = {{10, 30}};
    commit(last);
    const auto expect_all = [&] {
        for (const std::size_t i : {1U, 2U}) {
            ports::LedgerBatch pruned = batches[i].ledger;
            pruned.records.clear();
            pruned.previous.clear();
            expect_batch(10 * i, pruned);
            expect_batch(10 * i + 9, pruned);
            EXPECT_TRUE(pruned.is_pruned());
        }
        expect_batch(9, batches[0].ledger);
        expect_batch(30, batches[3].ledger);
        expect_batch(40, last.ledger);
        EXPECT_FALSE(last.ledger.is_pruned());
    };
    expect_all();
    harness().reopen();
    expect_all();
}

TEST_P(StoreLedger, EverythingIsThereAfterReopening) {
    StoreBatch batch = sample_batch(0, 5);
    batch.tiles = {{3, 9, contract::noise(8192, 1)}};
    batch.previous_checkpoint = SignedCheckpoint{5, "note"};
    commit(batch);
    const LedgerTail before = reader().tail().value();
    harness().reopen();
    EXPECT_EQ(reader().tail().value(), before);
    expect_batch(4, batch.ledger);
    EXPECT_EQ(reader().tile(3, 9).value(), batch.tiles[0]);
    commit(sample_batch(5, 1));
    EXPECT_EQ(reader().tail().value().size, 6U);
}

using StoreLedgerDeathTest = StoreLedger;
ATTACCA_FOR_EVERY_STORE(StoreLedgerDeathTest);

TEST_P(StoreLedgerDeathTest, ABatchOutOfOrderStopsTheProcess) {
    GTEST_FLAG_SET(death_test_style, "threadsafe");
    commit(sample_batch(0, 2));
    EXPECT_DEATH((void)store().commit(sample_batch(3, 1)), "first_gseq");
    EXPECT_DEATH((void)store().commit(sample_batch(1, 1)), "first_gseq");
    EXPECT_DEATH((void)store().commit(sample_batch(2, 0)), "count");
}

TEST_P(StoreLedger, TenantsAreReplacedAndSurviveAReopening) {
    ports::TenantRow blue;
    blue.name = "blue";
    blue.created_at = {5};
    blue.settings.weight = 7;
    blue.settings.start_rate = core::RateLimit{3, 1000, 2};
    ports::TenantRow azure = blue;
    azure.name = "azure";
    StoreBatch first = contract::sample_batch(0, 1);
    first.tenants = {blue, azure};
    commit(first);
    blue.settings = {};
    blue.usage.slot_us = ~std::uint64_t{0};
    blue.usage.job_tat_ns = -1;
    StoreBatch second = contract::sample_batch(1, 1);
    second.tenants = {blue};
    commit(second);
    harness().reopen();
    EXPECT_EQ(reader().tenants().value(), (std::vector<ports::TenantRow>{azure, blue}));
    EXPECT_EQ(reader().tenant("blue").value(), blue);
    EXPECT_EQ(reader().tenant("Blue").value(), std::nullopt);
}

TEST_P(StoreLedger, TheFairLedgerIsReplacedAsAWholeAndSurvivesAReopening) {
    EXPECT_EQ(reader().fair_ledger().value(), core::FairLedger{});
    StoreBatch first = contract::sample_batch(0, 1);
    first.fair_ledger = core::FairLedger{{7}, {{"azure", 5}, {"blue", 9'000'000'000'000}}};
    commit(first);
    commit(contract::sample_batch(1, 1));  // one without leaves it alone
    harness().reopen();
    EXPECT_EQ(reader().fair_ledger().value(), first.fair_ledger);
    StoreBatch second = contract::sample_batch(2, 1);
    second.fair_ledger = core::FairLedger{{9}, {}};
    commit(second);
    EXPECT_EQ(reader().fair_ledger().value(), second.fair_ledger);
}

}  // namespace
}  // namespace attacca
