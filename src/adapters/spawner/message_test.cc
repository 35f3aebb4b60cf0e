// SPDX-License-Identifier: Apache-2.0
#include "adapters/spawner/message.h"

#include <gtest/gtest.h>

namespace attacca::spawner {
namespace {

SpawnRequest sample() {
    SpawnRequest spawn;
    spawn.fence = 0x0102030405060708;
    spawn.argv = {"echo", "", std::string("a\0b", 3)};
    spawn.env = {"A=1", "B="};
    spawn.directory = "/attempts/7";
    spawn.stdout_path = "/live/7/stdout";
    spawn.stderr_path = "/live/7/stderr";
    spawn.file_bytes_max = ~std::uint64_t{0};
    return spawn;
}

TEST(Message, EveryMessageIsReadBackAsItWas) {
    for (const Request& request : {Request(sample()), Request(SpawnRequest{}),
                                   Request(StopRequest{9, 10'000})}) {
        const std::optional<Request> back = decode_request(encode(request));
        ASSERT_TRUE(back);
        EXPECT_EQ(*back, request);
    }
    for (const Ended& ended : {Ended{1, Exited{3}}, Ended{2, Signalled{9}},
                               Ended{3, NotStarted{StartStage::execute, 2}}}) {
        const std::optional<Ended> back = decode_ended(encode(ended));
        ASSERT_TRUE(back);
        EXPECT_EQ(*back, ended);
    }
}

TEST(Message, AnyCutOrAddedByteIsRefused) {
    const std::string spawn = encode(Request(sample()));
    for (std::size_t size = 0; size < spawn.size(); ++size) {
        EXPECT_FALSE(decode_request(spawn.substr(0, size))) << size;
    }
    EXPECT_FALSE(decode_request(spawn + "x"));
    const std::string ended = encode(Ended{3, NotStarted{StartStage::directory, 2}});
    for (std::size_t size = 0; size < ended.size(); ++size) {
        EXPECT_FALSE(decode_ended(ended.substr(0, size))) << size;
    }
    EXPECT_FALSE(decode_ended(ended + "x"));
}

TEST(Message, AnUnknownMarkOrStageIsRefused) {
    EXPECT_FALSE(decode_request("?12345678"));
    std::string ended = encode(Ended{3, NotStarted{StartStage::execute, 2}});
    ended.back() = '\x7f';
    EXPECT_FALSE(decode_ended(ended));
}

TEST(Message, AListLengthBeyondTheBytesIsRefused) {
    std::string spawn = encode(Request(sample()));
    spawn.replace(9, 4, "\xff\xff\xff\xff");
    EXPECT_FALSE(decode_request(spawn));
}

}  // namespace
}  // namespace attacca::spawner
