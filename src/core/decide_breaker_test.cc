// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "core/breaker/hold.h"
#include "core/definition_for_test.h"

namespace attacca::core {
namespace {

constexpr const char* host_call = R"({"nodes":[{"id":"a","http":{"url":"http://h.test/"},
    "retry":{"strategy":"none"}}]})";
const std::string host_entity = "breaker/default/http:h.test";

class BreakerRuleTest : public testing::Test {
  protected:
    // Ends the oldest attempt that runs.
    void end(bool is_good) {
        ASSERT_FALSE(bench.running.empty());
        AttemptReport report;
        report.job = bench.running.front().job;
        report.instance = bench.running.front().instance;
        report.fence = bench.running.front().fence;
        report.outcome = is_good ? Outcome::succeeded : Outcome::error;
        report.is_transient = !is_good;
        bench.running.erase(bench.running.begin());
        (void)bench.run(ReportAttempt{report, 7});
    }
    void trip() {
        for (int i = 0; i < 5; ++i) {
            bench.submit(host_call);
            end(false);
        }
    }
    [[nodiscard]] const Breaker& breaker() const {
        return *bench.state.registry.breaker(host_entity);
    }
    [[nodiscard]] BreakerState state() const { return breaker().state; }
    Answer set(BreakerMode mode, std::string dependency = "http:h.test") {
        return bench.run(SetBreaker{"default", "usr:op", std::move(dependency), {mode, "why"}});
    }

    BenchForTest bench;
};

TEST_F(BreakerRuleTest, FiveErrorsWithinAMinuteOpenIt) {
    for (int i = 0; i < 4; ++i) {
        bench.submit(host_call);
        end(false);
    }
    EXPECT_EQ(bench.state.registry.breaker(host_entity), nullptr);
    bench.submit(host_call);
    end(false);
    EXPECT_EQ(state(), BreakerState::open);
    ASSERT_EQ(bench.all<BreakerOpened>().size(), 1U);
    EXPECT_EQ(bench.all<BreakerOpened>()[0], (BreakerOpened{BreakerCause::errors, 5, 30'000}));
}

TEST_F(BreakerRuleTest, ErrorsThatLieApartDoNot) {
    for (int i = 0; i < 12; ++i) {
        bench.submit(host_call);
        end(false);
        bench.now.wall.us += 16'000'000;
    }
    EXPECT_EQ(bench.state.registry.breaker(host_entity), nullptr);
}

TEST_F(BreakerRuleTest, AnAnswerThatSaysNoIsNoError) {
    for (int i = 0; i < 12; ++i) {
        bench.submit(host_call);
        bench.end("a", Outcome::failed);
    }
    EXPECT_EQ(bench.state.registry.breaker(host_entity), nullptr);
}

TEST_F(BreakerRuleTest, NothingStartsWhileItIsOpenAndNothingHoldsASlot) {
    trip();
    bench.submit(host_call);
    const JobId other = bench.submit(
        R"({"nodes":[{"id":"b","http":{"url":"http://other.test/"}}]})");
    EXPECT_EQ(bench.running_nodes(), std::vector<std::string>{"b"});
    EXPECT_EQ(bench.state.slots_used, 1U);
    EXPECT_EQ(bench.state.ready_nodes, 0U);
    EXPECT_NE(bench.state.find(other), nullptr);
}

TEST_F(BreakerRuleTest, HalfOpenLetsOneProbeThroughWhoseSuccessClosesIt) {
    trip();
    for (int i = 0; i < 3; ++i) {
        bench.submit(host_call);
    }
    EXPECT_TRUE(bench.running.empty());
    bench.fire(FireTimer::Kind::breaker_probe);
    EXPECT_EQ(state(), BreakerState::half_open);
    EXPECT_EQ(bench.running.size(), 1U);
    end(true);
    EXPECT_EQ(state(), BreakerState::closed);
    EXPECT_EQ(bench.running.size(), 2U);
    end(true);
    end(true);
    EXPECT_TRUE(bench.state.slot_of.empty());
}

TEST_F(BreakerRuleTest, AProbeThatFailsOpensItForTwiceAsLong) {
    trip();
    std::vector<std::int64_t> delays;
    for (int i = 0; i < 6; ++i) {
        bench.submit(host_call);
        bench.fire(FireTimer::Kind::breaker_probe);
        end(false);
        EXPECT_EQ(state(), BreakerState::open);
        delays.push_back(bench.all<BreakerOpened>().back().probe_in_ms);
    }
    EXPECT_EQ(delays, (std::vector<std::int64_t>{60'000, 120'000, 240'000, 300'000, 300'000,
                                                 300'000}));
}

TEST_F(BreakerRuleTest, WhenAProbeIsCancelledBeforeItStartsAnotherTakesItsPlace) {
    trip();
    const JobId first = bench.submit(host_call);
    bench.submit(host_call);
    bench.slots = 0;
    bench.fire(FireTimer::Kind::breaker_probe);
    (void)bench.run(CancelJob{first, "default", "usr:x"});
    bench.slots = 1;
    bench.dispatch_all();
    EXPECT_EQ(bench.running.size(), 1U);
    end(true);
    EXPECT_EQ(state(), BreakerState::closed);
    EXPECT_TRUE(bench.state.slot_of.empty());
}

TEST_F(BreakerRuleTest, AnOperatorHoldsItOpenAndGivesItBack) {
    EXPECT_TRUE(set(BreakerMode::open));
    EXPECT_TRUE(set(BreakerMode::open));
    EXPECT_EQ(bench.all<BreakerSet>().size(), 1U);
    bench.submit(host_call);
    EXPECT_TRUE(bench.running.empty());
    EXPECT_TRUE(set(BreakerMode::closed));
    EXPECT_EQ(bench.running.size(), 1U);
    end(false);
    trip();
    EXPECT_EQ(state(), BreakerState::closed) << "held closed, it does not open by itself";
    EXPECT_TRUE(set(BreakerMode::automatic));
    EXPECT_EQ(bench.all<BreakerSet>().size(), 3U);
    trip();
    EXPECT_EQ(state(), BreakerState::open);
}

TEST_F(BreakerRuleTest, BadNamesAndUnknownOnesAreRefused) {
    EXPECT_EQ(set(BreakerMode::open, "h.test").error().problem, Problem::invalid_value);
    EXPECT_EQ(set(BreakerMode::open, "http:a/../b").error().problem, Problem::invalid_value);
    EXPECT_EQ(set(BreakerMode::automatic).error().problem, Problem::not_found);
    EXPECT_TRUE(bench.records.empty());
}

TEST_F(BreakerRuleTest, TheTimerOfAnOpeningThatIsOverDoesNothing) {
    trip();
    (void)set(BreakerMode::automatic);
    trip();
    const std::size_t before = bench.records.size();
    (void)bench.run(FireTimer{FireTimer::Kind::breaker_probe, JobId{}, breaker().number,
                              FenceToken{1}});
    EXPECT_EQ(bench.records.size(), before);
    (void)bench.run(FireTimer{FireTimer::Kind::breaker_probe, JobId{}, 99, FenceToken{1}});
    EXPECT_EQ(bench.records.size(), before);
}

TEST_F(BreakerRuleTest, WhyNamesTheBreakerAndWhenItProbes) {
    trip();
    const JobId id = bench.submit(host_call);
    const Answer told = bench.run(ExplainJob{id, "default"});
    const auto& waits = std::get<Explanation>(*told).waits;
    ASSERT_EQ(waits.size(), 1U);
    EXPECT_EQ(waits[0].cause, WaitCause::breaker);
    EXPECT_EQ(waits[0].until, breaker().probe_at);
    EXPECT_EQ(waits[0].detail, "the breaker of http:h.test is open after 5 errors");
}

TEST_F(BreakerRuleTest, AStartWaitsForItsProbeAndKeepsWhatIsHeld) {
    trip();
    bench.submit(host_call);
    rebuild_queue(bench.state);
    bench.timers = timers_of(bench.state, bench.now);
    bench.dispatch_all();
    EXPECT_TRUE(bench.running.empty());
    bench.fire(FireTimer::Kind::breaker_probe);
    EXPECT_EQ(bench.running.size(), 1U);
    rebuild_queue(bench.state);
    bench.submit(host_call);
    EXPECT_EQ(bench.running.size(), 1U) << "the probe that runs still is one";
    end(true);
    EXPECT_EQ(state(), BreakerState::closed);
}

TEST_F(BreakerRuleTest, AUsedUpBudgetTakesRetriesAwayAndSaysSo) {
    bench.state.calls.rules.error_threshold = 1000;
    bench.state.calls.rules.retries_min = 3;
    for (int i = 0; i < 5; ++i) {
        bench.submit(R"({"nodes":[{"id":"a","http":{"url":"http://h.test/"}}]})");
        end(false);
    }
    const auto ends = bench.all<AttemptEnded>();
    ASSERT_GE(ends.size(), 5U);
    int retries = 0;
    for (const AttemptEnded& ended : ends) {
        EXPECT_EQ(ended.failure, FailureClass::unavailable);
        retries += ended.retry_in_ms ? 1 : 0;
        EXPECT_EQ(ended.detail.ends_with("the retry budget of http:h.test is used up"),
                  !ended.retry_in_ms);
    }
    EXPECT_EQ(retries, 3);
    bench.now.wall.us += 60'000'000;
    bench.submit(R"({"nodes":[{"id":"a","http":{"url":"http://h.test/"}}]})");
    while (!bench.running.empty() && retries < 5) {
        end(false);
        retries += bench.all<AttemptEnded>().back().retry_in_ms ? 1 : 10;
    }
    EXPECT_GT(retries, 3);
}

}  // namespace
}  // namespace attacca::core
