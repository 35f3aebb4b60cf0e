// SPDX-License-Identifier: Apache-2.0
#include "core/job/kept.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/definition_for_test.h"

namespace attacca::core {
namespace {

using testing::ElementsAre;

constexpr const char* chain = R"({"nodes":[
    {"id":"a","run":["x"],"outputs":{"said":{"from":"stdout"}}},
    {"id":"b","run":["x","${{ nodes.a.outputs.said }}"],"needs":["a"]},
    {"id":"c","run":["x"],"needs":["b"]},
    {"id":"d","run":["x"],"if":false}],
    "finally":[{"id":"f","run":["x"]}]})";

const Job& ended_chain(BenchForTest& bench) {
    bench.submit(chain);
    bench.end("a", Outcome::succeeded, R"({"said":"hi"})");
    bench.end("b", Outcome::failed);
    bench.end("f");
    return *bench.state.ended.back();
}

TEST(Rerun, OfWhatFailedRunsItAndWhatDependsOnItWithTheOutputsOfTheRest) {
    BenchForTest bench;
    const Job& old = ended_chain(bench);
    const std::vector<NodeIndex> failed = unsuccessful_nodes(old);
    EXPECT_THAT(failed, ElementsAre(1U, 2U));
    const std::string kept = kept_text(old, rerun_set(*old.definition, failed, false));

    const JobId again = bench.submit(chain, {}, kept);
    EXPECT_THAT(bench.running_nodes(), ElementsAre("b"));
    EXPECT_THAT(bench.running.front().argv, ElementsAre("x", "hi"));
    EXPECT_EQ(bench.state.find(again)->done, 2U);
    bench.end("b");
    bench.end("c");
    bench.end("f");
    EXPECT_EQ(bench.end_of(again)->state, JobState::completed);
}

TEST(Rerun, OfOneNodeAloneLeavesTheEndsOfItsDependents) {
    BenchForTest bench;
    const Job& old = ended_chain(bench);
    const JobId again =
        bench.submit(chain, {}, kept_text(old, rerun_set(*old.definition, {0}, true)));
    EXPECT_THAT(bench.running_nodes(), ElementsAre("a"));
    bench.end("a");
    EXPECT_THAT(bench.running_nodes(), ElementsAre("f"));
    bench.end("f");
    EXPECT_EQ(bench.end_of(again)->state, JobState::failed) << "b stays failed";
}

TEST(Rerun, KeepsAMapWithItsItemsAndTheirOutputs) {
    constexpr const char* dag = R"({"nodes":[
        {"id":"m","run":["x"],"map":{"over":["p","q"]},"outputs":{"o":{"from":"stdout"}}},
        {"id":"r","run":["x","${{ nodes.m.counts.succeeded }}"],"needs":["m"]}]})";
    BenchForTest bench;
    bench.submit(dag);
    bench.end("m", Outcome::succeeded, R"({"o":"1"})");
    bench.end("m", Outcome::succeeded, R"({"o":"2"})");
    bench.end("r", Outcome::failed);
    const Job& old = *bench.state.ended.back();
    const JobId again =
        bench.submit(dag, {}, kept_text(old, rerun_set(*old.definition, {1}, false)));
    EXPECT_THAT(bench.running_nodes(), ElementsAre("r"));
    EXPECT_THAT(bench.running.front().argv, ElementsAre("x", "2"));
    const Job& job = *bench.state.find(again);
    ASSERT_EQ(job.instances.size(), 4U);
    EXPECT_EQ(job.outputs.at(3).text, R"({"o":"2"})");
    EXPECT_EQ(job.map_of(0)->items->text(), R"(["p","q"])");
    bench.end("r");
    EXPECT_EQ(bench.end_of(again)->state, JobState::completed);
}

TEST(Rerun, OfARerunIsARerunOfTheWhole) {
    BenchForTest bench;
    const Job& old = ended_chain(bench);
    bench.submit(chain, {}, kept_text(old, rerun_set(*old.definition, {1}, false)));
    bench.end("b", Outcome::failed);
    bench.end("f");
    const Job& second = *bench.state.ended.back();
    bench.submit(chain, {}, kept_text(second, rerun_set(*second.definition, {1}, false)));
    EXPECT_THAT(bench.running.front().argv, ElementsAre("x", "hi"));
}

TEST(Kept, ThatDoesNotFitTheDefinitionIsCorrupt) {
    const auto definition = definition_for_test(chain);
    for (const char* text :
         {"{}", "[1]", R"([{"node":"z","status":"succeeded"}])", R"([{"node":"a"}])",
          R"([{"node":"a","status":"running"}])", R"([{"node":"f","status":"succeeded"}])",
          R"([{"node":"b","status":"failed"},{"node":"a","status":"failed"}])",
          R"([{"node":"a","status":"succeeded","items":[1],"ends":[]}])"}) {
        const auto kept = parse_kept(*definition, text);
        ASSERT_FALSE(kept.has_value()) << text;
        EXPECT_EQ(kept.error().problem, Problem::corrupt);
    }
}

}  // namespace
}  // namespace attacca::core
