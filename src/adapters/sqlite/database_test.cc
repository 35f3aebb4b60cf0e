// SPDX-License-Identifier: Apache-2.0
#include "adapters/sqlite/database.h"

#include <gtest/gtest.h>

#include "adapters/sqlite/test_directory.h"

namespace attacca::sqlite {
namespace {

class DatabaseFile : public ::testing::Test {
  protected:
    static Database open(const std::string& path, OpenMode mode = OpenMode::writer) {
        auto database = Database::open(path, mode);
        EXPECT_TRUE(database) << database.error().text();
        return std::move(*database);
    }
    TestDirectory directory_;
};

TEST_F(DatabaseFile, ValuesOfEveryKindComeBack) {
    Database database = open(directory_.file());
    ASSERT_TRUE(database.run("CREATE TABLE t(a INTEGER, b TEXT, c BLOB, d BLOB) STRICT"));
    Statement insert(database, "INSERT INTO t VALUES(?, ?, ?, ?)");
    insert.bind(1, stored_u64(~std::uint64_t{0}));
    insert.bind_text(2, std::string_view("a\0b", 3));
    insert.bind_blob(3, {});
    insert.bind_null(4);
    ASSERT_TRUE(insert.run());
    EXPECT_EQ(database.changed_rows(), 1);
    Statement select(database, "SELECT a, b, c, d FROM t");
    ASSERT_TRUE(select.next());
    EXPECT_EQ(loaded_u64(select.number(0)), ~std::uint64_t{0});
    EXPECT_EQ(select.bytes(1), std::string_view("a\0b", 3));
    EXPECT_FALSE(select.is_null(2)) << "no bytes are not NULL";
    EXPECT_TRUE(select.is_null(3));
    Sha256 digest;
    EXPECT_FALSE(select.digest(2, digest));
    EXPECT_FALSE(select.next());
    EXPECT_FALSE(database.has_failed());
}

TEST_F(DatabaseFile, TheFirstFailureIsKept) {
    Database database = open(directory_.file());
    Statement wrong(database, "SELECT * FROM nowhere");
    EXPECT_FALSE(wrong.next());
    EXPECT_FALSE(database.run("also wrong"));
    ASSERT_TRUE(database.has_failed());
    EXPECT_NE(database.failure().text.find("nowhere"), std::string::npos);
    EXPECT_EQ(database.error().problem, Problem::io_error);
    database.clear_failure();
    EXPECT_EQ(database.number("SELECT 7"), 7);
}

TEST_F(DatabaseFile, AFullFileSaysSo) {
    Database database = open(directory_.file());
    ASSERT_TRUE(database.run("CREATE TABLE t(a BLOB); PRAGMA max_page_count = 2"));
    EXPECT_FALSE(database.run("INSERT INTO t VALUES(zeroblob(100000))"));
    EXPECT_EQ(database.failure().kind, Failure::Kind::full);
    EXPECT_EQ(database.error().problem, Problem::storage_full);
}

TEST_F(DatabaseFile, WhatIsNoDatabaseIsCorrupt) {
    std::filesystem::copy_file("/proc/self/exe", directory_.file());
    Database database = open(directory_.file());
    EXPECT_FALSE(database.run("SELECT * FROM sqlite_schema"));
    EXPECT_EQ(database.error().problem, Problem::corrupt);
}

TEST_F(DatabaseFile, AReaderOfNoFileFails) {
    EXPECT_FALSE(Database::open(directory_.file(), OpenMode::reader));
    EXPECT_FALSE(std::filesystem::exists(directory_.file()));
}

TEST_F(DatabaseFile, AReaderDoesNotWrite) {
    ASSERT_TRUE(open(directory_.file()).run("CREATE TABLE t(a)"));
    Database reader = open(directory_.file(), OpenMode::reader);
    EXPECT_FALSE(reader.run("INSERT INTO t VALUES(1)"));
}

TEST_F(DatabaseFile, AnImmutableFileMayHaveAnyName) {
    const std::string path = directory_.path() + "/a %41?mode=rw#x.db";
    ASSERT_TRUE(open(path).run("CREATE TABLE t(a); INSERT INTO t VALUES(5)"));
    EXPECT_EQ(open(path, OpenMode::immutable).number("SELECT a FROM t"), 5);
}

TEST_F(DatabaseFile, ACheckpointBeginsTheWalAnewAndKeepsItsFile) {
    Database database = open(directory_.file());
    ASSERT_EQ(database.text("PRAGMA journal_mode = WAL"), "wal");
    ASSERT_TRUE(database.run("CREATE TABLE t(a); INSERT INTO t VALUES(zeroblob(100000))"));
    const int frames = database.wal_frames();
    EXPECT_GT(frames, 20);
    EXPECT_EQ(database.checkpoint(), Database::Checkpoint::whole);
    ASSERT_TRUE(database.run("INSERT INTO t VALUES(1)"));
    EXPECT_LT(database.wal_frames(), frames);
    EXPECT_GT(std::filesystem::file_size(directory_.file() + "-wal"), 20U * 4096);
}

TEST_F(DatabaseFile, ACheckpointIsPartWhileAReaderSeesAnOlderState) {
    Database database = open(directory_.file());
    ASSERT_EQ(database.text("PRAGMA journal_mode = WAL"), "wal");
    ASSERT_TRUE(database.run("CREATE TABLE t(a)"));
    Database reader = open(directory_.file(), OpenMode::reader);
    ASSERT_TRUE(reader.run("BEGIN"));
    EXPECT_EQ(reader.number("SELECT count(*) FROM t"), 0);
    ASSERT_TRUE(database.run("INSERT INTO t VALUES(1)"));
    EXPECT_EQ(database.checkpoint(), Database::Checkpoint::partly);
    EXPECT_FALSE(database.has_failed());
    EXPECT_EQ(reader.number("SELECT count(*) FROM t"), 0);
    ASSERT_TRUE(reader.run("COMMIT"));
    EXPECT_EQ(database.checkpoint(), Database::Checkpoint::whole);
}

TEST_F(DatabaseFile, ANeverClosedWriterLeavesAllInTheWal) {
    Database database = open(directory_.file());
    ASSERT_EQ(database.text("PRAGMA journal_mode = WAL"), "wal");
    ASSERT_TRUE(database.run("CREATE TABLE t(a); INSERT INTO t VALUES(9)"));
    // What a crash leaves: the files as they are.
    const std::string copy = directory_.path() + "/copy.db";
    std::filesystem::copy_file(directory_.file(), copy);
    std::filesystem::copy_file(directory_.file() + "-wal", copy + "-wal");
    EXPECT_EQ(open(copy).number("SELECT a FROM t"), 9);
}

}  // namespace
}  // namespace attacca::sqlite
