// SPDX-License-Identifier: Apache-2.0
#include "core/job/names.h"

#include <gtest/gtest.h>

#include "core/definition_for_test.h"

namespace attacca::core {
namespace {

constexpr std::string_view dag = R"({"nodes":[{"id":"a","run":["x"],"outputs":{"v":{}}},
    {"id":"b","run":["x"],"needs":["a"],"env":{"HOME_TOWN":"Bonn"}}]})";

TEST(JobNames, TellParametersOutputsAndTheJobItself) {
    BenchForTest bench;
    const JobId id = bench.submit(dag, R"({"params":{"ports":[1,2]}})");
    bench.end("a", Outcome::succeeded, R"({"v":"out"})");
    const JobNames names(*bench.state.find(id), 1, "/w/9");
    EXPECT_EQ(names.find("params", "ports")->text(), "[1,2]");
    EXPECT_TRUE(names.find("params", "unknown")->is_null());
    EXPECT_EQ(names.find("job", "name")->text(), R"("test")");
    EXPECT_EQ(names.find("env", "HOME_TOWN")->text(), R"("Bonn")");
    const Result<Json> node = names.find("nodes", "a");
    ASSERT_TRUE(node.has_value());
    EXPECT_EQ(node->find("status")->as_string(), "succeeded");
    EXPECT_EQ(node->find("outputs")->text(), R"({"v":"out"})");
    EXPECT_EQ(node->find("results_file")->as_string(), "/w/9/results/a.jsonl");
}

TEST(JobNames, KnowHowLongANodeTookAndAMap) {
    BenchForTest bench;
    const JobId id = bench.submit(R"({"nodes":[{"id":"a","run":["x"],"map":{"over":[1,2]}},
        {"id":"b","run":["x"],"needs":["a"]}]})");
    bench.now.wall.us += 5000;
    bench.end("a");
    bench.now.wall.us += 7000;
    bench.end("a");
    const JobNames names(*bench.state.find(id), 1);
    const Result<Json> node = names.find("nodes", "a");
    ASSERT_TRUE(node.has_value());
    ASSERT_NE(node->find("duration_ms"), nullptr) << node->text();
    EXPECT_EQ(node->find("duration_ms")->as_integer(), 12);
    EXPECT_EQ(node->find("duration")->as_string(), "12ms");
}

TEST(JobNames, RefuseUnknownRootsAndNodes) {
    BenchForTest bench;
    const JobId id = bench.submit(dag);
    const JobNames names(*bench.state.find(id), 0);
    EXPECT_FALSE(names.find("nodes", "zzz").has_value());
    EXPECT_FALSE(names.find("zzz", "").has_value());
}

TEST(JobNames, OfAnOutputThatLiesInAFileSayWhy) {
    BenchForTest bench;
    const JobId id = bench.submit(dag);
    AttemptReport report;
    report.job = id;
    report.fence = bench.running[0].fence;
    report.output_file = Artifact{"output", Sha256{}, 70000, "application/json", false};
    ASSERT_TRUE(bench.run(ReportAttempt{report, 0}).has_value());
    const JobNames names(*bench.state.find(id), 1);
    const Result<Json> node = names.find("nodes", "a");
    ASSERT_FALSE(node.has_value());
    EXPECT_NE(node.error().detail.find("64 KiB"), std::string::npos);
}

}  // namespace
}  // namespace attacca::core
