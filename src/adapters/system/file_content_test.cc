// SPDX-License-Identifier: Apache-2.0
#include "adapters/system/file_content.h"

#include <filesystem>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "adapters/system/temporary_directory_for_test.h"
#include "base/digest.h"

namespace attacca::system {
namespace {

std::size_t files_below(const std::string& path) {
    std::size_t count = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(path)) {
        count += entry.is_regular_file() ? 1U : 0U;
    }
    return count;
}

class FileContentTest : public testing::Test {
  protected:
    void SetUp() override {
        Result<std::unique_ptr<FileContent>> opened = FileContent::open(root());
        ASSERT_TRUE(opened);
        content_ = std::move(*opened);
    }
    [[nodiscard]] std::string root() const { return dir_.path() + "/cas"; }

    TemporaryDirectory dir_;
    std::unique_ptr<FileContent> content_;
};

TEST_F(FileContentTest, WhatWasPutIsReadBackUnderItsDigest) {
    const Result<Sha256> digest = content_->put("hello");
    ASSERT_TRUE(digest);
    EXPECT_EQ(*digest, sha256("hello"));
    EXPECT_EQ(*content_->size(*digest), 5U);
    EXPECT_EQ(*content_->read(*digest, 0, 100), "hello");
    const std::string name = hex(*digest);
    EXPECT_EQ(content_->path_of(*digest), root() + "/sha256/" + name.substr(0, 2) + "/" +
                                              name.substr(2, 2) + "/" + name);
    EXPECT_TRUE(std::filesystem::exists(content_->path_of(*digest)));
}

TEST_F(FileContentTest, ReadsARangeAndNothingBeyondTheEnd) {
    const Sha256 digest = *content_->put("0123456789");
    EXPECT_EQ(*content_->read(digest, 3, 4), "3456");
    EXPECT_EQ(*content_->read(digest, 8, 4), "89");
    EXPECT_EQ(*content_->read(digest, 10, 4), "");
    EXPECT_EQ(*content_->read(digest, ~std::uint64_t{0}, ~std::uint64_t{0}), "");
}

TEST_F(FileContentTest, EqualContentIsOneFile) {
    ASSERT_TRUE(content_->put("same"));
    ASSERT_TRUE(content_->put("same"));
    EXPECT_EQ(files_below(root()), 1U);
}

TEST_F(FileContentTest, AnAdoptedFileIsMovedAndKeepsItsBytes) {
    const std::string bytes(200'000, 'y');
    const std::string path = dir_.path() + "/output";
    ASSERT_TRUE(write_file(path, bytes));
    const Result<Sha256> digest = content_->adopt(path);
    ASSERT_TRUE(digest);
    EXPECT_EQ(*digest, sha256(bytes));
    EXPECT_FALSE(file_exists(path));
    EXPECT_EQ(*content_->read(*digest, 0, bytes.size()), bytes);

    ASSERT_TRUE(write_file(path, bytes));
    ASSERT_TRUE(content_->adopt(path));
    EXPECT_FALSE(file_exists(path));
    EXPECT_EQ(files_below(root()), 1U);
}

TEST_F(FileContentTest, ASymbolicLinkIsNotAdopted) {
    ASSERT_TRUE(write_file(dir_.path() + "/secret", "x"));
    std::filesystem::create_symlink(dir_.path() + "/secret", dir_.path() + "/link");
    EXPECT_FALSE(content_->adopt(dir_.path() + "/link"));
    EXPECT_TRUE(file_exists(dir_.path() + "/secret"));
}

TEST_F(FileContentTest, UnknownContentIsNotFound) {
    EXPECT_EQ(content_->size(sha256("never")).error().problem, Problem::not_found);
    EXPECT_EQ(content_->read(sha256("never"), 0, 1).error().problem, Problem::not_found);
}

TEST_F(FileContentTest, OpeningAgainKeepsContentAndDropsWhatWasHalfWritten) {
    const Sha256 digest = *content_->put("kept");
    ASSERT_TRUE(write_file(root() + "/incoming/17", "torn"));
    const Result<std::unique_ptr<FileContent>> again = FileContent::open(root());
    ASSERT_TRUE(again);
    EXPECT_EQ(*(*again)->read(digest, 0, 10), "kept");
    EXPECT_EQ(files_below(root()), 1U);
}

TEST_F(FileContentTest, ManyThreadsMayPutTheSameContent) {
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([this] {
            for (int k = 0; k < 10; ++k) {
                EXPECT_TRUE(content_->put(std::to_string(k)));
            }
        });
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
    EXPECT_EQ(files_below(root()), 10U);
}

TEST(FileContent, AReaderOfAnothersContentMakesNothing) {
    const TemporaryDirectory dir;
    const auto reader = FileContent::at(dir.path() + "/cas");
    EXPECT_FALSE(file_exists(dir.path() + "/cas"));
    const auto writer = FileContent::open(dir.path() + "/cas");
    ASSERT_TRUE(writer);
    const Result<Sha256> digest = (*writer)->put("hello");
    ASSERT_TRUE(digest);
    EXPECT_EQ(reader->read(*digest, 0, 100).value(), "hello");
    EXPECT_EQ(reader->read(sha256("none"), 0, 1).error().problem, Problem::not_found);
}

TEST(FileContent, AReaderWithoutTheObjectFindsTheSamePlace) {
    const TemporaryDirectory dir;
    const auto content = FileContent::open(dir.path());
    ASSERT_TRUE(content);
    const Result<Sha256> digest = (*content)->put("hello");
    ASSERT_TRUE(digest);
    EXPECT_EQ(content_path(dir.path(), *digest), (*content)->path_of(*digest));
    EXPECT_TRUE(file_exists(content_path(dir.path(), *digest)));
}

}  // namespace
}  // namespace attacca::system
