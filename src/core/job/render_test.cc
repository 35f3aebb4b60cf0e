// SPDX-License-Identifier: Apache-2.0
#include "core/job/render.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/definition_for_test.h"

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
