// SPDX-License-Identifier: Apache-2.0
#include "adapters/sqlite/sqlite_store.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "adapters/sqlite/test_directory.h"

// What the port does not ask for; everything else is in tests/contract.

namespace attacca::sqlite {
namespace {

using ports::CommitOutcome;

ports::StoreBatch one_record(std::uint64_t gseq) {
    ports::StoreBatch batch;
    batch.ledger.first_gseq = gseq;
    batch.ledger.count = 1;
    batch.ledger.records = "record";
    batch.ledger.previous = {ports::no_gseq};
    return batch;
}

class SqliteStoreFile : public ::testing::Test {
  protected:
    std::unique_ptr<SqliteStore> open(const SqliteOptions& options = {}) {
        auto store = SqliteStore::open(directory_.path(), options);
        EXPECT_TRUE(store) << store.error().text();
        return std::move(*store);
    }
    void commit(SqliteStore& store, const ports::StoreBatch& batch) {
        const ports::CommitResult result = store.commit(batch);
        EXPECT_EQ(result.outcome, CommitOutcome::committed) << result.detail;
    }
    [[nodiscard]] std::uintmax_t wal_bytes() const {
        return std::filesystem::file_size(directory_.file() + "-wal");
    }
    TestDirectory directory_;
};

TEST_F(SqliteStoreFile, OnlyItsOwnerMayReadIt) {
    const auto store = open();
    commit(*store, one_record(0));
    for (const char* suffix : {"", "-wal"}) {
        struct stat status {};
        ASSERT_EQ(stat((directory_.file() + suffix).c_str(), &status), 0);
        EXPECT_EQ(status.st_mode & 0777U, 0600U) << suffix;
    }
}

TEST_F(SqliteStoreFile, ADirectoryThatIsMissingIsAnError) {
    const auto store = SqliteStore::open(directory_.path() + "/none");
    ASSERT_FALSE(store);
    EXPECT_EQ(store.error().problem, Problem::io_error);
}

TEST_F(SqliteStoreFile, ANewerVersionIsRefused) {
    (void)open();
    auto other = Database::open(directory_.file(), OpenMode::writer);
    ASSERT_TRUE(other->run("PRAGMA user_version = 1000"));
    const auto store = SqliteStore::open(directory_.path());
    ASSERT_FALSE(store);
    EXPECT_EQ(store.error().problem, Problem::bad_configuration);
}

TEST_F(SqliteStoreFile, TheWalIsUsedAgainAndNotCut) {
    const auto store = open({.checkpoint_frames = 50});
    std::uint64_t gseq = 0;
    const auto write = [&](int batches) {
        for (int i = 0; i < batches; ++i) {
            commit(*store, one_record(gseq++));
            store->maintain({});
        }
    };
    write(200);
    const std::uintmax_t bytes = wal_bytes();
    EXPECT_GT(bytes, 50U * 4096);
    write(1000);
    EXPECT_EQ(wal_bytes(), bytes);
}

TEST_F(SqliteStoreFile, WithoutCheckpointsTheWalGrows) {
    const auto store = open({.checkpoint_frames = 1000000});
    for (std::uint64_t gseq = 0; gseq < 200; ++gseq) {
        commit(*store, one_record(gseq));
        store->maintain({});
    }
    EXPECT_GT(wal_bytes(), 200U * 4096);
}

TEST_F(SqliteStoreFile, WhatACrashLeavesIsRecovered) {
    const auto store = open();
    // The log that the migrations made is used again; only beyond it the last commit is its end.
    const std::uintmax_t bytes = wal_bytes();
    std::uint64_t count = 0;
    while (count < 20 || wal_bytes() == bytes) {
        commit(*store, one_record(count++));
    }
    const TestDirectory crashed;
    for (const char* suffix : {"", "-wal"}) {
        std::filesystem::copy_file(directory_.file() + suffix, crashed.file() + suffix);
    }
    // The last transaction is torn: it was not synced, so it was not answered.
    std::filesystem::resize_file(crashed.file() + "-wal", wal_bytes() - 100);
    auto recovered = SqliteStore::open(crashed.path());
    ASSERT_TRUE(recovered) << recovered.error().text();
    EXPECT_EQ((*recovered)->reader().tail().value().size, count - 1);
    commit(**recovered, one_record(count - 1));
}

TEST_F(SqliteStoreFile, ADamagedBatchIsCorruptAndNoCrash) {
    for (const char* damage : {"records = x'00'", "records = substr(records, 1, 9)",
                               "raw_bytes = 7", "raw_bytes = -1",
                               "raw_bytes = 4611686018427387904", "count = 0", "count = 2",
                               "root = x''", "oldest_live = x'00'", "previous = x'05'",
                               "previous = x''"}) {
        SCOPED_TRACE(damage);
        const TestDirectory directory;
        {
            auto store = SqliteStore::open(directory.path());
            commit(**store, one_record(0));
        }
        auto other = Database::open(directory.file(), OpenMode::writer);
        ASSERT_TRUE(other->run("UPDATE batches SET " + std::string(damage)));
        auto reader = open_read_only(directory.path());
        ASSERT_TRUE(reader) << reader.error().text();
        const auto batch = (*reader)->batch_of(0);
        ASSERT_FALSE(batch && *batch != nullptr);
        if (!batch) {
            EXPECT_EQ(batch.error().problem, Problem::corrupt);
        }
    }
}

TEST_F(SqliteStoreFile, EveryDamagedColumnOfAJobIsToldAndSetAside) {
    ports::StoreBatch batch = one_record(0);
    batch.jobs.resize(1);
    batch.jobs[0].is_new = true;
    batch.jobs[0].id.uuid.bytes[0] = 1;
    for (const std::string damage :
         {"id = x'01'", "state = 1", "state = 9", "state = 4611686018427387904", "image = x''",
          "image = zeroblob(81)", "image = CAST(zeroblob(48) || x'0400' || zeroblob(32) AS BLOB)",
          "image = CAST(zeroblob(48) || x'0002' || zeroblob(32) AS BLOB)", "priority = 3",
          "priority = -1", "kinds = 4294967296", "definition = x'00'", "details_body = x'00'",
          "retry_of = x'00'"}) {
        SCOPED_TRACE(damage);
        const TestDirectory directory;
        auto store = SqliteStore::open(directory.path());
        commit(**store, batch);
        auto other = Database::open(directory.file(), OpenMode::writer);
        ASSERT_TRUE(other->run("UPDATE jobs SET " + damage)) << other->failure().text;
        int set_aside = 0;
        const auto live = (*store)->reader().live_jobs(
            {}, [&](const std::string& id, const std::string& why) {
                ++set_aside;
                const std::string column = damage.substr(0, damage.find(' '));
                EXPECT_NE(why.find("column " + column), std::string::npos) << why;
                EXPECT_NE(why.find(id), std::string::npos) << why;
            });
        EXPECT_TRUE(live.value().empty());
        EXPECT_EQ(set_aside, 1);
    }
}

}  // namespace
}  // namespace attacca::sqlite
