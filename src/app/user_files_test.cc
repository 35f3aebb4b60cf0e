// SPDX-License-Identifier: Apache-2.0
#include "app/user_files.h"

#include <fstream>
#include <iterator>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include "adapters/system/temporary_directory_for_test.h"

namespace attacca::app {
namespace {

using system::TemporaryDirectory;

std::string content_of(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

TEST(UserFiles, AFileIsReadWholeAndByteForByte) {
    const TemporaryDirectory dir;
    const std::string path = dir.path() + "/a";
    std::string text(200'000, 'x');
    text[7] = '\0';
    ASSERT_TRUE(write_user_file(path, text, false));
    const Result<std::string> read = read_user_file(path);
    ASSERT_TRUE(read);
    EXPECT_EQ(*read, text);
}

TEST(UserFiles, WhatIsWrongWithAFileIsTold) {
    const TemporaryDirectory dir;
    EXPECT_EQ(read_user_file(dir.path() + "/none").error().problem, Problem::not_found);
    EXPECT_EQ(read_user_file(dir.path() + "/none/below").error().problem, Problem::not_found);
    const Result<std::string> directory = read_user_file(dir.path());
    ASSERT_FALSE(directory);
    EXPECT_EQ(directory.error().problem, Problem::not_found);
    EXPECT_EQ(directory.error().detail, dir.path() + " is a directory, not a file");
}

TEST(UserFiles, AFileMayHave32MebibytesAndNoByteMore) {
    const TemporaryDirectory dir;
    const std::string path = dir.path() + "/a";
    std::ofstream(path).flush();
    ASSERT_EQ(::truncate(path.c_str(), static_cast<off_t>(user_file_bytes_max)), 0);
    EXPECT_TRUE(read_user_file(path));
    ASSERT_EQ(::truncate(path.c_str(), static_cast<off_t>(user_file_bytes_max + 1)), 0);
    const Result<std::string> read = read_user_file(path);
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().problem, Problem::body_too_large);
}

TEST(UserFiles, AFileIsReplacedOnlyWhenThatIsMeant) {
    const TemporaryDirectory dir;
    const std::string path = dir.path() + "/a";
    ASSERT_TRUE(write_user_file(path, "one", false));
    const Result<void> again = write_user_file(path, "two", false);
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().problem, Problem::exists);
    EXPECT_EQ(content_of(path), "one");
    ASSERT_TRUE(write_user_file(path, "2", true));
    EXPECT_EQ(content_of(path), "2");
}

TEST(UserFiles, AFileInADirectoryThatIsNotThereNamesTheDirectory) {
    const TemporaryDirectory dir;
    const std::string missing = dir.path() + "/no";
    const Result<void> written = write_user_file(missing + "/a", "x", true);
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().problem, Problem::not_found);
    EXPECT_EQ(written.error().detail, "there is no directory " + missing + "; make it first");
}

TEST(UserFiles, AFileThatCannotBeMadeIsAnIoError) {
    const TemporaryDirectory dir;
    const Result<void> written = write_user_file(dir.path(), "x", true);
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().problem, Problem::io_error);
}

TEST(UserFiles, ADescriptorThatNobodyReadsIsToldFromOneThatFails) {
    const auto old = ::signal(SIGPIPE, SIG_IGN);
    int ends[2] = {-1, -1};
    ASSERT_EQ(::pipe(ends), 0);
    EXPECT_EQ(write_text(ends[1], "abc"), Written::all);
    EXPECT_FALSE(has_no_reader(ends[1]));
    ::close(ends[0]);
    EXPECT_TRUE(has_no_reader(ends[1]));
    EXPECT_EQ(write_text(ends[1], "abc"), Written::nobody_reads);
    ::close(ends[1]);
    EXPECT_EQ(write_text(ends[1], "abc"), Written::failed);
    EXPECT_EQ(write_text(ends[1], ""), Written::all);
    ::signal(SIGPIPE, old);
}

}  // namespace
}  // namespace attacca::app
