// SPDX-License-Identifier: Apache-2.0
#include "http/server.h"

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "http/server_fixture_for_test.h"

namespace attacca::http {
namespace {

class ServerTest : public testing::Test {
  protected:
    void SetUp() override { ASSERT_TRUE(start(tiny_limits())); }
    bool start(const Limits& limits, int threads = 1) { return server_.start(limits, threads); }
    [[nodiscard]] std::uint16_t port() const { return server_.port(); }
    Later& later() { return server_.later(); }

    ServerForTest server_;
};

// Each test starts its server itself, with limits of its own.
class ImpatientServerTest : public ServerTest {
  protected:
    void SetUp() override {}
};

TEST_F(ServerTest, AnswersManyRequestsOnOneConnection) {
    RawClient client(port());
    for (int i = 0; i < 100; ++i) {
        const RawAnswer answer = client.get("/a?b=" + std::to_string(i));
        EXPECT_EQ(answer.status, 200);
        EXPECT_EQ(answer.body, "GET /a b=" + std::to_string(i) + " 0");
    }
    EXPECT_EQ(client.post("/x", "{}").body, "POST /x  2");
}

TEST_F(ServerTest, StopLetsAnAnswerUnderWayGoOut) {
    RawClient client(port());
    RawClient idle(port());
    EXPECT_EQ(idle.get("/a").status, 200);
    client.send("GET /later/1 HTTP/1.1\r\nHost: h\r\n\r\n");
    const Responder responder = later().wait_for("/later/1");
    std::thread stopper([&] { server_.server().stop(seconds(20)); });
    EXPECT_TRUE(idle.is_ended());
    responder.send(Response{});
    const RawAnswer answer = client.read();
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.field("Connection"), "close");
    EXPECT_TRUE(client.is_ended());
    stopper.join();
    responder.send(Response{});  // into the void
}

TEST(ServerStart, TellsThePortBeforeItAcceptsAndEndsWhenThatFails) {
    ServerOptions options;
    options.listen = {"127.0.0.1:0"};
    std::uint16_t told = 0;
    options.on_bound = [&](std::uint16_t port) -> Result<void> {
        told = port;
        return fail(Problem::io_error, "no place for the file");
    };
    EXPECT_FALSE(Server::start(options, Handlers{}).has_value());
    EXPECT_NE(told, 0);
}

TEST_F(ServerTest, BothFamiliesOfAddressesAreUnderstood) {
    ServerOptions options;
    options.listen = {"[::1]:0", "127.0.0.1:0"};
    const auto started = Server::start(options, Handlers{});
    ASSERT_TRUE(started) << started.error().text();
    EXPECT_NE((*started)->port(0), 0);
    EXPECT_NE((*started)->port(1), 0);
    for (const char* text :
         {"localhost:1", "127.0.0.1", "127.0.0.1:70000", "::1:80", "[1.2.3.4]:1"}) {
        options.listen = {text};
        const auto refused = Server::start(options, Handlers{});
        ASSERT_FALSE(refused) << text;
        EXPECT_EQ(refused.error().problem, Problem::bad_configuration);
    }
}

TEST_F(ImpatientServerTest, AConnectionTooManyGetsA503) {
    Limits limits = tiny_limits();
    limits.connections_max = 2;
    ASSERT_TRUE(start(limits));
    RawClient first(port());
    RawClient second(port());
    EXPECT_EQ(first.get("/a").status, 200);
    EXPECT_EQ(second.get("/a").status, 200);
    RawClient third(port());
    const RawAnswer answer = third.read();
    EXPECT_EQ(answer.status, 503);
    EXPECT_FALSE(answer.field("Retry-After").empty());
    EXPECT_TRUE(third.is_ended());
    EXPECT_EQ(first.get("/a").status, 200);
}

TEST_F(ImpatientServerTest, LargeBodiesShareABudget) {
    Limits limits = tiny_limits();
    limits.body_bytes_max = 1'000'000;
    limits.bodies_bytes_max = 200'000;
    ASSERT_TRUE(start(limits));
    RawClient client(port());
    EXPECT_EQ(client.post("/a", std::string(150'000, 'x')).status, 200);
    EXPECT_EQ(client.post("/a", std::string(150'000, 'x')).status, 200) << "the first is over";
    EXPECT_EQ(client.post("/a", std::string(500'000, 'x')).status, 503);
}

TEST_F(ImpatientServerTest, ConcurrentClientsOnTwoThreadsGetTheirOwnAnswers) {
    ASSERT_TRUE(start(tiny_limits(), 2));
    std::vector<std::thread> threads;
    std::atomic<int> right{0};
    for (int t = 0; t < 4; ++t) {
        threads.emplace_back([&, t] {
            RawClient client(port());
            for (int i = 0; i < 50; ++i) {
                const std::string path = "/" + std::to_string(t * 1000 + i);
                right += client.get(path).body == "GET " + path + "  0" ? 1 : 0;
            }
        });
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
    EXPECT_EQ(right.load(), 200);
}

}  // namespace
}  // namespace attacca::http
