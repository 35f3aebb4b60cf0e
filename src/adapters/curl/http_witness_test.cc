// SPDX-License-Identifier: Apache-2.0
#include "adapters/curl/http_witness.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/curl/loopback_server_for_test.h"
#include "base/digest.h"

namespace attacca::curl {
namespace {

using ::testing::EndsWith;
using ::testing::StartsWith;

TEST(HttpWitness, SendsTheRequestBelowItsAddress) {
    LoopbackServer server([](const std::string&, int fd) {
        LoopbackServer::say(fd, "HTTP/1.1 409 Conflict\r\nContent-Length: 3\r\n\r\n12\n");
    });
    HttpWitness witness(server.url("/prefix/"));
    const Result<ports::Witness::Answer> answer = witness.add_checkpoint("old 7\n\nnote\n");
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 409);
    EXPECT_EQ(answer->body, "12\n");
    EXPECT_THAT(server.asked(), StartsWith("POST /prefix/add-checkpoint HTTP/1.1\r\n"));
    EXPECT_THAT(server.asked(), EndsWith("\r\n\r\nold 7\n\nnote\n"));
}

TEST(HttpWitness, AsksForALogByTheHashOfItsOrigin) {
    LoopbackServer server([](const std::string&, int fd) {
        LoopbackServer::say(fd, "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
    });
    HttpWitness witness(server.url(""));
    const Result<ports::Witness::Answer> answer = witness.newest("a.example/x");
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 404);
    EXPECT_THAT(server.asked(),
                StartsWith("GET /" + hex(sha256("a.example/x")) + "/checkpoint HTTP/1.1\r\n"));
}

TEST(HttpWitness, ThatIsNotThereIsUnreachable) {
    HttpWitness witness("http://127.0.0.1:1");
    EXPECT_EQ(witness.newest("a.example/x").error().problem, Problem::unreachable);
    EXPECT_EQ(witness.add_checkpoint("x").error().problem, Problem::unreachable);
}

}  // namespace
}  // namespace attacca::curl
