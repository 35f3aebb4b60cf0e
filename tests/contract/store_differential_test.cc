// SPDX-License-Identifier: Apache-2.0
#include <atomic>
#include <thread>

#include "adapters/memory/memory_store.h"
#include "contract/store_harness.h"
#include "contract/store_samples.h"

// Every store beside the memory store, through seeded rows of batches: whatever is asked, both say
// the same.

namespace attacca {
namespace {

using contract::RandomBatches;
using ports::StoreReader;

class StoreDifferential : public contract::EveryStore {
  protected:
    static void expect_no_poison(const std::string& id, const std::string& why) {
        ADD_FAILURE() << id << ": " << why;
    }
    void expect_same_bodies(ports::StoreReader& oracle) {
        const std::vector<core::BodySize> want = oracle.bodies_after({}, 100'000).value();
        const std::vector<core::BodySize> got = reader().bodies_after({}, 100'000).value();
        ASSERT_EQ(got.size(), want.size());
        for (std::size_t i = 0; i < got.size(); ++i) {
            EXPECT_EQ(got[i].digest, want[i].digest);
            EXPECT_EQ(got[i].bytes, want[i].bytes);
        }
    }
    void expect_same_ledger(StoreReader& oracle, RandomBatches& random) {
        EXPECT_EQ(reader().tail().value(), oracle.tail().value());
        const std::uint64_t gseq = random.draw(random.size() + 3);
        const auto ours = reader().batch_of(gseq).value();
        const auto theirs = oracle.batch_of(gseq).value();
        ASSERT_EQ(ours == nullptr, theirs == nullptr);
        if (ours != nullptr) {
            EXPECT_EQ(*ours, *theirs);
        }
        const auto level = static_cast<std::uint32_t>(random.draw(2));
        const std::uint64_t index = random.draw(60);
        EXPECT_EQ(reader().tile(level, index).value(), oracle.tile(level, index).value());
        const std::uint64_t after = random.draw(random.size() + 1);
        EXPECT_EQ(reader().checkpoints(after, 5).value(), oracle.checkpoints(after, 5).value());
    }
    void expect_same_rows(StoreReader& oracle, RandomBatches& random) {
        if (!random.ids().empty()) {
            const core::JobId id = random.ids()[random.draw(random.ids().size())];
            EXPECT_EQ(reader().job(id).value(), oracle.job(id).value());
            EXPECT_EQ(reader().chunks(id).value(), oracle.chunks(id).value());
            EXPECT_EQ(reader().live_jobs(id, expect_no_poison).value(),
                      oracle.live_jobs(id, expect_no_poison).value());
        }
        EXPECT_EQ(reader().entities().value(), oracle.entities().value());
        EXPECT_EQ(reader().tenants().value(), oracle.tenants().value());
        EXPECT_EQ(reader().fair_ledger().value(), oracle.fair_ledger().value());
        const std::string tenant = "tenant-" + std::to_string(random.draw(6));
        EXPECT_EQ(reader().tenant(tenant).value(), oracle.tenant(tenant).value());
        const Sha256 key = contract::digest_of(random.draw(30));
        EXPECT_EQ(reader().key(key).value(), oracle.key(key).value());
        const ports::JobFilter filter = random.filter();
        const ports::JobPage ours = reader().jobs(filter).value();
        const ports::JobPage theirs = oracle.jobs(filter).value();
        EXPECT_EQ(ours.total, theirs.total);
        EXPECT_EQ(ours.has_more, theirs.has_more);
        EXPECT_EQ(ours.rows, theirs.rows);
    }
};
ATTACCA_FOR_EVERY_STORE(StoreDifferential);

TEST_P(StoreDifferential, SaysWhatTheMemoryStoreSays) {
    RandomBatches random(20260301);
    memory::MemoryStore oracle;
    WallTime now{1'772'000'000LL * 1'000'000};
    for (int round = 0; round < 400; ++round) {
        SCOPED_TRACE(round);
        const ports::StoreBatch batch = random.next();
        ASSERT_EQ(oracle.commit(batch).outcome, ports::CommitOutcome::committed);
        ASSERT_NO_FATAL_FAILURE(commit(batch));
        for (const ports::StoredBody& body : batch.bodies) {
            EXPECT_EQ(reader().body(body.digest).value(), body.bytes);
        }
        ASSERT_NO_FATAL_FAILURE(expect_same_bodies(oracle.reader()));
        if (random.draw(20) == 0) {
            // Far beyond the minute in which a store may choose when keys go.
            now = now + seconds(static_cast<std::int64_t>(random.draw(100)) * 3600 + 90);
            oracle.maintain(now);
            store().maintain(now);
        }
        if (random.draw(40) == 0) {
            harness().reopen();
        }
        ASSERT_NO_FATAL_FAILURE(expect_same_ledger(oracle.reader(), random));
        ASSERT_NO_FATAL_FAILURE(expect_same_rows(oracle.reader(), random));
        if (HasFailure()) {
            break;
        }
    }
}

// Readers never see half a batch: the row of batch n carries n in two fields, and the ledger's size
// tells n as well.
TEST_P(StoreDifferential, ReadersSeeWholeBatchesWhileTheWriterGoesOn) {
    constexpr std::uint64_t batches = 300;
    ports::StoreBatch first = contract::sample_batch(0, 1);
    first.jobs = {contract::sample_row(1), contract::sample_row(2)};
    for (ports::JobRow& row : first.jobs) {
        row.eseq = 0;
        row.last_gseq = 0;
    }
    commit(first);
    std::atomic<bool> is_over = false;
    std::vector<std::thread> threads;
    for (int i = 0; i < 3; ++i) {
        threads.emplace_back([this, &is_over] {
            std::uint64_t seen = 0;
            while (seen < batches && !is_over) {
                const std::uint64_t size = reader().tail().value().size;
                ports::JobFilter filter;
                filter.tenant = "tenant";
                const std::vector<ports::JobRow> rows = reader().jobs(filter).value().rows;
                ASSERT_EQ(rows.size(), 2U);
                EXPECT_EQ(rows[0].eseq, rows[1].eseq);
                EXPECT_EQ(rows[0].eseq, rows[0].last_gseq);
                EXPECT_GE(rows[0].eseq + 1, size);
                EXPECT_GE(rows[0].eseq, seen);
                EXPECT_NE(reader().batch_of(size - 1).value(), nullptr);
                seen = rows[0].eseq;
            }
        });
    }
    for (std::uint64_t n = 1; n <= batches; ++n) {
        ports::StoreBatch batch = contract::sample_batch(n, 1);
        for (const std::uint64_t number : {1U, 2U}) {
            ports::JobRow row = contract::sample_row(number);
            row.is_new = false;
            row.eseq = n;
            row.last_gseq = n;
            row.instances = std::string(n % 90, 'i');
            batch.jobs.push_back(row);
        }
        EXPECT_EQ(store().commit(batch).outcome, ports::CommitOutcome::committed);
        store().maintain({});
    }
    is_over = true;
    for (std::thread& thread : threads) {
        thread.join();
    }
}

}  // namespace
}  // namespace attacca
