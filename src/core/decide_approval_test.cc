// SPDX-License-Identifier: Apache-2.0
#include "core/decide.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/definition_for_test.h"

namespace attacca::core {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::string_view gate = R"({"nodes":[
    {"id":"ask","approve":{"message":"Deploy ${{ params.what }}?"}},
    {"id":"deploy","run":["x"],"needs":["ask"]}]})";

constexpr const char* blue = R"({"params":{"what":"blue"}})";

GiveApproval verdict(const JobId& job, std::string node, Ruling ruling = Ruling::approved) {
    return {job, "default", "usr:ann", std::move(node), std::nullopt, ruling, "seen"};
}

TEST(Approval, HoldsNoSlotAndAsksItsQuestion) {
    BenchForTest bench(0);
    const JobId id = bench.submit(gate, blue);
    ASSERT_EQ(bench.all<AttemptStarted>().size(), 1U);
    EXPECT_EQ(bench.all<AttemptStarted>()[0].message, "Deploy blue?");
    EXPECT_EQ(bench.state.slots_used, 0U);
    EXPECT_EQ(bench.state.find(id)->awaiting, 1U);
    EXPECT_EQ(bench.state.find(id)->instances[0].state, NodeState::waiting);
    EXPECT_THAT(bench.timers, testing::SizeIs(1));  // only the job's deadline
}

TEST(Approval, WhenGivenLetsTheJobGoOn) {
    BenchForTest bench;
    const JobId id = bench.submit(gate, blue);
    EXPECT_TRUE(bench.run(verdict(id, "ask")).has_value());
    EXPECT_THAT(bench.running_nodes(), ElementsAre("deploy"));
    const auto given = bench.all<ApprovalGiven>();
    ASSERT_EQ(given.size(), 1U);
    EXPECT_EQ(given[0].by, "usr:ann");
    EXPECT_EQ(given[0].comment, "seen");
    EXPECT_EQ(bench.all<AttemptEnded>()[0].output.text,
              R"({"approved":true,"by":"usr:ann","comment":"seen"})");
    EXPECT_EQ(bench.state.find(id)->awaiting, 0U);
    bench.end("deploy");
    EXPECT_EQ(bench.end_of(id)->state, JobState::completed);
}

TEST(Approval, WhenRefusedFailsTheNode) {
    BenchForTest bench;
    const JobId id = bench.submit(gate, blue);
    EXPECT_TRUE(bench.run(verdict(id, "ask", Ruling::rejected)).has_value());
    EXPECT_EQ(bench.all<AttemptEnded>()[0].outcome, Outcome::failed);
    EXPECT_EQ(bench.all<AttemptEnded>()[0].detail, "rejected by usr:ann: seen");
    EXPECT_EQ(bench.end_of(id)->state, JobState::failed);
    EXPECT_THAT(bench.running, IsEmpty());
}

TEST(Approval, OfWhatWaitsForNobodyIsRefusedAndChangesNothing) {
    BenchForTest bench;
    const JobId id = bench.submit(gate, blue);
    const std::size_t before = bench.records.size();
    const auto problem = [&](GiveApproval command) {
        const Answer answer = bench.run(command);
        return answer ? "" : std::string(slug_of(answer.error().problem));
    };
    EXPECT_EQ(problem(verdict(id, "deploy")), "state-conflict");
    EXPECT_EQ(problem(verdict(id, "none")), "not-found");
    EXPECT_EQ(problem(verdict(bench.next_id(), "ask")), "not-live");
    GiveApproval other = verdict(id, "ask");
    other.tenant = "other";
    EXPECT_EQ(problem(other), "not-live");
    GiveApproval item = verdict(id, "ask");
    item.item = 3;
    EXPECT_EQ(problem(item), "not-found");
    GiveApproval garbled = verdict(id, "ask");
    garbled.comment = "\xff";
    EXPECT_EQ(problem(garbled), "invalid-value");
    EXPECT_EQ(bench.records.size(), before);
    EXPECT_EQ(problem(verdict(id, "ask")), "");
    EXPECT_EQ(problem(verdict(id, "ask")), "");  // again: nothing more happens
    EXPECT_EQ(problem(verdict(id, "ask", Ruling::rejected)), "state-conflict");
    EXPECT_EQ(bench.all<ApprovalGiven>().size(), 1U);
}

TEST(Approval, ThatNobodyGivesInTimeFails) {
    BenchForTest bench;
    const JobId id = bench.submit(
        R"({"defaults":{"timeout":"1s"},"nodes":[{"id":"ask","approve":{},"timeout":"5m"}]})");
    EXPECT_EQ(bench.all<AttemptStarted>()[0].message, "Approve `ask`?");
    ASSERT_TRUE(bench.all<AttemptStarted>()[0].until);
    EXPECT_THAT(timers_of(bench.state, bench.now), testing::SizeIs(2));
    bench.fire(FireTimer::Kind::wait_until);
    EXPECT_EQ(bench.all<AttemptEnded>()[0].outcome, Outcome::timeout);
    EXPECT_EQ(bench.end_of(id)->state, JobState::failed);
}

TEST(Approval, IsWithdrawnByACancel) {
    BenchForTest bench;
    const JobId id = bench.submit(gate, blue);
    (void)bench.run(CancelJob{id, "default", "usr:test"});
    EXPECT_EQ(bench.all<AttemptEnded>()[0].outcome, Outcome::cancelled);
    EXPECT_EQ(bench.end_of(id)->state, JobState::cancelled);
}

TEST(Approval, IsGivenToEachItemOfAMap) {
    BenchForTest bench;
    const JobId id = bench.submit(R"({"nodes":[{"id":"ask","approve":{"message":"${{ item }}"},
        "map":{"over":["a","b"]}}]})");
    EXPECT_EQ(bench.state.find(id)->awaiting, 2U);
    EXPECT_FALSE(bench.run(verdict(id, "ask")).has_value());
    GiveApproval one = verdict(id, "ask");
    one.item = 1;
    EXPECT_TRUE(bench.run(one).has_value());
    one.item = 0;
    one.ruling = Ruling::rejected;
    EXPECT_TRUE(bench.run(one).has_value());
    EXPECT_EQ(bench.end_of(id)->state, JobState::failed);
}

TEST(Approval, ThatAsksTooMuchIsCutBetweenCharacters) {
    BenchForTest bench;
    (void)bench.submit(R"({"nodes":[{"id":"ask","approve":{"message":"${{ params.x }}"}}]})",
                       R"({"params":{"x":")" + [] {
                           std::string text;
                           while (text.size() < 3000) {
                               text += "ä";
                           }
                           return text;
                       }() + "\"}}");
    const std::string message = bench.all<AttemptStarted>()[0].message;
    EXPECT_LE(message.size(), inline_text_bytes_max);
    EXPECT_TRUE(is_utf8(message));
}

}  // namespace
}  // namespace attacca::core
