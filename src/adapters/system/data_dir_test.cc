// SPDX-License-Identifier: Apache-2.0
#include "adapters/system/data_dir.h"

#include <filesystem>

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "adapters/system/temporary_directory_for_test.h"

namespace attacca::system {
namespace {

class DataDirTest : public testing::Test {
  protected:
    TemporaryDirectory parent_;
    DataDir dir_ = *DataDir::open(parent_.path() + "/state/attacca/");
};

TEST_F(DataDirTest, OpeningMakesPrivateDirectories) {
    for (const std::string& path :
         {dir_.root(), dir_.keys(), dir_.cas(), dir_.live(), dir_.work()}) {
        struct stat found {};
        ASSERT_EQ(::stat(path.c_str(), &found), 0) << path;
        EXPECT_EQ(found.st_mode & 07777U, 0700U) << path;
    }
    EXPECT_EQ(dir_.database(), parent_.path() + "/state/attacca/attacca.db");
    EXPECT_TRUE(DataDir::open(dir_.root()));
}

TEST_F(DataDirTest, ARelativePathIsMadeAbsolute) {
    const std::string here = std::filesystem::current_path().string();
    EXPECT_EQ(DataDir::at("some/./where/").work(), here + "/some/where/work");
}

TEST_F(DataDirTest, ADirectoryThatAnyoneMayWriteIsRefused) {
    std::filesystem::permissions(dir_.root(), std::filesystem::perms::all);
    EXPECT_EQ(DataDir::open(dir_.root()).error().problem, Problem::bad_configuration);
}

TEST_F(DataDirTest, AFileInPlaceOfTheDirectoryIsRefused) {
    ASSERT_TRUE(write_file(parent_.path() + "/file", ""));
    EXPECT_EQ(DataDir::open(parent_.path() + "/file").error().problem, Problem::bad_configuration);
}

TEST_F(DataDirTest, OnlyOneHolderHasTheLockUntilItIsReleased) {
    Result<Fd> first = dir_.lock(seconds(0));
    ASSERT_TRUE(first);
    int told = 0;
    const auto tell = [&told] { ++told; };
    EXPECT_EQ(dir_.lock(seconds(0), tell).error().problem, Problem::locked);
    EXPECT_EQ(told, 0) << "nobody waits";
    EXPECT_EQ(dir_.lock(seconds(1), tell).error().problem, Problem::locked);
    EXPECT_EQ(told, 1);
    first->reset();
    EXPECT_TRUE(dir_.lock(seconds(1), tell));
    EXPECT_EQ(told, 1);
}

TEST_F(DataDirTest, TheLedgerKeyIsMadeOnceAndReadBack) {
    const Result<Ed25519Seed> made = dir_.create_ledger_key();
    ASSERT_TRUE(made);
    EXPECT_EQ(dir_.load_ledger_key()->bytes, made->bytes);
    EXPECT_NE(made->bytes, Ed25519Seed{}.bytes);
    EXPECT_EQ(dir_.create_ledger_key().error().problem, Problem::state_conflict);
    EXPECT_EQ(dir_.load_ledger_key()->bytes, made->bytes);
}

TEST_F(DataDirTest, AMissingKeyIsNeverMadeByLoading) {
    EXPECT_EQ(dir_.load_ledger_key().error().problem, Problem::bad_configuration);
    EXPECT_FALSE(file_exists(dir_.ledger_key_file()));
}

TEST_F(DataDirTest, AKeyThatIsTornOrReadableByOthersIsRefused) {
    ASSERT_TRUE(write_file(dir_.ledger_key_file(), std::string(31, 'k')));
    EXPECT_EQ(dir_.load_ledger_key().error().problem, Problem::bad_configuration);
    ASSERT_TRUE(write_file(dir_.ledger_key_file(), std::string(32, 'k')));
    ASSERT_TRUE(dir_.load_ledger_key());
    ASSERT_EQ(::chmod(dir_.ledger_key_file().c_str(), 0640), 0);
    EXPECT_EQ(dir_.load_ledger_key().error().problem, Problem::bad_configuration);
}

TEST_F(DataDirTest, TheTokenStaysTheSame) {
    EXPECT_EQ(dir_.load_token().error().problem, Problem::not_found);
    const std::string token = *dir_.load_or_create_token();
    EXPECT_EQ(token.size(), 64U);
    EXPECT_EQ(*dir_.load_or_create_token(), token);
    EXPECT_EQ(*dir_.load_token(), token);
}

TEST_F(DataDirTest, AnEmptyTokenIsRefused) {
    ASSERT_TRUE(write_file(dir_.token_file(), "\n"));
    EXPECT_EQ(dir_.load_or_create_token().error().problem, Problem::bad_configuration);
}

TEST_F(DataDirTest, ClearingRemovesFormerAttemptsAndNothingElse) {
    ASSERT_TRUE(make_directory(dir_.work() + "/7/deep"));
    ASSERT_TRUE(make_directory(dir_.live() + "/7"));
    ASSERT_TRUE(make_directory(dir_.cas() + "/sha256"));
    ASSERT_TRUE(dir_.clear_attempts());
    EXPECT_FALSE(file_exists(dir_.work() + "/7"));
    EXPECT_FALSE(file_exists(dir_.live() + "/7"));
    EXPECT_TRUE(file_exists(dir_.work()));
    EXPECT_TRUE(file_exists(dir_.cas() + "/sha256"));
}

}  // namespace
}  // namespace attacca::system
