// SPDX-License-Identifier: Apache-2.0
#include "adapters/spawner/channel.h"

#include <array>

#include <gtest/gtest.h>
#include <sys/socket.h>

namespace attacca::spawner {
namespace {

class ChannelTest : public testing::Test {
  protected:
    ChannelTest() {
        std::array<int, 2> ends{};
        EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()), 0);
        here_ = Fd(ends[0]);
        there_ = Fd(ends[1]);
    }
    Fd here_;
    Fd there_;
};

TEST_F(ChannelTest, MessagesArriveWholeAndInOrder) {
    Channel sender(std::move(here_));
    Channel receiver(std::move(there_));
    sender.send("one");
    sender.send("");
    sender.send("three");
    ASSERT_TRUE(sender.flush());
    std::vector<std::string> messages;
    ASSERT_TRUE(receiver.receive(messages));
    EXPECT_EQ(messages, (std::vector<std::string>{"one", "", "three"}));
    EXPECT_FALSE(sender.has_unsent());
}

TEST_F(ChannelTest, AMessageLargerThanTheSocketWaitsInMemory) {
    Channel sender(std::move(here_));
    Channel receiver(std::move(there_));
    const std::string large(message_bytes_max, 'x');
    sender.send(large);
    ASSERT_TRUE(sender.flush());
    EXPECT_TRUE(sender.has_unsent());
    std::vector<std::string> messages;
    while (messages.empty()) {
        ASSERT_TRUE(receiver.receive(messages));
        ASSERT_TRUE(sender.flush());
    }
    EXPECT_EQ(messages.front(), large);
    EXPECT_FALSE(sender.has_unsent());
}

TEST_F(ChannelTest, AMessageMayArriveByteByByte) {
    Channel receiver(std::move(there_));
    std::vector<std::string> messages;
    for (const char c : std::string("\0\0\0\2hi", 6)) {
        EXPECT_TRUE(messages.empty());
        ASSERT_EQ(::send(here_.get(), &c, 1, 0), 1);
        ASSERT_TRUE(receiver.receive(messages));
    }
    EXPECT_EQ(messages, std::vector<std::string>{"hi"});
}

TEST_F(ChannelTest, WhatCameBeforeTheEndIsDelivered) {
    Channel receiver(std::move(there_));
    ASSERT_EQ(::send(here_.get(), "\0\0\0\2hi\0\0", 8, 0), 8);
    here_.reset();
    std::vector<std::string> messages;
    EXPECT_FALSE(receiver.receive(messages));
    EXPECT_EQ(messages, std::vector<std::string>{"hi"});
    receiver.send("x");
    EXPECT_FALSE(receiver.flush());
}

TEST_F(ChannelTest, ALengthBeyondTheLimitEndsTheTalk) {
    Channel receiver(std::move(there_));
    ASSERT_EQ(::send(here_.get(), "\xff\0\0\0", 4, 0), 4);
    std::vector<std::string> messages;
    EXPECT_FALSE(receiver.receive(messages));
    EXPECT_TRUE(messages.empty());
}

}  // namespace
}  // namespace attacca::spawner
