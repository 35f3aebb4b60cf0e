// SPDX-License-Identifier: Apache-2.0
#include "contract/store_harness.h"
#include "contract/store_samples.h"

namespace attacca {
namespace {

using contract::changed_row;
using contract::digest_of;
using contract::job_id;
using contract::sample_batch;
using contract::sample_row;
using ports::CommitOutcome;
using ports::JobRow;
using ports::StoreBatch;

class StoreFault : public contract::EveryStore {
  protected:
    static StoreBatch batch_of_rows(std::uint64_t first_gseq, std::vector<JobRow> rows) {
        StoreBatch batch = sample_batch(first_gseq, 1);
        batch.jobs = std::move(rows);
        return batch;
    }
    // What is refused is refused whole, and the store stays shut until it is opened again.
    void expect_refused(const StoreBatch& batch) {
        const std::uint64_t size = reader().tail().value().size;
        const ports::CommitResult result = store().commit(batch);
        EXPECT_EQ(result.outcome, CommitOutcome::unknown);
        EXPECT_NE(result.detail, "");
        const StoreBatch good = sample_batch(size, 1);
        EXPECT_EQ(store().commit(good).outcome, CommitOutcome::unknown);
        EXPECT_EQ(store().put_checkpoint({1, "note"}).outcome, CommitOutcome::unknown);
        harness().reopen();
        EXPECT_EQ(reader().tail().value().size, size);
        EXPECT_TRUE(reader().checkpoints(0, 9).value().empty());
        commit(good);
        EXPECT_EQ(reader().tail().value().size, size + 1);
    }
};
ATTACCA_FOR_EVERY_STORE(StoreFault);

TEST_P(StoreFault, ANewRowThatExistsIsRefused) {
    commit(batch_of_rows(0, {sample_row(1)}));
    expect_refused(batch_of_rows(1, {sample_row(0), sample_row(1), sample_row(2)}));
    EXPECT_EQ(reader().job(job_id(0)).value(), std::nullopt);
    EXPECT_EQ(reader().job(job_id(2)).value(), std::nullopt);
}

TEST_P(StoreFault, AnUpdateOfARowThatDoesNotExistIsRefused) {
    expect_refused(batch_of_rows(0, {sample_row(1), changed_row(2)}));
    EXPECT_EQ(reader().job(job_id(1)).value(), std::nullopt);
}

TEST_P(StoreFault, ATileThatExistsIsRefused) {
    StoreBatch batch = sample_batch(0, 1);
    batch.tiles = {{0, 1, contract::noise(8192, 1)}};
    commit(batch);
    StoreBatch again = sample_batch(1, 1);
    again.tiles = {{0, 2, contract::noise(8192, 1)}, {0, 1, contract::noise(8192, 2)}};
    expect_refused(again);
    EXPECT_EQ(reader().tile(0, 1).value(), batch.tiles[0]);
    EXPECT_EQ(reader().tile(0, 2).value(), std::nullopt);
}

TEST_P(StoreFault, AFullStoreKeepsNothingOfTheBatchAndServesOn) {
    commit(batch_of_rows(0, {sample_row(1)}));
    harness().take_space();
    StoreBatch large = batch_of_rows(1, {sample_row(2), changed_row(1)});
    const std::string body = contract::noise(contract::StoreHarness::large_bytes, 5);
    for (std::size_t at = 0; at < body.size(); at += 65536) {
        large.bodies.push_back({digest_of(at), body.substr(at, 65536)});
    }
    const ports::CommitResult result = store().commit(large);
    EXPECT_EQ(result.outcome, CommitOutcome::full) << result.detail;
    EXPECT_EQ(reader().tail().value().size, 1U);
    EXPECT_EQ(reader().job(job_id(2)).value(), std::nullopt);
    EXPECT_EQ(reader().job(job_id(1)).value()->state, core::JobState::running);
    EXPECT_EQ(reader().body(digest_of(0)).value(), std::nullopt);
    store().maintain({});
    harness().free_space();
    commit(large);
    EXPECT_EQ(reader().job(job_id(1)).value(), changed_row(1));
    harness().reopen();
    EXPECT_EQ(reader().tail().value().size, 2U);
    EXPECT_EQ(reader().body(digest_of(65536)).value(), body.substr(65536, 65536));
}

TEST_P(StoreFault, AnUndecodableRowIsCorruptAndDoesNotStopTheOthers) {
    commit(batch_of_rows(0, {sample_row(1), sample_row(2), sample_row(3)}));
    harness().poison_job(job_id(2));
    const auto poisoned = reader().job(job_id(2));
    ASSERT_FALSE(poisoned);
    EXPECT_EQ(poisoned.error().problem, Problem::corrupt);
    std::vector<std::string> set_aside;
    const auto live = reader().live_jobs({}, [&](const std::string& id, const std::string& why) {
        EXPECT_NE(why, "");
        set_aside.push_back(id);
    });
    ASSERT_TRUE(live) << live.error().text();
    EXPECT_EQ(set_aside, std::vector<std::string>{job_id(2).text()});
    ASSERT_EQ(live->size(), 2U);
    EXPECT_EQ((*live)[0].id, job_id(1));
    EXPECT_EQ((*live)[1].id, job_id(3));
}

TEST_P(StoreFault, TheCallbackForUndecodableRowsMayReadTheStore) {
    commit(batch_of_rows(0, {sample_row(1), sample_row(2)}));
    harness().poison_job(job_id(1));
    int calls = 0;
    const auto live = reader().live_jobs({}, [&](const std::string&, const std::string&) {
        ++calls;
        EXPECT_TRUE(reader().job(job_id(2)).value().has_value());
    });
    EXPECT_EQ(calls, 1);
    EXPECT_EQ(live.value().size(), 1U);
}

}  // namespace
}  // namespace attacca
