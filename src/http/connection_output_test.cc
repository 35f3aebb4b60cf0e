// SPDX-License-Identifier: Apache-2.0
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

#include <gtest/gtest.h>

#include "http/server_fixture_for_test.h"

namespace attacca::http {
namespace {

class ConnectionOutputTest : public testing::Test {
  protected:
    void SetUp() override { ASSERT_TRUE(start(tiny_limits())); }
    bool start(const Limits& limits, int threads = 1) { return server_.start(limits, threads); }
    [[nodiscard]] std::uint16_t port() const { return server_.port(); }
    Later& later() { return server_.later(); }

    ServerForTest server_;
};

// Each test starts its server itself, with limits of its own.
class ImpatientConnectionOutputTest : public ConnectionOutputTest {
  protected:
    void SetUp() override {}
};

TEST_F(ConnectionOutputTest, AnswersPipelinedRequestsInTheirOrder) {
    RawClient client(port());
    client.send(
        "GET /later/1 HTTP/1.1\r\nHost: h\r\n\r\nGET /later/2 HTTP/1.1\r\nHost: h\r\n\r\n"
        "GET /now HTTP/1.1\r\nHost: h\r\n\r\n");
    const Responder second = later().wait_for("/later/2");
    Response response;
    response.body = "second";
    second.send(response);
    response.body = "first";
    later().wait_for("/later/1").send(response);
    EXPECT_EQ(client.read().body, "first");
    EXPECT_EQ(client.read().body, "second");
    EXPECT_EQ(client.read().body, "GET /now  0");
}

TEST_F(ConnectionOutputTest, AHandlerThatForgetsItsRequestMakesA500) {
    RawClient client(port());
    EXPECT_EQ(client.get("/forgotten").status, 500);
    EXPECT_EQ(client.get("/a").status, 200);
}

TEST_F(ConnectionOutputTest, HeadHasTheLengthAndNoBody) {
    RawClient client(port());
    client.send("HEAD /a HTTP/1.1\r\nHost: h\r\n\r\n");
    const RawAnswer answer = client.read(true);
    EXPECT_EQ(answer.field("Content-Length"), "10");
    EXPECT_EQ(client.get("/b").body, "GET /b  0");
}

TEST_F(ConnectionOutputTest, Version10ClosesAfterItsAnswer) {
    RawClient client(port());
    client.send("GET /a HTTP/1.0\r\n\r\n");
    EXPECT_EQ(client.read().status, 200);
    EXPECT_TRUE(client.is_ended());
}

TEST_F(ConnectionOutputTest, ALargeAnswerArrivesWhole) {
    RawClient client(port(), 4096);
    client.send("GET /later/1 HTTP/1.1\r\nHost: h\r\n\r\nGET /a HTTP/1.1\r\nHost: h\r\n\r\n");
    Response response;
    response.body = std::string(5'000'000, 'x');
    later().wait_for("/later/1").send(std::move(response));
    EXPECT_EQ(client.read().body.size(), 5'000'000U);
    EXPECT_EQ(client.read().body, "GET /a  0");
}

TEST_F(ConnectionOutputTest, AStreamGoesOutInChunks) {
    RawClient client(port());
    client.send("GET /later/s HTTP/1.1\r\nHost: h\r\n\r\n");
    const std::shared_ptr<Stream> stream = later().wait_for("/later/s").stream(Response{});
    EXPECT_TRUE(stream->write("hello "));
    EXPECT_EQ(client.read_head().field("Transfer-Encoding"), "chunked");
    EXPECT_EQ(client.read_until("hello "), "hello ");
    EXPECT_TRUE(stream->write("world"));
    stream->end();
    EXPECT_EQ(client.read_until("world"), "world");
    std::string rest;
    EXPECT_FALSE(client.read_chunk(rest));
    EXPECT_EQ(client.get("/a").status, 200) << "the connection lives on after a stream";
}

TEST_F(ConnectionOutputTest, AStreamOfKnownLengthHasNoChunks) {
    RawClient client(port());
    client.send("GET /later/s HTTP/1.1\r\nHost: h\r\n\r\n");
    const std::shared_ptr<Stream> stream = later().wait_for("/later/s").stream(Response{}, 10);
    stream->write("01234");
    stream->write("56789");
    stream->end();
    const RawAnswer answer = client.read();
    EXPECT_EQ(answer.field("Content-Length"), "10");
    EXPECT_EQ(answer.body, "0123456789");
}

TEST_F(ConnectionOutputTest, AStreamKnowsWhenItsPeerHasGone) {
    std::shared_ptr<Stream> stream;
    std::mutex mutex;
    std::condition_variable changed;
    bool is_gone = false;
    {
        RawClient client(port());
        client.send("GET /later/s HTTP/1.1\r\nHost: h\r\n\r\n");
        const Responder responder = later().wait_for("/later/s");
        stream = responder.stream(Response{});
        stream->on_room([&] {
            const std::lock_guard lock(mutex);
            is_gone = !stream->is_open();
            changed.notify_all();
        });
        stream->write("x");
        client.read_head();
    }
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return is_gone; });
    EXPECT_FALSE(stream->write("y"));
}

TEST_F(ImpatientConnectionOutputTest, APeerThatReadsNothingIsClosed) {
    Limits limits = tiny_limits();
    limits.write_timeout = milliseconds(30);
    ASSERT_TRUE(start(limits));
    RawClient client(port(), 4096);
    client.send("GET /later/s HTTP/1.1\r\nHost: h\r\n\r\n");
    const std::shared_ptr<Stream> stream = later().wait_for("/later/s").stream(Response{});
    std::mutex mutex;
    std::condition_variable changed;
    bool is_gone = false;
    stream->on_room([&] {
        const std::lock_guard lock(mutex);
        is_gone = !stream->is_open();
        changed.notify_all();
    });
    stream->write(std::string(4'000'000, 'x'));
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return is_gone; });
    EXPECT_EQ(stream->pending(), 0U);
}

TEST_F(ImpatientConnectionOutputTest, AFloodOfPipelinedRequestsIsAnsweredInOrder) {
    Limits limits = tiny_limits();
    limits.pipeline_max = 4;
    limits.unsent_bytes_max = 1000;
    ASSERT_TRUE(start(limits, 2));
    RawClient client(port());
    std::string flood;
    for (int i = 0; i < 2000; ++i) {
        flood += "GET /" + std::to_string(i) + " HTTP/1.1\r\nHost: h\r\n\r\n";
    }
    std::thread sender([&] { client.send(flood); });
    for (int i = 0; i < 2000; ++i) {
        ASSERT_EQ(client.read().body, "GET /" + std::to_string(i) + "  0");
    }
    sender.join();
}

}  // namespace
}  // namespace attacca::http
