// SPDX-License-Identifier: Apache-2.0
#include "adapters/curl/http_client.h"

#include <cstdlib>
#include <future>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/curl/loopback_server_for_test.h"

namespace attacca::curl {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::Pair;
using ::testing::StartsWith;

// Answers every request with the same bytes.
LoopbackServer::Handler canned_answer(std::string answer) {
    return [text = std::move(answer)](const std::string&, int fd) {
        LoopbackServer::say(fd, text);
    };
}

TEST(HttpClient, AnAnswerHasItsStatusHeadersAndBody) {
    LoopbackServer server(canned_answer(
        "HTTP/1.1 404 Not Found\r\nContent-Type:  application/problem+json \r\n"
        "Content-Length: 2\r\n\r\n{}"));
    HttpClient client;
    const Result<Response> answer =
        client.exchange({"GET", server.url("/a?b=c"), {{"Authorization", "Bearer t"}}, {}});
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 404);
    EXPECT_EQ(answer->body, "{}");
    EXPECT_THAT(answer->headers,
                testing::Contains(Pair("content-type", "application/problem+json")));
    EXPECT_THAT(server.asked(), StartsWith("GET /a?b=c HTTP/1.1\r\n"));
    EXPECT_THAT(server.asked(), HasSubstr("\r\nAuthorization: Bearer t\r\n"));
    EXPECT_THAT(server.asked(), HasSubstr("\r\nUser-Agent: attacca/"));
}

TEST(HttpClient, ABodyIsSentAsItIsAndAtOnce) {
    LoopbackServer server(canned_answer("HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n"));
    HttpClient client;
    std::string body(3'000'000, 'x');
    body[1] = '\0';
    ASSERT_TRUE(client.exchange(
        {"POST", server.url(), {{"Content-Type", "application/json"}}, body}));
    EXPECT_THAT(server.asked(), StartsWith("POST / HTTP/1.1\r\n"));
    EXPECT_THAT(server.asked(), HasSubstr("\r\nContent-Type: application/json\r\n"));
    EXPECT_THAT(server.asked(), Not(HasSubstr("Expect:")));
    EXPECT_EQ(server.asked().substr(server.asked().find("\r\n\r\n") + 4), body);
}

TEST(HttpClient, ADeleteAndAPostWithoutABodyAreOfTheirMethod) {
    LoopbackServer server(canned_answer("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
    HttpClient client;
    ASSERT_TRUE(client.exchange({"DELETE", server.url("/x"), {}, {}}));
    EXPECT_THAT(server.asked(), StartsWith("DELETE /x "));
    ASSERT_TRUE(client.exchange({"POST", server.url("/y"), {}, {}}));
    EXPECT_THAT(server.asked(), StartsWith("POST /y "));
    EXPECT_THAT(server.asked(), HasSubstr("\r\nContent-Length: 0\r\n"));
    EXPECT_THAT(server.asked(), Not(HasSubstr("Content-Type")));
}

TEST(HttpClient, ARedirectIsAnAnswerAndIsNotFollowed) {
    LoopbackServer server(canned_answer("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\n"
                  "Content-Length: 0\r\n\r\n"));
    HttpClient client;
    const Result<Response> answer = client.exchange({"GET", server.url(), {}, {}});
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 302);
}

TEST(HttpClient, AnInterimAnswerIsNotTheAnswer) {
    LoopbackServer server(canned_answer("HTTP/1.1 103 Early Hints\r\nX-Early: 1\r\n\r\n"
                  "HTTP/1.1 200 OK\r\nX-Late: 1\r\nContent-Length: 0\r\n\r\n"));
    HttpClient client;
    const Result<Response> answer = client.exchange({"GET", server.url(), {}, {}});
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 200);
    EXPECT_THAT(answer->headers, testing::Contains(Pair("x-late", "1")));
    EXPECT_THAT(answer->headers, Not(testing::Contains(Pair("x-early", "1"))));
}

TEST(HttpClient, AnAnswerThatEndsEarlyIsNoAnswer) {
    LoopbackServer server(canned_answer("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"));
    HttpClient client;
    const Result<Response> answer = client.exchange({"GET", server.url(), {}, {}});
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().problem, Problem::unreachable);
    EXPECT_THAT(answer.error().detail, HasSubstr("ended before"));
}

TEST(HttpClient, AnAnswerThatIsTooLargeIsRefused) {
    LoopbackServer server([](const std::string&, int fd) {
        LoopbackServer::say(fd, "HTTP/1.1 200 OK\r\n\r\n");
        const std::string part(std::size_t{1} << 20U, 'x');
        for (int i = 0; i < 65; ++i) {
            LoopbackServer::say(fd, part);
        }
    });
    HttpClient client;
    const Result<Response> answer = client.exchange({"GET", server.url(), {}, {}});
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().problem, Problem::unreachable);
    EXPECT_THAT(answer.error().detail, HasSubstr("64 MiB"));
}

TEST(HttpClient, WhereNothingListensTheErrorNamesThePlaceButNotTheQuery) {
    std::string url;
    {
        const LoopbackServer gone([](const std::string&, int) {});
        url = gone.url("/path?secret=1");
    }
    HttpClient client;
    const Result<Response> answer = client.exchange({"GET", url, {}, {}});
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().problem, Problem::unreachable);
    EXPECT_THAT(answer.error().detail, HasSubstr("is the server running?"));
    EXPECT_THAT(answer.error().detail, HasSubstr(url.substr(0, url.find("/path"))));
    EXPECT_THAT(answer.error().detail, Not(HasSubstr("secret")));
}

TEST(HttpClient, OtherProtocolsThanHttpAreRefused) {
    HttpClient client;
    for (const char* url : {"file:///etc/passwd", "ftp://127.0.0.1/", "", "http://"}) {
        const Result<Response> answer = client.exchange({"GET", url, {}, {}});
        ASSERT_FALSE(answer) << url;
        EXPECT_EQ(answer.error().problem, Problem::unreachable) << url;
    }
}

TEST(HttpClient, AHeaderCannotSmuggleAnotherOne) {
    HttpClient client;
    const std::string url = "http://127.0.0.1:1/";
    for (const auto& [name, value] :
         Headers{{"X", "a\r\nY: b"}, {"X\nY", "a"}, {"", "a"}, {"X", std::string("a\0b", 3)}}) {
        const Result<Response> answer = client.exchange({"GET", url, {{name, value}}, {}});
        ASSERT_FALSE(answer);
        EXPECT_EQ(answer.error().problem, Problem::invalid_value);
    }
    const Result<Response> answer = client.exchange({"GET / X", url, {}, {}});
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().problem, Problem::invalid_value);
}

TEST(HttpClient, AProxyOfTheEnvironmentIsNotAskedForThisMachine) {
    ::setenv("http_proxy", "http://127.0.0.1:1", 1);
    LoopbackServer server(canned_answer("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
    HttpClient client;
    const Result<Response> answer = client.exchange({"GET", server.url(), {}, {}});
    ::unsetenv("http_proxy");
    ASSERT_TRUE(answer) << answer.error().detail;
    EXPECT_THAT(server.asked(), StartsWith("GET / HTTP/1.1"));
}

TEST(HttpClient, AStreamGivesBytesAsTheyArrive) {
    std::promise<void> first_was_taken;
    LoopbackServer server([&](const std::string&, int fd) {
        LoopbackServer::say(fd, "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\none ");
        first_was_taken.get_future().wait();
        LoopbackServer::say(fd, "two");
    });
    HttpClient client;
    std::string taken;
    const Result<Response> answer =
        client.stream({"GET", server.url(), {}, {}}, [&](std::string_view part) {
            if (taken.empty() && !part.empty()) {
                first_was_taken.set_value();
            }
            taken += part;
            return true;
        });
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 200);
    EXPECT_EQ(answer->body, "");
    EXPECT_EQ(taken, "one two");
}

TEST(HttpClient, AStreamThatIsRefusedHasTheWholeAnswer) {
    LoopbackServer server(canned_answer("HTTP/1.1 410 Gone\r\nContent-Length: 4\r\n\r\ngone"));
    HttpClient client;
    std::string taken;
    const Result<Response> answer =
        client.stream({"GET", server.url(), {}, {}}, [&](std::string_view part) {
            taken += part;
            return true;
        });
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 410);
    EXPECT_EQ(answer->body, "gone");
    EXPECT_EQ(taken, "");
}

TEST(HttpClient, TheReaderOfASilentStreamIsAskedAndMayEndIt) {
    std::promise<void> is_over;
    LoopbackServer server([&](const std::string&, int fd) {
        LoopbackServer::say(fd, "HTTP/1.1 200 OK\r\n\r\nhello");
        is_over.get_future().wait();
    });
    HttpClient client;
    std::string taken;
    int silences = 0;
    const Result<Response> answer =
        client.stream({"GET", server.url(), {}, {}}, [&](std::string_view part) {
            taken += part;
            silences += !taken.empty() && part.empty() ? 1 : 0;
            return silences < 3;
        });
    is_over.set_value();
    ASSERT_TRUE(answer) << answer.error().detail;
    EXPECT_EQ(answer->status, 200);
    EXPECT_EQ(taken, "hello");
    // The client is as good as new afterwards.
    LoopbackServer next(canned_answer("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
    EXPECT_TRUE(client.exchange({"GET", next.url(), {}, {}}));
}

TEST(HttpClient, AStreamMayBeEndedByItsFirstBytes) {
    LoopbackServer server(canned_answer("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"));
    HttpClient client;
    const Result<Response> answer =
        client.stream({"GET", server.url(), {}, {}},
                      [](std::string_view part) { return part.empty(); });
    ASSERT_TRUE(answer) << answer.error().detail;
    EXPECT_EQ(answer->status, 200);
}

TEST(HttpClient, TheLibrarySaysItsVersion) {
    EXPECT_THAT(library_version(), testing::MatchesRegex("[0-9]+[.][0-9]+[.][0-9]+.*"));
}

TEST(HttpClient, AConnectionThatBreaksInAStreamIsAnError) {
    LoopbackServer server(canned_answer("HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhello"));
    HttpClient client;
    const Result<Response> answer =
        client.stream({"GET", server.url(), {}, {}}, [](std::string_view) { return true; });
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().problem, Problem::unreachable);
}

}  // namespace
}  // namespace attacca::curl
