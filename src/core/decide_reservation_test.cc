// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/decide.h"
#include "core/definition_for_test.h"
#include "core/reservation/owner.h"

namespace attacca::core {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

// One task of an owner in the lane `gpu`.
std::string owned(std::string_view owner, bool stays) {
    return R"({"nodes":[{"id":"t","task":{"lane":"gpu","owner":")" + std::string(owner) +
           R"(","stay":)" + (stays ? "true" : "false") + "}}]}";
}

class ReservationRuleTest : public ::testing::Test {
  protected:
    // The job that a worker is given a task of; nothing when it is given none.
    std::optional<JobId> claim(std::uint32_t most = 1) {
        Claim command;
        command.tenant = "default";
        command.actor = "usr:test";
        command.lanes = {"gpu"};
        command.worker = "w1";
        command.ttl_ms = 3'600'000;
        command.max = most;
        command.capabilities = worker_has;
        const Answer answer = bench.run(command);
        if (!answer || std::get<Leased>(*answer).offers.empty()) {
            return std::nullopt;
        }
        given = std::get<Leased>(*answer).offers.front().attempt;
        return given.job;
    }
    void complete(const AttemptName& attempt) {
        ReportTask task{attempt, "default", "usr:test", {}, 7};
        task.report.outcome = Outcome::succeeded;
        ASSERT_TRUE(bench.run(task));
    }
    void complete() { complete(given); }
    // Of ada, both with `stay`: the attempt of the first one, which runs.
    AttemptName claim_two_and_complete_the_second() {
        bench.submit(owned("ada", true));
        bench.submit(owned("ada", true));
        (void)claim();
        const AttemptName first = given;
        (void)claim();
        complete();
        return first;
    }
    std::vector<ReleaseCause> releases() const {
        std::vector<ReleaseCause> causes;
        for (const LaneReleased& released : bench.all<LaneReleased>()) {
            causes.push_back(released.cause);
        }
        return causes;
    }
    WallTime kept_until() const {
        for (const Record& record : bench.records) {
            if (std::holds_alternative<LaneReleased>(record.payload)) {
                return record.at;
            }
        }
        return {};
    }
    const Reservation* kept() const { return bench.state.registry.reservation("default", "gpu"); }

    BenchForTest bench;
    AttemptName given;
    std::vector<std::string> worker_has;
};

TEST_F(ReservationRuleTest, AKeptLaneGivesOutItsOwnersTasksOnly) {
    const JobId first = bench.submit(owned("ada", true));
    const JobId others = bench.submit(owned("bob", false));
    const JobId plain = bench.submit(R"({"nodes":[{"id":"t","task":{"lane":"gpu"}}]})");
    EXPECT_EQ(claim(), first);
    ASSERT_NE(kept(), nullptr);
    EXPECT_EQ(kept()->owner, "ada");
    EXPECT_EQ(kept()->job, first);
    EXPECT_EQ(claim(), std::nullopt);
    complete();
    EXPECT_EQ(claim(), std::nullopt);
    const JobId next = bench.submit(owned("ada", false));
    EXPECT_EQ(claim(), next) << "before those that came earlier";
    EXPECT_THAT(releases(), ElementsAre(ReleaseCause::followed));
    EXPECT_EQ(kept(), nullptr);
    EXPECT_EQ(claim(), others);
    EXPECT_EQ(claim(), plain);
}

TEST_F(ReservationRuleTest, AnotherTenantsLaneOfThatNameAndOtherLanesAreFree) {
    bench.submit(owned("ada", true));
    (void)claim();
    EXPECT_EQ(bench.state.registry.reservation("other", "gpu"), nullptr);
    EXPECT_EQ(bench.state.registry.reservation("default", "cpu"), nullptr);
}

TEST_F(ReservationRuleTest, ItEndsWhenNothingFollows) {
    bench.submit(owned("ada", true));
    const JobId others = bench.submit(owned("bob", false));
    (void)claim();
    bench.fire(FireTimer::Kind::lane_quiet);
    EXPECT_NE(kept(), nullptr) << "no timer runs while the task does";
    complete();
    const WallTime before = bench.now.wall;
    bench.fire(FireTimer::Kind::lane_quiet);
    EXPECT_EQ(bench.now.wall - before, lane_quiet_default);
    EXPECT_THAT(releases(), ElementsAre(ReleaseCause::quiet));
    EXPECT_EQ(claim(), others);
}

TEST_F(ReservationRuleTest, EachTaskThatStaysProlongsIt) {
    bench.submit(owned("ada", true));
    (void)claim();
    complete();
    bench.submit(owned("ada", true));
    (void)claim();
    const WallTime since = kept()->since_at;
    bench.fire(FireTimer::Kind::lane_quiet);
    EXPECT_NE(kept(), nullptr) << "that was the first one's timer";
    complete();
    EXPECT_EQ(kept()->since_at, since);
    bench.fire(FireTimer::Kind::lane_quiet);
    EXPECT_EQ(kept(), nullptr);
}

TEST_F(ReservationRuleTest, ItLastsWhileAnythingOfItsOwnerRunsThere) {
    const AttemptName first = claim_two_and_complete_the_second();
    bench.now.wall = bench.now.wall + seconds(290);
    bench.now.mono = bench.now.mono + seconds(290);
    complete(first);
    const WallTime last = bench.now.wall;
    const std::vector<ArmTimer> armed = bench.timers;
    ASSERT_THAT(armed, SizeIs(testing::Ge(2U)));
    bench.fire(FireTimer::Kind::lane_quiet);
    EXPECT_EQ(kept(), nullptr);
    EXPECT_EQ(kept_until() - last, lane_quiet_default) << "counted from the last one's end";
}

TEST_F(ReservationRuleTest, ItLastsWhileAnOlderTaskOfItsOwnerRuns) {
    const AttemptName first = claim_two_and_complete_the_second();
    bench.fire(FireTimer::Kind::lane_quiet);
    EXPECT_NE(kept(), nullptr);
    complete(first);
    bench.fire(FireTimer::Kind::lane_quiet);
    EXPECT_EQ(kept(), nullptr);
}

TEST_F(ReservationRuleTest, AFollowerThatFailsAtItsStartIsOneThatEnded) {
    bench.submit(owned("ada", true));
    (void)claim();
    complete();
    bench.submit(R"({"params":{"n":{"type":"integer","default":5}},"nodes":[
        {"id":"t","task":{"lane":"gpu","owner":"ada","input":"${{ params.n < 'x' }}"}}]})");
    EXPECT_EQ(claim(), std::nullopt);
    EXPECT_NE(kept(), nullptr);
    bench.fire(FireTimer::Kind::lane_quiet);
    EXPECT_EQ(kept(), nullptr);
}

TEST_F(ReservationRuleTest, WhoseATaskIsDoesNotChangeWhileItRuns) {
    const JobId job = bench.submit(R"({"nodes":[
        {"id":"a","type":"noop"}, {"id":"b","run":["x"]},
        {"id":"c","needs":["a","b"],"needs_when":"any_succeeded",
         "task":{"lane":"gpu","stay":true,"owner":"o-${{ nodes.b.status }}"}},
        {"id":"d","needs":["c"],"approve":{}}]})");
    bench.end("a");
    EXPECT_EQ(claim(), job);
    EXPECT_EQ(kept()->owner, "o-running");
    bench.end("b");
    complete();
    bench.fire(FireTimer::Kind::lane_quiet);
    EXPECT_EQ(kept(), nullptr);
}

// A lock that two owners want in the lane, and somebody in another one.
std::string locking(std::string_view lane, std::string_view owner, bool stays) {
    return R"({"nodes":[{"id":"t","lock":"m","task":{"lane":")" + std::string(lane) +
           R"(","owner":")" + std::string(owner) + R"(","stay":)" + (stays ? "true" : "false") +
           "}}]}";
}

TEST_F(ReservationRuleTest, ALockIsNotOfferedToWhomTheLaneShutsOut) {
    bench.submit(R"({"nodes":[{"id":"holder","run":["x"],"lock":"m"}]})");
    const JobId bobs = bench.submit(locking("gpu", "bob", false));
    EXPECT_EQ(claim(), std::nullopt) << "it waits for the lock";
    const JobId adas = bench.submit(owned("ada", true));
    EXPECT_EQ(claim(), adas);
    complete();
    const JobId next = bench.submit(locking("gpu", "ada", true));
    EXPECT_EQ(claim(), std::nullopt);
    bench.end("holder");
    EXPECT_EQ(claim(), next);
    complete();
    bench.fire(FireTimer::Kind::lane_quiet);
    EXPECT_EQ(claim(), bobs) << "it came back when the lane was released";
}

TEST_F(ReservationRuleTest, ALockIsTakenFromWhomTheLaneShutsOut) {
    bench.submit(R"({"nodes":[{"id":"holder","run":["x"],"lock":"m"}]})");
    const JobId bobs = bench.submit(locking("gpu", "bob", false));
    EXPECT_EQ(claim(), std::nullopt);
    bench.submit(R"({"nodes":[{"id":"other","run":["x"],"lock":"m"}]})");
    const JobId adas = bench.submit(R"({"limits":{"priority":"high"},"nodes":[
        {"id":"t","task":{"lane":"gpu","owner":"ada","stay":true}}]})");
    bench.end("holder");  // it is bob's now
    EXPECT_THAT(bench.running_nodes(), IsEmpty());
    EXPECT_EQ(claim(), adas);
    EXPECT_THAT(bench.running_nodes(), ElementsAre("other"));
    complete();
    bench.end("other");
    bench.fire(FireTimer::Kind::lane_quiet);
    EXPECT_EQ(claim(), bobs);
}

TEST_F(ReservationRuleTest, AProbeIsTakenFromWhomTheLaneShutsOut) {
    bench.state.calls.rules.error_threshold = 1;
    bench.state.calls.rules.probes_max = 2;
    bench.submit(owned("eve", false));
    (void)claim();
    ReportTask broken{given, "default", "usr:test", {}, 7};
    broken.report.outcome = Outcome::error;
    broken.report.is_transient = true;
    ASSERT_TRUE(bench.run(broken));
    ASSERT_TRUE(bench.state.registry.has_tripped_breaker());
    const JobId bobs = bench.submit(R"({"nodes":[{"id":"t","task":{"lane":"gpu",
        "capabilities":["big"],"owner":"bob"}}]})");
    bench.submit(owned("ada", true));
    const JobId next = bench.submit(owned("ada", true));
    worker_has = {"big"};
    EXPECT_EQ(claim(), std::nullopt) << "the breaker holds all three, bob's first";
    bench.fire(FireTimer::Kind::breaker_probe);
    worker_has = {};
    EXPECT_NE(claim(), std::nullopt) << "the second probe";
    ASSERT_NE(kept(), nullptr);
    EXPECT_EQ(claim(), next) << "bob's place as a probe is free";
    worker_has = {"big"};
    complete();
    bench.fire(FireTimer::Kind::lane_quiet);
    EXPECT_EQ(claim(), std::nullopt) << "ada's first one still runs";
    EXPECT_NE(bench.state.find(bobs), nullptr);
}

constexpr std::string_view two_steps = R"({"nodes":[
    {"id":"load","task":{"lane":"gpu","stay":true}},
    {"id":"pause","approve":{},"needs":["load"]},
    {"id":"use","task":{"lane":"gpu","stay":true},"needs":["pause"]}]})";

TEST_F(ReservationRuleTest, WithoutAnOwnerATaskIsItsJobs) {
    const JobId job = bench.submit(two_steps);
    const JobId others = bench.submit(owned("bob", false));
    EXPECT_EQ(claim(), job);
    EXPECT_EQ(kept()->owner, "job/" + job.text());
    complete();
    EXPECT_EQ(claim(), std::nullopt);
    ASSERT_TRUE(bench.run(
        GiveApproval{job, "default", "usr:x", "pause", std::nullopt, Ruling::approved, {}}));
    EXPECT_EQ(claim(), job);
    EXPECT_EQ(given.node, "use");
    complete();
    ASSERT_TRUE(bench.end_of(job));
    EXPECT_THAT(releases(), ElementsAre(ReleaseCause::ended)) << "nothing of it can follow";
    EXPECT_EQ(claim(), others);
}

TEST_F(ReservationRuleTest, AChildJobWorksForTheTopmost) {
    const JobId job = bench.submit(R"({"nodes":[
        {"id":"load","task":{"lane":"gpu","stay":true}},
        {"id":"below","job":{"definition":{"nodes":[{"id":"use","task":{"lane":"gpu"}}]}},
         "needs":["load"]}]})");
    EXPECT_EQ(claim(), job);
    complete();
    bench.submit(owned("bob", false));
    const std::optional<JobId> child = claim();
    ASSERT_TRUE(child);
    EXPECT_EQ(given.node, "use");
    EXPECT_NE(*child, job);
    EXPECT_THAT(releases(), ElementsAre(ReleaseCause::followed));
}

TEST_F(ReservationRuleTest, WhyTellsForWhomTheLaneIsKept) {
    bench.submit(owned("ada", true));
    (void)claim();
    const JobId others = bench.submit(owned("bob", false));
    const Answer answer = bench.run(ExplainJob{others, "default"});
    ASSERT_TRUE(answer);
    const auto& waits = std::get<Explanation>(*answer).waits;
    ASSERT_THAT(waits, SizeIs(1));
    EXPECT_THAT(waits[0].detail, HasSubstr("`gpu` is kept for `ada`"));
}

TEST_F(ReservationRuleTest, AnotherProcessKeepsItAndItsQuietTimeBeginsAnew) {
    bench.submit(owned("ada", true));
    (void)claim();
    EXPECT_THAT(timers_of(bench.state, bench.now),
                testing::Not(testing::Contains(testing::Field(
                    &ArmTimer::timer,
                    testing::Field(&FireTimer::kind, FireTimer::Kind::lane_quiet)))));
    complete();
    const std::string entity = lane_entity("default", "gpu");
    const std::string image = bench.state.registry.image_of(entity);
    Registry next;
    ASSERT_TRUE(next.load(entity, image, bench));
    ASSERT_NE(next.reservation("default", "gpu"), nullptr);
    EXPECT_EQ(next.reservation("default", "gpu")->owner, "ada");
    EXPECT_EQ(next.image_of(entity), image);
    bench.timers = timers_of(bench.state, bench.now);
    bench.fire(FireTimer::Kind::lane_quiet);
    EXPECT_EQ(kept(), nullptr);
}

TEST_F(ReservationRuleTest, AnOwnerWithoutAValueFailsTheTask) {
    const JobId job = bench.submit(
        R"({"params":{"who":{"type":"string","default":""}},
            "nodes":[{"id":"t","task":{"lane":"gpu","owner":"${{ params.who }}"}}]})");
    EXPECT_EQ(claim(), std::nullopt);
    ASSERT_TRUE(bench.end_of(job));
    EXPECT_EQ(bench.end_of(job)->state, JobState::failed);
    EXPECT_THAT(bench.all<AttemptEnded>().front().detail, HasSubstr("`owner`"));
    EXPECT_THAT(bench.all<LaneReserved>(), IsEmpty());
}

TEST_F(ReservationRuleTest, ATenantsLimitHoldsItsOwnersTasksToo) {
    TenantSettings settings;
    settings.max_concurrency = 1;
    ASSERT_TRUE(bench.run(SetTenant{"default", "usr:x", settings}));
    bench.submit(owned("ada", true));
    bench.submit(owned("ada", true));
    EXPECT_NE(claim(), std::nullopt);
    EXPECT_EQ(claim(), std::nullopt);
    complete();
    EXPECT_NE(claim(), std::nullopt);
}

}  // namespace
}  // namespace attacca::core
