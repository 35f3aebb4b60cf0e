// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <atomic>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "adapters/system/file_content.h"
#include "adapters/system/temporary_directory_for_test.h"
#include "base/digest.h"

// What lets content files go (file_collection.cc).

namespace attacca::system {
namespace {

class FileCollectionTest : public testing::Test {
  protected:
    FileCollectionTest() : content_(std::move(*FileContent::open(dir_.path() + "/cas"))) {}

    [[nodiscard]] bool is_there(const Sha256& digest) const {
        return std::filesystem::exists(content_->path_of(digest));
    }

    TemporaryDirectory dir_;
    std::unique_ptr<FileContent> content_;
};

TEST_F(FileCollectionTest, WhatWasPutStaysUntilItWasReleasedAsOften) {
    const Sha256 digest = *content_->put("x");
    ASSERT_TRUE(content_->put("x"));
    EXPECT_TRUE(content_->is_pinned(digest));
    EXPECT_FALSE(*content_->remove(digest));
    content_->release(digest);
    EXPECT_FALSE(*content_->remove(digest));
    EXPECT_TRUE(is_there(digest));
    content_->release(digest);
    EXPECT_FALSE(content_->is_pinned(digest));
    EXPECT_TRUE(*content_->remove(digest));
    EXPECT_FALSE(is_there(digest));
    EXPECT_FALSE(*content_->remove(digest));  // it is not there
    content_->release(digest);                // and not pinned
    EXPECT_EQ(*content_->put("x"), digest);
    EXPECT_TRUE(is_there(digest));
}

TEST_F(FileCollectionTest, WhatWasAdoptedIsPinnedToo) {
    const std::string path = dir_.path() + "/made";
    ASSERT_TRUE(write_file(path, "made"));
    const Sha256 digest = *content_->adopt(path);
    EXPECT_FALSE(*content_->remove(digest));
    content_->release(digest);
    EXPECT_TRUE(*content_->remove(digest));
}

// Its record may be younger than what whoever collects has read.
TEST_F(FileCollectionTest, WhatIsReleasedWhileSomebodyCollectsStays) {
    const Sha256 before = *content_->put("before");
    content_->release(before);
    const Sha256 pinned = *content_->put("pinned");
    content_->begin_collection();
    const Sha256 put = *content_->put("put");
    content_->release(pinned);
    content_->release(put);
    EXPECT_TRUE(*content_->remove(before));
    for (const Sha256& digest : {pinned, put}) {
        EXPECT_TRUE(content_->is_pinned(digest));
        EXPECT_FALSE(*content_->remove(digest));
    }
    content_->end_collection();
    content_->begin_collection();
    EXPECT_TRUE(*content_->remove(pinned));
    EXPECT_TRUE(*content_->remove(put));
    content_->end_collection();
}

TEST_F(FileCollectionTest, AProcessThatEndedHasNoPins) {
    const Sha256 digest = *content_->put("left");
    content_.reset();
    const auto next = std::move(*FileContent::open(dir_.path() + "/cas"));
    EXPECT_TRUE(*next->remove(digest));
}

TEST_F(FileCollectionTest, APutThatFailsPinsNothing) {
    std::filesystem::remove_all(dir_.path() + "/cas/incoming");
    EXPECT_FALSE(content_->put("x"));
    EXPECT_FALSE(content_->is_pinned(sha256("x")));
    EXPECT_FALSE(content_->adopt(dir_.path() + "/nothing"));
}

TEST_F(FileCollectionTest, TheGroupsHoldEveryFileOnceAndNothingElse) {
    std::vector<Sha256> put;
    for (int i = 0; i < 600; ++i) {
        put.push_back(*content_->put(std::string(static_cast<std::size_t>(i), 'x')));
    }
    const std::string directory = content_->path_of(put.front()).substr(
        0, content_->path_of(put.front()).find_last_of('/'));
    ASSERT_TRUE(write_file(directory + "/README", "of somebody"));
    std::filesystem::create_directory(directory + "/" + hex(sha256("directory")));
    std::vector<Sha256> found;
    std::uint64_t bytes = 0;
    for (unsigned group = 0; group < ports::Content::file_groups; ++group) {
        const auto files = content_->files(group);
        ASSERT_TRUE(files) << files.error().text();
        for (const ports::Content::File& file : *files) {
            EXPECT_EQ(file.digest.bytes[0], group);
            found.push_back(file.digest);
            bytes += file.bytes;
        }
    }
    std::sort(put.begin(), put.end());
    std::sort(found.begin(), found.end());
    EXPECT_EQ(found, put);
    EXPECT_EQ(bytes, 599U * 600 / 2);
}

// Whatever the order: whoever got a digest back finds the whole file, until it has released it.
TEST_F(FileCollectionTest, NobodyLosesWhatWasPutWhileOthersRemoveIt) {
    std::atomic<bool> is_over = false;
    std::atomic<int> lost = 0;
    std::thread remover([&] {
        while (!is_over) {
            for (int i = 0; i < 4; ++i) {
                (void)content_->remove(sha256("text " + std::to_string(i)));
            }
        }
    });
    std::vector<std::thread> putters;
    for (int thread = 0; thread < 3; ++thread) {
        putters.emplace_back([&] {
            for (int i = 0; i < 200; ++i) {
                const std::string text = "text " + std::to_string(i % 4);
                const Result<Sha256> digest = content_->put(text);
                const Result<std::string> found = content_->read(sha256(text), 0, 100);
                if (!digest || !found || *found != text) {
                    ++lost;
                }
                content_->release(sha256(text));
            }
        });
    }
    for (std::thread& putter : putters) {
        putter.join();
    }
    is_over = true;
    remover.join();
    EXPECT_EQ(lost, 0);
}

}  // namespace
}  // namespace attacca::system
