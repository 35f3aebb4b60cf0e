// SPDX-License-Identifier: Apache-2.0
#include "core/job/render.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/definition_for_test.h"
#include "core/job/trace.h"

namespace attacca::core {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(Outputs, PassFromNodeToNode) {
    BenchForTest bench;
    bench.submit(R"({"nodes":[{"id":"a","run":["x"],"outputs":{"v":{}}},
        {"id":"b","run":["echo","v=${{ nodes.a.outputs.v }}"],"needs":["a"]}]})");
    bench.end("a", Outcome::succeeded, R"({"v":"one two"})");
    ASSERT_EQ(bench.running.size(), 1U);
    EXPECT_THAT(bench.running[0].argv, ElementsAre("echo", "v=one two"));
}

TEST(Outputs, ThatLookLikeAnOptionFailTheNode) {
    BenchForTest bench;
    bench.submit(R"({"nodes":[{"id":"a","run":["x"],"outputs":{"v":{}}},
        {"id":"b","run":["cat","${{ nodes.a.outputs.v }}"],"needs":["a"]}]})");
    bench.end("a", Outcome::succeeded, R"({"v":"--help"})");
    EXPECT_THAT(bench.running, IsEmpty());
    EXPECT_THAT(bench.all<AttemptEnded>().back().detail, testing::HasSubstr("option"));
}

TEST(Trace, IsHandedToWhatAnAttemptRunsAndCalls) {
    constexpr const char* trace =
        R"({"traceparent":"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"})";
    BenchForTest bench;
    bench.submit(R"({"nodes":[{"id":"a","run":["x"]},
        {"id":"b","run":["x"],"env":{"TRACEPARENT":"mine"}},
        {"id":"c","http":{"url":"http://example.org/"}},
        {"id":"d","noop":true}]})", trace);
    ASSERT_EQ(bench.running.size(), 4U);
    const auto value_in = [](const auto& entries, std::string_view name) {
        for (const auto& [key, value] : entries) {
            if (key == name) {
                return value;
            }
        }
        return std::string();
    };
    for (const AttemptSpec& spec : bench.running) {
        const std::string expected =
            trace_parent_of("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", spec.fence);
        EXPECT_EQ(value_in(spec.env, "TRACEPARENT"),
                  spec.node == "a" ? expected : spec.node == "b" ? "mine" : "");
        EXPECT_EQ(value_in(spec.http.headers, "traceparent"), spec.node == "c" ? expected : "");
    }
}

TEST(Scan, OfATargetThatAnExpressionTakesOutOfScopeIsNeverStarted) {
    BenchForTest bench;
    const JobId id = bench.submit(R"({"scope":{"include":["127.0.0.1"]},"nodes":[
        {"id":"a","run":["x"],"outputs":{"host":{}}},
        {"id":"s","needs":["a"],"scan":{"tool":"nmap","targets":["${{ nodes.a.outputs.host }}"]}}
        ]})");
    bench.end("a", Outcome::succeeded, R"({"host":"127.0.0.2"})");
    EXPECT_THAT(bench.running, testing::IsEmpty());
    EXPECT_EQ(bench.all<AttemptEnded>().back().outcome, Outcome::error);
    EXPECT_EQ(bench.end_of(id)->state, JobState::failed);
}

}  // namespace
}  // namespace attacca::core
