// SPDX-License-Identifier: Apache-2.0
#include <string>

#include <gtest/gtest.h>

#include "http/server_fixture_for_test.h"

namespace attacca::http {
namespace {

class ConnectionTest : public testing::Test {
  protected:
    void SetUp() override { ASSERT_TRUE(start(tiny_limits())); }
    bool start(const Limits& limits, int threads = 1) { return server_.start(limits, threads); }
    [[nodiscard]] std::uint16_t port() const { return server_.port(); }
    Later& later() { return server_.later(); }

    ServerForTest server_;
};

// Each test starts its server itself, with limits of its own.
class ImpatientConnectionTest : public ConnectionTest {
  protected:
    void SetUp() override {}
};

TEST_F(ConnectionTest, AReadNeverOvertakesAPipelinedWrite) {
    RawClient client(port());
    client.send(
        "POST /later/1 HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\n{}"
        "GET /later/2 HTTP/1.1\r\nHost: h\r\n\r\n");
    const Responder write = later().wait_for("/later/1");
    EXPECT_FALSE(later().holds("/later/2"));
    write.send(Response{});
    later().wait_for("/later/2").send(Response{});
    EXPECT_EQ(client.read().status, 200);
    EXPECT_EQ(client.read().status, 200);
}

TEST_F(ConnectionTest, ReadsARequestThatArrivesByteByByte) {
    RawClient client(port());
    const std::string request =
        "POST /slow?q HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
        "5;name=value\r\nhello\r\n0000A\r\n0123456789\r\n0\r\nTrailer: ignored\r\n\r\n";
    for (const char byte : request) {
        ASSERT_TRUE(client.send(std::string_view(&byte, 1)));
    }
    EXPECT_EQ(client.read().body, "POST /slow q 15");
}

TEST_F(ConnectionTest, TheRequestAfterABrokenOneIsNotServed) {
    RawClient client(port());
    client.send(
        "POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n"
        "\r\n0\r\n\r\nGET /later/smuggled HTTP/1.1\r\nHost: h\r\n\r\n");
    const RawAnswer answer = client.read();
    EXPECT_EQ(answer.status, 400);
    EXPECT_NE(answer.body.find("\"code\":\"bad-request-framing\""), std::string::npos);
    EXPECT_EQ(answer.field("Connection"), "close");
    EXPECT_TRUE(client.is_ended());
    EXPECT_FALSE(later().holds("/later/smuggled"));
}

TEST_F(ConnectionTest, ABrokenChunkEndsTheConnection) {
    RawClient client(port());
    client.send(
        "POST /a HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello!!\r\n");
    EXPECT_EQ(client.read().status, 400);
    EXPECT_TRUE(client.is_ended());
}

TEST_F(ConnectionTest, AnEndlessChunkSizeIsRefused) {
    RawClient client(port());
    client.send("POST /a HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1;" +
                std::string(40000, 'x'));
    EXPECT_EQ(client.read().status, 400);
}

TEST_F(ConnectionTest, ADeclaredLengthBeyondTheLimitIsRefusedBeforeTheBody) {
    RawClient client(port());
    client.send("POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 104857600\r\n\r\n");
    const RawAnswer answer = client.read();
    EXPECT_EQ(answer.status, 413);
    EXPECT_NE(answer.body.find("body-too-large"), std::string::npos);
    EXPECT_TRUE(client.is_ended());
}

TEST_F(ConnectionTest, AChunkedBodyIsCutOffAtTheLimit) {
    RawClient client(port());
    client.send("POST /a HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n");
    const std::string chunk = "4000\r\n" + std::string(0x4000, 'x') + "\r\n";
    for (int i = 0; i < 7; ++i) {
        client.send(chunk);
    }
    EXPECT_EQ(client.read().status, 413);
    EXPECT_TRUE(client.is_ended());
}

TEST_F(ConnectionTest, AHeadThatIsRefusedEndsTheConnectionOnlyWhenABodyFollows) {
    RawClient client(port());
    EXPECT_EQ(client.get("/forbidden").status, 403);
    EXPECT_EQ(client.get("/a").status, 200);
    client.send("POST /forbidden HTTP/1.1\r\nHost: h\r\nContent-Length: 50000\r\n\r\n");
    EXPECT_EQ(client.read().status, 403);
    EXPECT_TRUE(client.is_ended());
}

TEST_F(ConnectionTest, APeerThatClosedItsSendingHalfStillGetsItsAnswers) {
    RawClient client(port());
    client.send(
        "POST /later/1 HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n"
        "GET /a HTTP/1.1\r\nHost: h\r\n\r\n");
    client.end_sending();
    later().wait_for("/later/1").send(Response{});
    EXPECT_EQ(client.read().status, 200);
    EXPECT_EQ(client.read().body, "GET /a  0");
    EXPECT_TRUE(client.is_ended());
}

TEST_F(ConnectionTest, ExpectContinueIsAnswered) {
    RawClient client(port());
    client.send("POST /a HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
    EXPECT_EQ(client.read().status, 100);
    client.send("{}");
    EXPECT_EQ(client.read().body, "POST /a  2");
}

TEST_F(ConnectionTest, AnEmptyLineBeforeARequestAndTheAbsoluteFormAreTaken) {
    RawClient client(port());
    client.send("\r\nGET http://h:1/a?b HTTP/1.1\r\nHost: h\r\n\r\n");
    EXPECT_EQ(client.read().body, "GET /a b 0");
}

TEST_F(ImpatientConnectionTest, AHeadThatDoesNotEndTimesOut) {
    Limits limits = tiny_limits();
    limits.head_timeout = milliseconds(20);
    ASSERT_TRUE(start(limits));
    RawClient client(port());
    client.send("GET / HT");
    const RawAnswer answer = client.read();
    EXPECT_EQ(answer.status, 408);
    EXPECT_NE(answer.body.find("request-timeout"), std::string::npos);
    EXPECT_TRUE(client.is_ended());
}

TEST_F(ImpatientConnectionTest, ABodyBelowTheMinimumRateTimesOut) {
    Limits limits = tiny_limits();
    limits.body_grace = milliseconds(10);
    limits.body_timeout = milliseconds(40);
    ASSERT_TRUE(start(limits));
    RawClient client(port());
    client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1000\r\n\r\nx");
    EXPECT_EQ(client.read().status, 408);
    EXPECT_TRUE(client.is_ended());
}

TEST_F(ImpatientConnectionTest, AnIdleConnectionIsClosedWithoutAWord) {
    Limits limits = tiny_limits();
    limits.idle_timeout = milliseconds(20);
    ASSERT_TRUE(start(limits));
    RawClient client(port());
    EXPECT_EQ(client.get("/a").status, 200);
    EXPECT_TRUE(client.is_ended());
}

}  // namespace
}  // namespace attacca::http
