// SPDX-License-Identifier: Apache-2.0
#include "adapters/system/witness_shelf.h"

#include <sys/stat.h>

#include <filesystem>

#include <gtest/gtest.h>

#include "adapters/system/temporary_directory_for_test.h"

namespace attacca::system {
namespace {

TEST(WitnessShelf, RemembersEachLog) {
    const TemporaryDirectory directory;
    {
        const auto shelf = FileWitnessShelf::open(directory.path() + "/w");
        ASSERT_TRUE(shelf) << shelf.error().text();
        EXPECT_EQ(*(*shelf)->newest("a.example"), std::nullopt);
        ASSERT_TRUE((*shelf)->keep("a.example", "one\n"));
        ASSERT_TRUE((*shelf)->keep("b.example/../..", "other\n"));
        ASSERT_TRUE((*shelf)->keep("a.example", "two\n"));
        EXPECT_EQ(FileWitnessShelf::open(directory.path() + "/w").error().problem,
                  Problem::locked);
    }
    const auto again = FileWitnessShelf::open(directory.path() + "/w");
    ASSERT_TRUE(again);
    EXPECT_EQ(*(*again)->newest("a.example"), "two\n");
    EXPECT_EQ(*(*again)->newest("b.example/../.."), "other\n");
}

TEST(WitnessShelf, MakesItsKeyOnceAndNeverAgain) {
    const TemporaryDirectory directory;
    const auto shelf = FileWitnessShelf::open(directory.path());
    ASSERT_TRUE(shelf);
    const auto key = (*shelf)->load_or_create_key();
    ASSERT_TRUE(key);
    EXPECT_EQ((*shelf)->load_or_create_key()->bytes, key->bytes);
    EXPECT_EQ(*(*shelf)->vkey(), std::nullopt);
    ASSERT_TRUE((*shelf)->write_vkey("w+1+2"));
    EXPECT_EQ(*(*shelf)->vkey(), "w+1+2");

    const std::string file = directory.path() + "/witness.key";
    struct stat found {};
    ASSERT_EQ(::stat(file.c_str(), &found), 0);
    EXPECT_EQ(found.st_mode & 0777U, 0600U);
    std::filesystem::permissions(file, std::filesystem::perms(0644));
    EXPECT_EQ((*shelf)->load_or_create_key().error().problem, Problem::bad_configuration);
    std::filesystem::remove(file);
    EXPECT_EQ((*shelf)->load_or_create_key().error().problem, Problem::bad_configuration);
}

TEST(WitnessShelf, IsNoLedgersDirectory) {
    const TemporaryDirectory directory;
    ASSERT_TRUE(write_file(directory.path() + "/attacca.db", "x"));
    EXPECT_EQ(FileWitnessShelf::open(directory.path()).error().problem,
              Problem::bad_configuration);
}

}  // namespace
}  // namespace attacca::system
