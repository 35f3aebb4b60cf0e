// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/decide.h"
#include "core/definition_for_test.h"

namespace attacca::core {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

constexpr std::string_view one_task =
    R"({"nodes":[{"id":"a","task":{"lane":"gpu","type":"render"}}]})";

Claim claim_of(std::string lane = "gpu", std::string tenant = "default") {
    Claim claim;
    claim.tenant = std::move(tenant);
    claim.actor = "usr:test";
    claim.lanes = {std::move(lane)};
    claim.worker = "w1";
    claim.ttl_ms = 5000;
    return claim;
}

std::vector<LeaseOffer> claim(BenchForTest& bench, const Claim& command) {
    const Answer answer = bench.run(command);
    return answer ? std::get<Leased>(*answer).offers : std::vector<LeaseOffer>{};
}

// Precondition: the lane has something.
LeaseOffer claim_one(BenchForTest& bench) {
    const std::vector<LeaseOffer> offers = claim(bench, claim_of());
    ATTACCA_CHECK(offers.size() == 1);
    return offers.front();
}

Answer report(BenchForTest& bench, const LeaseOffer& offer, Outcome outcome,
              const AttemptReport& more = {}) {
    ReportTask task{offer.attempt, "default", "usr:test", more, 7};
    task.report.outcome = outcome;
    return bench.run(task);
}

Problem problem_of(const Answer& answer) {
    ATTACCA_CHECK(!answer.has_value());
    return answer.error().problem;
}

TEST(Task, WaitsInItsLaneAndTakesNoSlotOfTheServer) {
    BenchForTest bench;
    bench.submit(one_task);
    EXPECT_THAT(bench.running_nodes(), IsEmpty());
    EXPECT_THAT(claim(bench, claim_of("cpu")), IsEmpty());
    EXPECT_THAT(claim(bench, claim_of("gpu", "another")), IsEmpty());
    const LeaseOffer offer = claim_one(bench);
    EXPECT_EQ(offer.attempt.node, "a");
    EXPECT_EQ(offer.spec, R"({"type":"render"})");
    EXPECT_EQ(bench.state.slots_used, 0U);
    EXPECT_THAT(bench.state.leases, SizeIs(1));
    EXPECT_THAT(claim(bench, claim_of()), IsEmpty());
}

TEST(Task, IsGivenToAWorkerThatHasWhatItNeeds) {
    BenchForTest bench;
    bench.submit(R"({"nodes":[{"id":"a","task":{"lane":"gpu","capabilities":["big"]}}]})");
    EXPECT_THAT(claim(bench, claim_of()), IsEmpty());
    Claim able = claim_of();
    able.capabilities = {"big", "fast"};
    const std::vector<LeaseOffer> offers = claim(bench, able);
    ASSERT_THAT(offers, SizeIs(1));
    EXPECT_THAT(offers.front().capabilities, ElementsAre("big"));
}

TEST(Task, IsRecordedWithItsWorkerAndItsTtl) {
    BenchForTest bench;
    bench.submit(one_task);
    claim_one(bench);
    const auto started = bench.all<AttemptStarted>();
    ASSERT_THAT(started, SizeIs(1));
    EXPECT_EQ(started[0].worker, "w1");
    EXPECT_EQ(started[0].ttl_ms, 5000);
    EXPECT_TRUE(started[0].is_first);
}

TEST(Task, EndsByItsReport) {
    BenchForTest bench;
    const JobId id = bench.submit(one_task);
    AttemptReport more;
    more.output = R"({"pages":3})";
    EXPECT_TRUE(report(bench, claim_one(bench), Outcome::succeeded, more));
    ASSERT_TRUE(bench.end_of(id));
    EXPECT_EQ(bench.end_of(id)->state, JobState::completed);
    EXPECT_THAT(bench.state.leases, IsEmpty());
    EXPECT_EQ(bench.all<AttemptEnded>().front().output.text, R"({"pages":3})");
}

TEST(Task, GetsTheValuesOfItsExpressions) {
    BenchForTest bench;
    bench.submit(R"({"params":{"n":{"type":"integer"}},"nodes":[{"id":"a","task":{"lane":"gpu",
        "args":["${{ params.n }}","n=${{ params.n }}",true],
        "input":{"deep":[{"x":"${{ job.name }}"}]}}}]})",
                 R"({"params":{"n":5}})");
    EXPECT_EQ(claim_one(bench).spec, R"({"args":[5,"n=5",true],"input":{"deep":[{"x":"test"}]}})");
}

TEST(Task, FailsWithoutALeaseWhenAnExpressionDoes) {
    BenchForTest bench;
    const JobId id = bench.submit(
        R"({"params":{"n":{"type":"integer"}},"nodes":[
            {"id":"a","task":{"lane":"gpu","input":"${{ params.n < 'x' }}"}}]})",
        R"({"params":{"n":5}})");
    EXPECT_THAT(claim(bench, claim_of()), IsEmpty());
    ASSERT_TRUE(bench.end_of(id));
    EXPECT_EQ(bench.end_of(id)->state, JobState::failed);
    EXPECT_THAT(bench.state.leases, IsEmpty());
}

TEST(Task, OfAMapIsClaimedItemByItem) {
    BenchForTest bench;
    bench.submit(R"({"nodes":[{"id":"a","map":{"over":["x","y"],"key":"${{ item }}"},
        "task":{"lane":"gpu","input":"${{ item }}"}}]})");
    const LeaseOffer first = claim_one(bench);
    const LeaseOffer second = claim_one(bench);
    EXPECT_EQ(first.attempt.item, 0U);
    EXPECT_EQ(first.item_key, "x");
    EXPECT_EQ(first.spec, R"({"input":"x"})");
    EXPECT_EQ(second.attempt.item, 1U);
    EXPECT_THAT(claim(bench, claim_of()), IsEmpty());
}

TEST(Task, KeepsTheJobsOwnLimit) {
    BenchForTest bench;
    bench.submit(R"({"limits":{"parallel":1},"nodes":[{"id":"a","task":{"lane":"gpu"}},
        {"id":"b","task":{"lane":"gpu"}}]})");
    const LeaseOffer first = claim_one(bench);
    EXPECT_THAT(claim(bench, claim_of()), IsEmpty());
    (void)report(bench, first, Outcome::succeeded);
    EXPECT_EQ(claim_one(bench).attempt.node, "b");
}

TEST(Task, IsNotHandedOutWhileItsJobIsPaused) {
    BenchForTest bench;
    const JobId id = bench.submit(
        R"({"nodes":[{"id":"a","task":{"lane":"gpu"}},{"id":"b","task":{"lane":"gpu"}}]})");
    claim_one(bench);
    (void)bench.run(PauseJob{id, "default", "usr:test"});
    EXPECT_THAT(claim(bench, claim_of()), IsEmpty());
    (void)bench.run(ResumeJob{id, "default", "usr:test"});
    EXPECT_EQ(claim_one(bench).attempt.node, "b");
}

TEST(Lease, OfASilentWorkerEndsAndTheTaskIsTriedAgainWithAHigherFence) {
    BenchForTest bench;
    bench.submit(one_task);
    const LeaseOffer first = claim_one(bench);
    bench.fire(FireTimer::Kind::lease_expiry);
    EXPECT_EQ(bench.all<AttemptEnded>().back().outcome, Outcome::lost);
    bench.fire(FireTimer::Kind::retry);
    const LeaseOffer second = claim_one(bench);
    EXPECT_EQ(second.attempt.attempt, 2U);
    EXPECT_LT(first.attempt.fence, second.attempt.fence);
}

TEST(Lease, OfASilentWorkerCountsAsAnAttempt) {
    BenchForTest bench;
    const JobId id = bench.submit(one_task);
    for (int attempt = 0; attempt < 3; ++attempt) {
        claim_one(bench);
        bench.fire(FireTimer::Kind::lease_expiry);
        bench.fire(FireTimer::Kind::retry);
    }
    ASSERT_TRUE(bench.end_of(id));
    EXPECT_EQ(bench.end_of(id)->state, JobState::failed);
}

TEST(Lease, IsKeptByHeartbeatsWhichWriteNothing) {
    BenchForTest bench;
    bench.submit(one_task);
    const LeaseOffer offer = claim_one(bench);
    const std::size_t records = bench.records.size();
    bench.now.mono = bench.now.mono + seconds(4);
    const Answer answer = bench.run(Heartbeat{offer.attempt, "default"});
    ASSERT_TRUE(answer);
    EXPECT_FALSE(std::get<Alive>(*answer).must_stop);
    EXPECT_EQ(std::get<Alive>(*answer).ttl_ms, 5000);
    note_heartbeat(bench.state, offer.attempt.fence, bench.now);
    bench.fire(FireTimer::Kind::lease_expiry);  // 5 s after the claim, 1 s after the heartbeat
    EXPECT_EQ(bench.records.size(), records);
    EXPECT_THAT(bench.state.leases, SizeIs(1));
    bench.fire(FireTimer::Kind::lease_expiry);  // 5 s after the heartbeat
    EXPECT_THAT(bench.state.leases, IsEmpty());
}

TEST(Lease, RefusesAZombieBeforeAndAfterTheNextClaim) {
    BenchForTest bench;
    bench.submit(one_task);
    const LeaseOffer first = claim_one(bench);
    bench.fire(FireTimer::Kind::lease_expiry);
    const std::size_t records = bench.records.size();
    for (const Outcome outcome : {Outcome::succeeded, Outcome::failed}) {
        EXPECT_EQ(problem_of(report(bench, first, outcome)), Problem::fenced);
    }
    EXPECT_EQ(problem_of(bench.run(Heartbeat{first.attempt, "default"})), Problem::fenced);
    EXPECT_EQ(bench.records.size(), records);
    bench.fire(FireTimer::Kind::retry);
    const LeaseOffer second = claim_one(bench);
    EXPECT_EQ(problem_of(report(bench, first, Outcome::succeeded)), Problem::fenced);
    EXPECT_EQ(problem_of(bench.run(Heartbeat{first.attempt, "default"})), Problem::fenced);
    EXPECT_TRUE(report(bench, second, Outcome::succeeded));
}

TEST(Lease, TakesTheSameReportAgainAndNoOther) {
    BenchForTest bench;
    const JobId id = bench.submit(
        R"({"nodes":[{"id":"a","task":{"lane":"gpu"}},{"id":"b","task":{"lane":"cpu"}}]})");
    const LeaseOffer offer = claim_one(bench);
    EXPECT_TRUE(report(bench, offer, Outcome::succeeded));
    const std::size_t records = bench.records.size();
    EXPECT_TRUE(report(bench, offer, Outcome::succeeded));
    EXPECT_EQ(problem_of(report(bench, offer, Outcome::failed)), Problem::fenced);
    EXPECT_EQ(bench.records.size(), records);
    EXPECT_FALSE(bench.end_of(id));
}

TEST(Lease, OfAnotherTenantIsUnknown) {
    BenchForTest bench;
    bench.submit(one_task);
    const LeaseOffer offer = claim_one(bench);
    EXPECT_EQ(problem_of(bench.run(Heartbeat{offer.attempt, "another"})), Problem::not_live);
    EXPECT_EQ(problem_of(bench.run(ReportTask{offer.attempt, "another", "usr:x", {}, 0})),
              Problem::not_live);
    EXPECT_THAT(bench.state.leases, SizeIs(1));
}

TEST(Failure, OfAClassIsTriedAgainOrNot) {
    for (const bool is_transient : {true, false}) {
        BenchForTest bench;
        const JobId id = bench.submit(R"({"nodes":[{"id":"a","task":{"lane":"gpu"},
            "retry":{"max_attempts":5}}]})");
        AttemptReport more;
        more.is_transient = is_transient;
        more.is_permanent = !is_transient;
        EXPECT_TRUE(report(bench, claim_one(bench), Outcome::failed, more));
        EXPECT_EQ(bench.end_of(id).has_value(), !is_transient);
        EXPECT_EQ(bench.all<AttemptEnded>().back().retry_in_ms.has_value(), is_transient);
    }
}

TEST(Cancel, IsToldToAWorkerWhichMayThenStop) {
    BenchForTest bench;
    const JobId id = bench.submit(one_task);
    const LeaseOffer offer = claim_one(bench);
    (void)bench.run(CancelJob{id, "default", "usr:test"});
    EXPECT_FALSE(bench.end_of(id));
    const Answer answer = bench.run(Heartbeat{offer.attempt, "default"});
    ASSERT_TRUE(answer);
    EXPECT_TRUE(std::get<Alive>(*answer).must_stop);
    EXPECT_TRUE(report(bench, offer, Outcome::failed));
    EXPECT_EQ(bench.all<AttemptEnded>().back().outcome, Outcome::cancelled);
    EXPECT_EQ(bench.end_of(id)->state, JobState::cancelled);
}

TEST(Cancel, WaitsForAWorkerNoLongerThanItsGrace) {
    BenchForTest bench;
    const JobId id = bench.submit(one_task);
    const LeaseOffer offer = claim_one(bench);
    (void)bench.run(CancelJob{id, "default", "usr:test"});
    const Now later{bench.now.wall, bench.now.mono + seconds(60)};
    note_heartbeat(bench.state, offer.attempt.fence, later);
    bench.fire(FireTimer::Kind::lease_grace);
    ASSERT_TRUE(bench.end_of(id));
    EXPECT_EQ(bench.end_of(id)->state, JobState::cancelled);
    EXPECT_EQ(problem_of(report(bench, offer, Outcome::succeeded)), Problem::not_live);
}

TEST(TimeOut, OfANodeEndsAnAttemptThatGoesOnAtItsWorker) {
    BenchForTest bench;
    bench.submit(R"({"nodes":[{"id":"a","timeout":"2s","task":{"lane":"gpu"}}]})");
    const LeaseOffer offer = claim_one(bench);
    EXPECT_EQ(offer.timeout, seconds(2));
    bench.fire(FireTimer::Kind::attempt_timeout);
    EXPECT_EQ(bench.all<AttemptEnded>().back().outcome, Outcome::timeout);
    EXPECT_EQ(problem_of(report(bench, offer, Outcome::succeeded)), Problem::fenced);
}

TEST(Restart, GivesEveryLeaseOneWholeTtl) {
    BenchForTest bench;
    bench.submit(R"({"nodes":[{"id":"a","timeout":"20s","task":{"lane":"gpu"}}]})");
    const LeaseOffer offer = claim_one(bench);
    State again;
    for (const Record& record : bench.records) {
        ASSERT_TRUE(apply(again, record, bench));
    }
    rebuild_queue(again);
    ASSERT_THAT(again.leases, SizeIs(1));
    EXPECT_EQ(again.leases.begin()->second.worker, "w1");
    EXPECT_EQ(again.slots_used, 0U);
    const Now later{bench.now.wall + seconds(4), MonoTime{0}};
    std::vector<std::pair<FireTimer::Kind, MonoTime>> armed;
    for (const ArmTimer& timer : timers_of(again, later)) {
        armed.emplace_back(timer.timer.kind, timer.at);
    }
    EXPECT_THAT(armed,
                ElementsAre(testing::Pair(FireTimer::Kind::job_deadline, testing::_),
                            testing::Pair(FireTimer::Kind::lease_expiry, MonoTime{5'000'000}),
                            testing::Pair(FireTimer::Kind::attempt_timeout, MonoTime{16'000'000})));
    again.choose_task("default", {"gpu"}, {}, later.wall);
    EXPECT_FALSE(again.queue.chosen());
    EXPECT_EQ(again.leases.begin()->first, offer.attempt.fence);
}

TEST(Claim, TakesTheFirstOfItsLanesThatHasWork) {
    BenchForTest bench;
    bench.submit(
        R"({"nodes":[{"id":"a","task":{"lane":"cpu"}},{"id":"b","task":{"lane":"gpu"}}]})");
    Claim both = claim_of("gpu");
    both.lanes.emplace_back("cpu");
    EXPECT_EQ(claim(bench, both).at(0).attempt.node, "b");
    EXPECT_EQ(claim(bench, both).at(0).attempt.node, "a");
}

TEST(Claim, PrefersHighPriority) {
    BenchForTest bench;
    SubmitJobs command{"default", "usr:test", {}, {}};
    for (const Priority priority : {Priority::low, Priority::high}) {
        NewJob job;
        job.id = bench.next_id();
        job.definition = definition_for_test(one_task);
        bench.know(job.definition);
        job.priority = priority;
        command.jobs.push_back(job);
    }
    (void)bench.run(command);
    EXPECT_EQ(claim_one(bench).attempt.job, command.jobs[1].id);
}

TEST(Claim, GetsALeaseNoLongerThanTheNodesHeartbeat) {
    BenchForTest bench;
    bench.submit(R"({"nodes":[{"id":"a","heartbeat":"2s","task":{"lane":"gpu"}}]})");
    EXPECT_EQ(claim_one(bench).ttl_ms, 2000);
}

}  // namespace
}  // namespace attacca::core
