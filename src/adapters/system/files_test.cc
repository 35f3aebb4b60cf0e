// SPDX-License-Identifier: Apache-2.0
#include "adapters/system/files.h"

#include <filesystem>

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "adapters/system/temporary_directory_for_test.h"

namespace attacca::system {
namespace {

mode_t mode_of(const std::string& path) {
    struct stat found {};
    EXPECT_EQ(::stat(path.c_str(), &found), 0);
    return found.st_mode & 07777U;
}

std::size_t entries_in(const std::string& path) {
    std::size_t count = 0;
    for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(path)) {
        ++count;
    }
    return count;
}

TEST(Files, AWrittenFileIsPrivateAndReplacesTheOldContent) {
    const TemporaryDirectory dir;
    const std::string path = dir.path() + "/a";
    ASSERT_TRUE(write_file(path, "one"));
    ASSERT_TRUE(write_file(path, "two"));
    const Result<std::string> text = read_file(path, 100);
    ASSERT_TRUE(text);
    EXPECT_EQ(*text, "two");
    EXPECT_EQ(mode_of(path), 0600U);
    EXPECT_EQ(entries_in(dir.path()), 1U);
}

TEST(Files, CreateRefusesToReplaceAndLeavesNoTemporaryFile) {
    const TemporaryDirectory dir;
    const std::string path = dir.path() + "/a";
    ASSERT_TRUE(create_file(path, "one"));
    const Result<void> again = create_file(path, "two");
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().problem, Problem::state_conflict);
    EXPECT_EQ(*read_file(path, 100), "one");
    EXPECT_EQ(entries_in(dir.path()), 1U);
}

TEST(Files, AMissingFileIsNotFoundAndATooLargeOneIsRefused) {
    const TemporaryDirectory dir;
    const Result<std::string> missing = read_file(dir.path() + "/none", 100);
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().problem, Problem::not_found);
    ASSERT_TRUE(write_file(dir.path() + "/large", std::string(101, 'x')));
    const Result<std::string> large = read_file(dir.path() + "/large", 100);
    ASSERT_FALSE(large);
    EXPECT_EQ(large.error().problem, Problem::io_error);
}

TEST(Files, DirectoriesAreMadeWithTheirParentsAndArePrivate) {
    const TemporaryDirectory dir;
    ASSERT_TRUE(make_directory(dir.path() + "/a/b/c"));
    ASSERT_TRUE(make_directory(dir.path() + "/a/b/c"));
    EXPECT_EQ(mode_of(dir.path() + "/a/b"), 0700U);
    ASSERT_TRUE(write_file(dir.path() + "/file", ""));
    EXPECT_FALSE(make_directory(dir.path() + "/file"));
    EXPECT_FALSE(make_directory(dir.path() + "/file/below"));
}

TEST(Files, AFullDiskHasAProblemOfItsOwn) {
    EXPECT_EQ(error_of(ENOSPC, "write", "x").problem, Problem::storage_full);
    EXPECT_EQ(error_of(EDQUOT, "write", "x").problem, Problem::storage_full);
    EXPECT_EQ(error_of(EIO, "write", "x").problem, Problem::io_error);
    const Result<void> written = write_file("/dev/full/below", "x");
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().problem, Problem::io_error);
}

TEST(Files, RemovingAFileThatIsNotThereIsNoError) {
    const TemporaryDirectory dir;
    ASSERT_TRUE(write_file(dir.path() + "/a", "x"));
    EXPECT_TRUE(remove_file(dir.path() + "/a"));
    EXPECT_FALSE(file_exists(dir.path() + "/a"));
    EXPECT_TRUE(remove_file(dir.path() + "/a"));
}

}  // namespace
}  // namespace attacca::system
