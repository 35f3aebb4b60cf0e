// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/definition_for_test.h"

namespace attacca::core {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::string_view fragile_letter_dag = R"({"nodes":[
    {"id":"a","run":["x"]},
    {"id":"b","run":["x"],"retry":{"max_attempts":2,"delay":"1s"}},
    {"id":"c","run":["x"],"needs":["a","b"]}]})";

void lose(BenchForTest& bench, std::string_view node, int times) {
    for (int i = 0; i < times; ++i) {
        bench.end(node, Outcome::lost);
        bench.fire(FireTimer::Kind::retry);
    }
}

// A job whose node `a` took the server down three times, and has ended.
JobId poisoned(BenchForTest& bench) {
    const JobId id = bench.submit(fragile_letter_dag);
    bench.end("b");
    lose(bench, "a", 3);
    return id;
}

std::vector<JobId> open_letters(BenchForTest& bench, DeadLetterFilter filter = {}) {
    const Answer answer = bench.run(ReadDeadLetters{"default", std::move(filter), {}, 100});
    std::vector<JobId> jobs;
    for (const DeadLetter& letter : std::get<DeadLetterPage>(*answer).letters) {
        jobs.push_back(letter.job);
    }
    return jobs;
}

Answer replay(BenchForTest& bench, const JobId& job, const JobId& next) {
    SubmitJobs command{"default", "usr:ann", {}, {}};
    NewJob again;
    again.id = next;
    again.definition = definition_for_test(fragile_letter_dag);
    again.retry_of = job;
    again.is_replay = true;
    command.jobs.push_back(again);
    return bench.run(command);
}

TEST(Poison, IsParkedAfterThreeCrashes) {
    BenchForTest bench;
    const JobId id = bench.submit(fragile_letter_dag);
    bench.end("b");
    lose(bench, "a", 2);
    EXPECT_THAT(bench.running_nodes(), ElementsAre("a"));
    lose(bench, "a", 1);
    EXPECT_THAT(bench.running, IsEmpty());
    EXPECT_EQ(bench.all<AttemptEnded>().back().parked, Parked::poison);
    EXPECT_EQ(bench.all<AttemptEnded>().back().retry_in_ms, std::nullopt);
    ASSERT_TRUE(bench.end_of(id));
    EXPECT_EQ(bench.end_of(id)->state, JobState::failed);
    EXPECT_EQ(bench.state.slots_used, 0U);
}

TEST(Poison, IsNotWhatAnOrderlyStopEnded) {
    BenchForTest bench;
    bench.submit(R"({"nodes":[{"id":"a","run":["x"],"retry":{"max_attempts":1}}]})");
    for (int i = 0; i < 5; ++i) {
        bench.end("a", Outcome::stopped);
        EXPECT_EQ(bench.all<AttemptEnded>().back().retry_in_ms, 0);
        bench.fire(FireTimer::Kind::retry);
    }
    EXPECT_THAT(bench.running_nodes(), ElementsAre("a"));
    EXPECT_EQ(bench.all<AttemptStarted>().back().attempt, 6U);
}

TEST(Poison, TellsWhatElseTheNodeSaysToDo) {
    BenchForTest bench;
    const JobId id = bench.submit(R"({"nodes":[{"id":"a","run":["x"],"on_failure":"skip_node"}]})");
    lose(bench, "a", 3);
    EXPECT_EQ(bench.end_of(id)->state, JobState::completed);
    EXPECT_THAT(open_letters(bench), IsEmpty());
}

TEST(DeadLetter, IsLeftByAPoisonedJobOnceWithItsEnd) {
    BenchForTest bench;
    const JobId id = poisoned(bench);
    EXPECT_THAT(open_letters(bench), ElementsAre(id));
    const auto letters = bench.all<DeadLettered>();
    ASSERT_EQ(letters.size(), 1U);
    EXPECT_EQ(letters[0], (DeadLettered{3, Parked::poison, std::nullopt, "test", "a", 1}));
}

TEST(DeadLetter, IsLeftWhenAttemptsRanOut) {
    BenchForTest bench;
    const JobId id = bench.submit(fragile_letter_dag);
    bench.end("a");
    bench.end("b", Outcome::failed);
    bench.fire(FireTimer::Kind::retry);
    bench.end("b", Outcome::failed);
    EXPECT_EQ(bench.end_of(id)->state, JobState::failed);
    EXPECT_THAT(open_letters(bench, {Parked::exhausted, "b", "es"}), ElementsAre(id));
    EXPECT_THAT(open_letters(bench, {Parked::poison, "", ""}), IsEmpty());
    EXPECT_THAT(open_letters(bench, {{}, "a", ""}), IsEmpty());
    EXPECT_THAT(open_letters(bench, {{}, "", "other"}), IsEmpty());
}

TEST(DeadLetter, IsNotLeftByAVerdict) {
    BenchForTest bench;
    const JobId id = bench.submit(fragile_letter_dag);
    bench.end("b");
    bench.end("a", Outcome::failed);
    EXPECT_EQ(bench.end_of(id)->state, JobState::failed);
    EXPECT_THAT(open_letters(bench), IsEmpty());
}

TEST(DeadLetter, IsNotLeftByACancelledJob) {
    BenchForTest bench;
    const JobId id = bench.submit(fragile_letter_dag);
    lose(bench, "a", 3);
    (void)bench.run(CancelJob{id, "default", "usr:ann"});
    bench.end("b", Outcome::cancelled);
    EXPECT_EQ(bench.end_of(id)->state, JobState::cancelled);
    EXPECT_THAT(open_letters(bench), IsEmpty());
}

TEST(DeadLetter, IsReplayedOnceByANewJob) {
    BenchForTest bench;
    const JobId id = poisoned(bench);
    const JobId next = bench.next_id();
    ASSERT_TRUE(replay(bench, id, next).has_value());
    EXPECT_THAT(open_letters(bench), IsEmpty());
    ASSERT_EQ(bench.all<DeadLetterReplayed>().size(), 1U);
    EXPECT_EQ(bench.all<DeadLetterReplayed>()[0].job, next);
    const std::size_t before = bench.records.size();
    const Answer again = replay(bench, id, bench.next_id());
    ASSERT_FALSE(again.has_value());
    EXPECT_EQ(again.error().problem, Problem::not_live);
    EXPECT_EQ(bench.records.size(), before);
}

TEST(DeadLetter, OfAnotherTenantIsNeitherSeenNorTouched) {
    BenchForTest bench;
    const JobId id = poisoned(bench);
    (void)bench.run(SetTenant{"blue", "usr:test", {}});
    const Answer seen = bench.run(ReadDeadLetters{"blue", {}, {}, 100});
    EXPECT_THAT(std::get<DeadLetterPage>(*seen).letters, IsEmpty());
    const std::size_t before = bench.records.size();
    const Answer answer = bench.run(DiscardDeadLetters{"blue", "usr:eve", {id}, ""});
    ASSERT_FALSE(answer.has_value());
    EXPECT_EQ(answer.error().problem, Problem::not_live);
    EXPECT_EQ(bench.records.size(), before);
}

TEST(DeadLetter, IsDiscardedAndThenForgottenByTheState) {
    BenchForTest bench;
    const JobId first = poisoned(bench);
    const JobId second = poisoned(bench);
    const std::string entity = dead_letter_entity("default", first);
    EXPECT_TRUE(bench.run(DiscardDeadLetters{"default", "usr:ann", {first}, "known"}).has_value());
    EXPECT_THAT(open_letters(bench), ElementsAre(second));
    const Result<DeadLetter> stored = load_dead_letter(bench.state.registry.image_of(entity));
    ASSERT_TRUE(stored.has_value());
    EXPECT_EQ(stored->state, DeadLetterState::discarded);
    EXPECT_EQ(stored->closed_by, "usr:ann");
    EXPECT_EQ(stored->reason, "known");
    bench.state.registry.forget_closed_letters();
    EXPECT_EQ(bench.state.registry.image_of(entity), "");
    EXPECT_FALSE(bench.state.entity_eseq.contains(entity));
    EXPECT_EQ(bench.state.registry.open_letters(), 1U);
}

TEST(DeadLetter, WithATooLongReasonIsNotDiscarded) {
    BenchForTest bench;
    const JobId id = poisoned(bench);
    const Answer answer =
        bench.run(DiscardDeadLetters{"default", "usr:ann", {id}, std::string(501, 'x')});
    ASSERT_FALSE(answer.has_value());
    EXPECT_EQ(answer.error().problem, Problem::invalid_value);
    EXPECT_THAT(open_letters(bench), ElementsAre(id));
}

TEST(DeadLetter, ThatIsTheOldestOfTooManyMakesRoom) {
    BenchForTest bench;
    const JobId first = poisoned(bench);
    for (std::size_t i = 1; i < dead_letters_max; ++i) {
        const JobId job{uuid_v7(bench.now.wall, 2, i << 8U)};
        const Record record{Entity{std::nullopt, dead_letter_entity("default", job)}, "default",
                            "svc:engine", bench.now.wall, DeadLettered{1, Parked::poison, {}, "n",
                                                                       "a", 1}};
        ASSERT_TRUE(apply(bench.state, record, bench).has_value());
    }
    const JobId last = poisoned(bench);
    EXPECT_EQ(bench.state.registry.dead_letters("default").size(), dead_letters_max);
    EXPECT_EQ(bench.state.registry.dead_letter("default", first), nullptr);
    EXPECT_NE(bench.state.registry.dead_letter("default", last), nullptr);
}

TEST(DeadLetter, OfAChildIsLeftByItsParent) {
    BenchForTest bench;
    const JobId id = bench.submit(R"({"nodes":[{"id":"p","job":{"definition":{"nodes":[
        {"id":"a","run":["x"]}]}}}]})");
    lose(bench, "a", 3);
    ASSERT_TRUE(bench.end_of(id));
    EXPECT_EQ(bench.end_of(id)->state, JobState::failed);
    EXPECT_THAT(open_letters(bench), ElementsAre(id));
    EXPECT_EQ(bench.all<DeadLettered>().front().node, "p");
}

}  // namespace
}  // namespace attacca::core
