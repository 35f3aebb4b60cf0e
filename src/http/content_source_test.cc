// SPDX-License-Identifier: Apache-2.0
#include "http/content_source.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "base/digest.h"
#include "http/event_source.h"

namespace attacca::http {
namespace {

// Content in memory: one thing.
class OneContent final : public ports::Content {
  public:
    explicit OneContent(std::string bytes) : bytes_(std::move(bytes)) {}
    Result<Sha256> put(std::string_view) override { return fail(Problem::io_error); }
    Result<Sha256> adopt(const std::string&) override { return fail(Problem::io_error); }
    Result<std::uint64_t> size(const Sha256&) const override { return bytes_.size(); }
    Result<std::string> read(const Sha256&,
                             std::uint64_t offset,
                             std::uint64_t length) const override {
        return bytes_.substr(offset, length);
    }

  private:
    std::string bytes_;
};

std::string drain(Stream& stream) {
    std::string bytes = stream.take(1 << 20);
    stream.taken(bytes.size());
    return bytes;
}

class LiveFile : public testing::Test {
  protected:
    void SetUp() override {
        std::string name = (std::filesystem::temp_directory_path() / "attacca-XXXXXX").string();
        ASSERT_NE(::mkdtemp(name.data()), nullptr);
        directory_ = name;
    }
    void TearDown() override { std::filesystem::remove_all(directory_); }
    std::string path() const { return directory_ + "/stdout"; }
    void write(std::string_view text) const {
        std::ofstream(path(), std::ios::binary | std::ios::app) << text;
    }
    std::string directory_;
};

TEST(ContentSource, SendsNoMoreThanTheClientTakes) {
    const OneContent content(std::string(1'000'000, 'x'));
    const auto stream = std::make_shared<Stream>();
    ContentSource source(content, {{}, 10, 900'000}, stream);
    std::size_t total = 0;
    while (source.step()) {
        EXPECT_LE(stream->pending(), stream_bytes_max);
        total += drain(*stream).size();
    }
    total += drain(*stream).size();
    EXPECT_EQ(total, 900'000U);
    EXPECT_TRUE(stream->is_finished());
}

TEST_F(LiveFile, GrowsUnderItsReader) {
    GrowingFile file(path());
    EXPECT_EQ(file.read(0, 10), "");
    EXPECT_EQ(file.size(), 0U);
    write("hello");
    EXPECT_EQ(file.read(0, 10), "hello");
    std::filesystem::rename(path(), path() + ".old");
    EXPECT_EQ(file.read(3, 10), "lo") << "it holds the file, not its name";
}

TEST_F(LiveFile, IsFollowedUntilTheAttemptEnds) {
    const OneContent content("hello world, and the rest");
    const auto stream = std::make_shared<Stream>();
    FollowState state;
    FollowSource source(
        content, nullptr, [&] { return state; }, stream);
    EXPECT_TRUE(source.step()) << "no attempt yet";
    state.live_path = path();
    write("hello ");
    EXPECT_TRUE(source.step());
    EXPECT_EQ(drain(*stream), "hello ");
    write("world");
    EXPECT_TRUE(source.step());
    EXPECT_EQ(drain(*stream), "world");
    state.is_over = true;
    state.is_stored = true;
    state.bytes = 25;
    EXPECT_FALSE(source.step());
    EXPECT_EQ(drain(*stream), ", and the rest");
    EXPECT_TRUE(stream->is_finished());
}

TEST_F(LiveFile, EndsWithTheAttemptThoughNothingWasStored) {
    const OneContent content("");
    const auto stream = std::make_shared<Stream>();
    FollowState state;
    state.live_path = path();
    state.is_over = true;
    FollowSource source(
        content, nullptr, [&] { return state; }, stream);
    write("last words");
    EXPECT_FALSE(source.step());
    EXPECT_EQ(drain(*stream), "last words");
}

}  // namespace
}  // namespace attacca::http
