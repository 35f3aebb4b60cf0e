// SPDX-License-Identifier: Apache-2.0
#include "adapters/sqlite/sqlite_reader.h"

#include <gtest/gtest.h>

#include <set>
#include <thread>

#include "adapters/sqlite/sqlite_store.h"
#include "adapters/sqlite/test_directory.h"

namespace attacca::sqlite {
namespace {

ports::StoreBatch records(std::uint64_t first_gseq, std::uint32_t count) {
    ports::StoreBatch batch;
    batch.ledger.first_gseq = first_gseq;
    batch.ledger.count = count;
    batch.ledger.records = std::string(1000, 'r');
    batch.ledger.previous.assign(count, ports::no_gseq);
    return batch;
}

class ReadOnly : public ::testing::Test {
  protected:
    std::unique_ptr<SqliteStore> open_store() {
        return std::move(*SqliteStore::open(directory_.path()));
    }
    std::set<std::string> files() const {
        std::set<std::string> names;
        for (const auto& entry : std::filesystem::directory_iterator(directory_.path())) {
            names.insert(entry.path().filename());
        }
        return names;
    }
    TestDirectory directory_;
};

TEST_F(ReadOnly, NoStoreIsNotFoundAndNoneIsMade) {
    const auto reader = open_read_only(directory_.path());
    ASSERT_FALSE(reader);
    EXPECT_EQ(reader.error().problem, Problem::not_found);
    EXPECT_TRUE(files().empty());
}

TEST_F(ReadOnly, AnEmptyFileIsNoStore) {
    { const auto database = Database::open(directory_.file(), OpenMode::writer); }
    (void)Database::open(directory_.file(), OpenMode::writer)->run("PRAGMA user_version = 0");
    EXPECT_FALSE(open_read_only(directory_.path()));
}

TEST_F(ReadOnly, ReadsBesideTheServer) {
    const auto store = open_store();
    EXPECT_EQ(store->commit(records(0, 3)).outcome, ports::CommitOutcome::committed);
    const auto reader = open_read_only(directory_.path());
    ASSERT_TRUE(reader) << reader.error().text();
    EXPECT_EQ((*reader)->tail().value().size, 3U);
    EXPECT_EQ(store->commit(records(3, 2)).outcome, ports::CommitOutcome::committed);
    EXPECT_EQ((*reader)->tail().value().size, 5U);
}

TEST_F(ReadOnly, ChangesNoByteOfAStoreThatIsClosed) {
    {
        const auto store = open_store();
        EXPECT_EQ(store->commit(records(0, 3)).outcome, ports::CommitOutcome::committed);
    }
    const auto time = std::filesystem::last_write_time(directory_.file());
    const auto wal_time = std::filesystem::last_write_time(directory_.file() + "-wal");
    {
        const auto reader = open_read_only(directory_.path());
        ASSERT_TRUE(reader) << reader.error().text();
        EXPECT_NE((*reader)->batch_of(2).value(), nullptr);
    }
    EXPECT_EQ(std::filesystem::last_write_time(directory_.file()), time);
    EXPECT_EQ(std::filesystem::last_write_time(directory_.file() + "-wal"), wal_time);
    EXPECT_EQ(open_store()->reader().tail().value().size, 3U);
}

TEST_F(ReadOnly, ASnapshotStaysAsItWas) {
    const auto store = open_store();
    EXPECT_EQ(store->commit(records(0, 3)).outcome, ports::CommitOutcome::committed);
    const auto reader = open_read_only(directory_.path());
    ASSERT_TRUE((*reader)->hold_snapshot());
    EXPECT_EQ(store->commit(records(3, 2)).outcome, ports::CommitOutcome::committed);
    EXPECT_EQ((*reader)->tail().value().size, 3U);
    EXPECT_EQ((*reader)->jobs({}).value().total, 0U);
    EXPECT_EQ((*reader)->tail().value().size, 3U);
    EXPECT_EQ((*reader)->batch_of(4).value(), nullptr);
}

TEST_F(ReadOnly, TheIdsOfAllRowsAreListedInOrder) {
    const auto store = open_store();
    ports::StoreBatch batch = records(0, 3);
    for (const char last : {'3', '1', '2'}) {
        ports::JobRow row;
        row.id.uuid = *Uuid::parse(std::string("00000000-0000-7000-8000-00000000000") + last);
        row.is_new = true;
        row.tenant = std::string("tenant ") + last;
        batch.jobs.push_back(row);
    }
    EXPECT_EQ(store->commit(batch).outcome, ports::CommitOutcome::committed);
    const auto reader = open_read_only(directory_.path());
    ASSERT_TRUE(reader) << reader.error().text();
    const core::JobId first = batch.jobs[1].id;
    const core::JobId second = batch.jobs[2].id;
    const core::JobId third = batch.jobs[0].id;
    using Ids = std::vector<core::JobId>;
    EXPECT_EQ((*reader)->job_ids({}, 10).value(), (Ids{first, second, third}));
    EXPECT_EQ((*reader)->job_ids(second, 1).value(), Ids{second});
}

TEST_F(ReadOnly, ManyThreadsShareFewConnections) {
    const auto store = open_store();
    EXPECT_EQ(store->commit(records(0, 8)).outcome, ports::CommitOutcome::committed);
    auto reader = SqliteReader::open(directory_.file(), OpenMode::reader,
                                     {.connections_max = 2, .cache_bytes_max = 1});
    ASSERT_TRUE(reader) << reader.error().text();
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; ++i) {
        threads.emplace_back([&reader] {
            for (std::uint64_t gseq = 0; gseq < 200; ++gseq) {
                EXPECT_EQ((*reader)->batch_of(gseq).value() != nullptr, gseq < 8);
                EXPECT_EQ((*reader)->tail().value().size, 8U);
            }
        });
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
}

std::vector<std::uint64_t> starts_from(SqliteReader& reader, std::uint64_t gseq,
                                       std::size_t bytes) {
    std::vector<std::uint64_t> starts;
    const auto read = reader.batches_from(gseq, bytes);
    for (const auto& batch : read.value()) {
        EXPECT_EQ(*batch, *reader.batch_of(batch->first_gseq).value());
        starts.push_back(batch->first_gseq);
    }
    return starts;
}

TEST_F(ReadOnly, BatchesThatFollowOneAnotherAreReadAtOnce) {
    const auto store = open_store();
    for (const std::uint64_t first : {0U, 3U, 5U, 6U}) {
        const std::uint32_t count = first == 0 ? 3 : first == 3 ? 2 : 1;
        EXPECT_EQ(store->commit(records(first, count)).outcome, ports::CommitOutcome::committed);
    }
    const auto reader = std::move(*open_read_only(directory_.path()));
    using Starts = std::vector<std::uint64_t>;
    EXPECT_EQ(starts_from(*reader, 0, 1U << 20U), (Starts{0, 3, 5, 6}));
    EXPECT_EQ(starts_from(*reader, 3, 1U << 20U), (Starts{3, 5, 6}));
    EXPECT_EQ(starts_from(*reader, 0, 1), Starts{0}) << "one, however small the measure is";
    EXPECT_EQ(starts_from(*reader, 0, 1500), (Starts{0, 3}));
    EXPECT_EQ(starts_from(*reader, 1, 1U << 20U), Starts{}) << "none begins there";
    EXPECT_EQ(starts_from(*reader, 7, 1U << 20U), Starts{});
}

TEST_F(ReadOnly, BatchesAreReadUpToOneThatDoesNotFollowOrCannotBeRead) {
    const auto store = open_store();
    for (const std::uint64_t first : {0U, 1U, 2U, 3U, 4U}) {
        EXPECT_EQ(store->commit(records(first, 1)).outcome, ports::CommitOutcome::committed);
    }
    auto other = Database::open(directory_.file(), OpenMode::writer);
    ASSERT_TRUE(other->run("DELETE FROM batches WHERE first_gseq = 1"));
    ASSERT_TRUE(other->run("UPDATE batches SET root = x'00' WHERE first_gseq = 3"));
    const auto reader = std::move(*open_read_only(directory_.path()));
    using Starts = std::vector<std::uint64_t>;
    EXPECT_EQ(starts_from(*reader, 0, 1U << 20U), Starts{0});
    EXPECT_EQ(starts_from(*reader, 2, 1U << 20U), Starts{2});
    EXPECT_EQ(reader->batches_from(3, 1U << 20U).error().problem, Problem::corrupt);
    EXPECT_EQ(starts_from(*reader, 4, 1U << 20U), Starts{4}) << "the refusal harms no later call";
}

TEST_F(ReadOnly, TheNewestCheckpointsAreCountedFromTheEnd) {
    const auto store = open_store();
    for (const std::uint64_t first : {0U, 2U, 4U}) {
        ports::StoreBatch batch = records(first, 2);
        if (first > 0) {
            batch.previous_checkpoint = ports::SignedCheckpoint{first, "note"};
        }
        EXPECT_EQ(store->commit(batch).outcome, ports::CommitOutcome::committed);
    }
    auto other = Database::open(directory_.file(), OpenMode::writer);
    ASSERT_TRUE(other->run("INSERT INTO checkpoints VALUES (-1, ''), (0, ''), (7, ''), (9, '')"));
    const auto reader = std::move(*open_read_only(directory_.path()));
    EXPECT_EQ(reader->nth_newest_checkpoint(1, 6).value(), 4U) << "7 and 9 are of no record";
    EXPECT_EQ(reader->nth_newest_checkpoint(2, 6).value(), 2U);
    EXPECT_EQ(reader->nth_newest_checkpoint(3, 6).value(), 0U);
    EXPECT_EQ(reader->nth_newest_checkpoint(1, 0).value(), 0U);
    EXPECT_EQ(reader->nth_newest_checkpoint(1, ports::no_gseq).value(), 0U);
}

TEST_F(ReadOnly, ABatchReadTwiceIsTheSameObject) {
    const auto store = open_store();
    EXPECT_EQ(store->commit(records(0, 8)).outcome, ports::CommitOutcome::committed);
    const auto first = store->reader().batch_of(1).value();
    EXPECT_EQ(store->reader().batch_of(7).value(), first);
}

TEST_F(ReadOnly, ABatchThatWasCommittedLatelyIsHeldReady) {
    const auto store = open_store();
    const ports::StoreBatch batch = records(0, 8);
    EXPECT_EQ(store->commit(batch).outcome, ports::CommitOutcome::committed);
    store->remember(batch);
    const auto found = store->reader().batch_of(3).value();
    ASSERT_NE(found, nullptr);
    EXPECT_EQ(*found, batch.ledger);
    EXPECT_EQ(store->reader().batch_of(8).value(), nullptr);
    const auto other = open_read_only(directory_.path());
    ASSERT_TRUE(other);
    EXPECT_EQ(*(*other)->batch_of(3).value(), *found) << "what is stored is the same";
}

// Held ready or read, a row is the same; and what the next batch writes of it is seen at once.
TEST_F(ReadOnly, AJobThatTheNewestBatchMadeIsHeldReady) {
    const auto store = open_store();
    const auto other = open_read_only(directory_.path());
    ASSERT_TRUE(other);
    const core::JobId id{Uuid::parse("01890a5d-ac96-774b-bcce-b302099a8057").value()};
    for (std::uint64_t done = 0; done < 3; ++done) {
        ports::StoreBatch batch = records(done, 1);
        ports::JobRow& row = batch.jobs.emplace_back();
        row.id = id;
        row.is_new = done == 0;
        row.tenant = "acme";
        row.name = "x";
        row.created_at = WallTime{7};
        row.total = 2;
        row.done = static_cast<std::uint32_t>(done);
        EXPECT_EQ(store->commit(batch).outcome, ports::CommitOutcome::committed);
        store->remember(batch);
        const auto held = store->reader().job(id).value();
        ASSERT_TRUE(held.has_value());
        EXPECT_EQ(held->done, done);
        EXPECT_EQ(held, (*other)->job(id).value());
    }
}

}  // namespace
}  // namespace attacca::sqlite
