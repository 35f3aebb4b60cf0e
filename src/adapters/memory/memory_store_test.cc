// SPDX-License-Identifier: Apache-2.0
#include "adapters/memory/memory_store.h"

#include <gtest/gtest.h>

// What the port does not ask for: the faults. Everything else is in tests/contract.

namespace attacca::memory {
namespace {

using ports::CommitOutcome;

ports::StoreBatch one_record(std::uint64_t gseq) {
    ports::StoreBatch batch;
    batch.ledger.first_gseq = gseq;
    batch.ledger.count = 1;
    batch.ledger.previous = {ports::no_gseq};
    return batch;
}

TEST(MemoryStore, AFullCommitFailsOnceAndStoresNothing) {
    MemoryStore store;
    store.fail_next_commit(CommitOutcome::full);
    EXPECT_EQ(store.commit(one_record(0)).outcome, CommitOutcome::full);
    EXPECT_EQ(store.reader().tail().value().size, 0U);
    EXPECT_EQ(store.commit(one_record(0)).outcome, CommitOutcome::committed);
}

TEST(MemoryStore, AnUnknownCommitHidesWhetherItStored) {
    for (const bool is_stored : {false, true}) {
        MemoryStore store;
        store.fail_next_commit(CommitOutcome::unknown, is_stored);
        EXPECT_EQ(store.commit(one_record(0)).outcome, CommitOutcome::unknown);
        EXPECT_EQ(store.reader().tail().value().size, is_stored ? 1U : 0U);
    }
}

TEST(MemoryStore, AfterAnUnknownCommitOnlyANewProcessCommits) {
    MemoryStore store;
    store.fail_next_commit(CommitOutcome::unknown);
    EXPECT_EQ(store.commit(one_record(0)).outcome, CommitOutcome::unknown);
    EXPECT_EQ(store.commit(one_record(0)).outcome, CommitOutcome::unknown);
    store.recover();
    EXPECT_EQ(store.commit(one_record(0)).outcome, CommitOutcome::committed);
}

TEST(MemoryStore, ACheckpointFailsLikeACommit) {
    MemoryStore store;
    store.fail_next_commit(CommitOutcome::full);
    EXPECT_EQ(store.put_checkpoint({1, "note"}).outcome, CommitOutcome::full);
    EXPECT_TRUE(store.reader().checkpoints(0, 1).value().empty());
    store.fail_next_commit(CommitOutcome::unknown, true);
    EXPECT_EQ(store.put_checkpoint({1, "note"}).outcome, CommitOutcome::unknown);
    EXPECT_EQ(store.reader().checkpoints(0, 1).value().size(), 1U);
}

}  // namespace
}  // namespace attacca::memory
