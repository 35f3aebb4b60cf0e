// SPDX-License-Identifier: Apache-2.0
#include "core/job/render_http.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/definition_for_test.h"

namespace attacca::core {
namespace {

using testing::ElementsAre;
using testing::Pair;

TEST(HttpNode, IsRenderedWithItsValues) {
    BenchForTest bench;
    (void)bench.submit(R"({"nodes":[{"id":"a","http":{"method":"PUT",
        "url":"https://x.example/${{ params.p }}","headers":{"X-A":"${{ params.p }}"},
        "body":{"list":["${{ params.n }}",true],"who":"${{ params.p }}!"}}}]})",
                       R"({"params":{"p":"ada","n":3}})");
    ASSERT_EQ(bench.running.size(), 1U);
    const HttpCall& call = bench.running[0].http;
    EXPECT_EQ(call.method, "PUT");
    EXPECT_EQ(call.url, "https://x.example/ada");
    EXPECT_EQ(call.body, R"({"list":[3,true],"who":"ada!"})");
    EXPECT_THAT(call.headers,
                ElementsAre(Pair("X-A", "ada"), Pair("Content-Type", "application/json")));
}

TEST(HttpNode, AValueCannotAddAHeaderOrAScheme) {
    for (const char* value : {"\\r\\nX-Evil: 1", "a\\nb"}) {
        BenchForTest bench;
        (void)bench.submit(R"({"nodes":[{"id":"a","http":{"url":"https://x",
                               "headers":{"A":"${{ params.p }}"}}}]})",
                           R"({"params":{"p":")" + std::string(value) + "\"}}");
        EXPECT_TRUE(bench.running.empty());
        EXPECT_EQ(bench.all<AttemptEnded>()[0].outcome, Outcome::error);
    }
    BenchForTest bench;
    (void)bench.submit(R"({"nodes":[{"id":"a","http":{"url":"${{ params.u }}"}}]})",
                       R"({"params":{"u":"file:///etc/passwd"}})");
    EXPECT_EQ(bench.all<AttemptEnded>()[0].detail,
              "`http.url`: a request goes to an address of http or https");
}

TEST(NotifyNode, IsAPost) {
    BenchForTest bench;
    (void)bench.submit(R"({"nodes":[
        {"id":"s","notify":{"channel":"slack","url":"https://x","text":"done: ${{ job.name }}"}},
        {"id":"w","notify":{"url":"https://x","text":"t"}}]})");
    EXPECT_EQ(bench.running[0].http.body, R"({"text":"done: test"})");
    EXPECT_EQ(bench.running[1].http.method, "POST");
    EXPECT_NE(bench.running[1].http.body.find(R"("node":"w")"), std::string::npos);
}

}  // namespace
}  // namespace attacca::core
