// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/definition_for_test.h"
#include "core/exclusion/lock.h"

namespace attacca::core {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing::UnorderedElementsAre;

constexpr std::string_view locked_dag = R"({"nodes":[{"id":"n","run":["x"],"lock":"db"}]})";
constexpr std::string_view per_host_dag =
    R"({"nodes":[{"id":"n","run":["x"],"map":{"over":["a","b","a"],"as":"host"},
        "lock":"host:${{ host }}"}]})";

class Locks : public testing::Test {
  protected:
    [[nodiscard]] std::vector<JobId> running() const {
        std::vector<JobId> jobs;
        for (const AttemptSpec& spec : bench.running) {
            jobs.push_back(spec.job);
        }
        return jobs;
    }
    [[nodiscard]] std::vector<std::string> held() const {
        std::vector<std::string> names;
        const Lines<LockLine>& locks = bench.state.exclusion.locks;
        locks.visit([&](LineNumber line) {
            names.insert(names.end(), locks[line].held_by.size(), locks.text_of(line));
        });
        return names;
    }
    Explanation why(const JobId& id) {
        return std::get<Explanation>(*bench.run(ExplainJob{id, "default", 10}, false));
    }

    BenchForTest bench;
};

TEST_F(Locks, OneAttemptOfALockRunsAndTheOthersFollowInOrder) {
    const JobId a = bench.submit(locked_dag);
    bench.now.wall = bench.now.wall + seconds(1);
    const JobId b = bench.submit(locked_dag);
    bench.now.wall = bench.now.wall + seconds(1);
    const JobId c = bench.submit(locked_dag);
    EXPECT_THAT(running(), ElementsAre(a));
    EXPECT_EQ(bench.all<AttemptStarted>().at(0).lock, "db");
    EXPECT_EQ(bench.state.ready_nodes, 0U);
    bench.end("n");
    EXPECT_THAT(running(), ElementsAre(b));
    bench.end("n");
    EXPECT_THAT(running(), ElementsAre(c));
    bench.end("n");
    EXPECT_THAT(bench.state.exclusion.locks, SizeIs(0));
    EXPECT_EQ(bench.state.exclusion.locks_held, 0U);
}

TEST_F(Locks, ItemsOfAMapLockWhatTheirOwnValueNames) {
    bench.submit(per_host_dag);
    EXPECT_THAT(held(), UnorderedElementsAre("host:a", "host:b"));
    bench.end("n");
    EXPECT_THAT(held(), UnorderedElementsAre("host:a", "host:b"));
    bench.end("n");
    EXPECT_THAT(bench.running, SizeIs(1));
}

TEST_F(Locks, WhoWaitsForALockTakesNoPlaceOfItsJob) {
    bench.submit(locked_dag);
    bench.submit(R"({"limits":{"parallel":1},"nodes":[{"id":"l","run":["x"],"lock":"db"},
        {"id":"free","run":["x"]}]})");
    EXPECT_THAT(bench.running_nodes(), ElementsAre("n", "free"));
}

TEST_F(Locks, AFailedAttemptLetsTheLockGoUntilItIsTriedAgain) {
    const JobId a = bench.submit(R"({"nodes":[{"id":"n","run":["x"],"lock":"db",
        "retry":{"max_attempts":2,"delay":"10s","jitter":false}}]})");
    bench.now.wall = bench.now.wall + seconds(1);
    const JobId b = bench.submit(locked_dag);
    bench.end("n", Outcome::failed);
    EXPECT_THAT(running(), ElementsAre(b));
    bench.fire(FireTimer::Kind::retry);
    EXPECT_THAT(running(), ElementsAre(b));
    bench.end("n");
    EXPECT_THAT(running(), ElementsAre(a));
}

TEST_F(Locks, NobodyTakesALockBeforeWhomItIsOffered) {
    bench.slots = 1;
    bench.submit(locked_dag);
    bench.now.wall = bench.now.wall + seconds(1);
    bench.slots = 2;
    const JobId first = bench.submit(locked_dag);
    bench.slots = 0;
    bench.end("n");  // offered, and no slot is free
    const std::uint32_t tenant = bench.state.tenants.find("default")->number;
    const LineNumber line = bench.state.exclusion.locks.find({tenant, "db"});
    ASSERT_NE(line, no_index);
    EXPECT_TRUE(bench.state.exclusion.locks[line].offered);
    NewJob urgent;
    urgent.id = bench.next_id();
    urgent.definition = definition_for_test(locked_dag);
    urgent.priority = Priority::high;
    ASSERT_TRUE(bench.run(SubmitJobs{"default", "usr:1", {urgent}, {}}));
    bench.slots = 2;
    bench.dispatch_all();
    EXPECT_THAT(running(), ElementsAre(first));
    EXPECT_THAT(why(urgent.id).waits.at(0).detail, HasSubstr("it is the next one"));
}

TEST_F(Locks, AnOfferThatIsCancelledGoesToTheNext) {
    bench.submit(locked_dag);
    bench.now.wall = bench.now.wall + seconds(1);
    const JobId first = bench.submit(locked_dag);
    bench.now.wall = bench.now.wall + seconds(1);
    const JobId second = bench.submit(locked_dag);
    bench.slots = 0;
    bench.end("n");
    ASSERT_TRUE(bench.run(CancelJob{first, "default", "usr:1"}));
    bench.slots = 1;
    bench.dispatch_all();
    EXPECT_THAT(running(), ElementsAre(second));
}

TEST_F(Locks, WorkersThatClaimKeepThemToo) {
    constexpr std::string_view task_dag =
        R"({"nodes":[{"id":"t","task":{"lane":"gpu","type":"x"},"lock":"db"}]})";
    bench.submit(task_dag);
    bench.submit(task_dag);
    Claim claim;
    claim.tenant = "default";
    claim.lanes = {"gpu"};
    claim.worker = "w";
    const Answer one = bench.run(claim);
    ASSERT_THAT(std::get<Leased>(*one).offers, SizeIs(1));
    EXPECT_THAT(std::get<Leased>(*bench.run(claim)).offers, IsEmpty());
    (void)bench.state.queue.take_stirred();
    ReportTask report;
    report.attempt = std::get<Leased>(*one).offers[0].attempt;
    report.tenant = "default";
    ASSERT_TRUE(bench.run(report));
    EXPECT_THAT(bench.state.queue.take_stirred(), SizeIs(1));  // a worker that waits is served
    EXPECT_THAT(std::get<Leased>(*bench.run(claim)).offers, SizeIs(1));
}

TEST_F(Locks, ALockWithoutAValueFailsItsNode) {
    const JobId id = bench.submit(
        R"({"nodes":[{"id":"n","run":["x"],"lock":"${{ params.none }}"}]})");
    ASSERT_TRUE(bench.end_of(id));
    EXPECT_THAT(bench.all<AttemptEnded>().at(0).detail, HasSubstr("`lock`: its value is empty"));
}

TEST_F(Locks, WhatWasChosenIsNamedAnewAfterARecordOfItsJob) {
    bench.slots = 1;
    const JobId id = bench.submit(R"({"nodes":[{"id":"a","run":["x"]},
        {"id":"b","run":["x"],"lock":"${{ job.status }}"}]})");
    const Job& job = *bench.state.find(id);
    choose_next(bench.state, true, bench.now);
    EXPECT_EQ(bench.state.exclusion.chosen.lock, "running");
    EXPECT_EQ(*lock_at_start(bench.state, job, 1), "running");
    AttemptReport report;
    report.job = id;
    report.instance = 0;
    report.fence = bench.running.front().fence;
    report.outcome = Outcome::failed;
    ASSERT_TRUE(bench.run(ReportAttempt{report, 7}, false));
    EXPECT_EQ(*lock_at_start(bench.state, job, 1), "failed");
}

TEST_F(Locks, WhyNamesTheAttemptThatHasTheLock) {
    const JobId a = bench.submit(locked_dag);
    bench.now.wall = bench.now.wall + seconds(1);
    const JobId b = bench.submit(locked_dag);
    ASSERT_THAT(why(b).waits, SizeIs(1));
    EXPECT_EQ(why(b).waits[0].cause, WaitCause::lock);
    EXPECT_EQ(why(b).waits[0].detail,
              "`db`: node n of job " + a.text() + " has it; it is the next one");
}

TEST_F(Locks, AStartKnowsFromTheRecordsWhoHoldsThem) {
    const JobId a = bench.submit(locked_dag);
    const JobId b = bench.submit(locked_dag);
    State again;
    for (const Record& record : bench.records) {
        ASSERT_TRUE(apply(again, record, bench));
    }
    again.queue.set_slots(4);
    rebuild_queue(again);
    bench.state = std::move(again);
    bench.dispatch_all();
    EXPECT_THAT(running(), ElementsAre(a));
    bench.end("n", Outcome::lost);
    EXPECT_THAT(running(), ElementsAre(b));
}

TEST_F(Locks, ManyThatWaitStandInNoQueue) {
    bench.slots = 2;
    bench.submit(locked_dag);
    bench.submit(R"({"limits":{"parallel":100000},"nodes":[{"id":"m","run":["x"],"lock":"db",
        "map":{"over":")" "${{ params.hosts }}" R"(","max_items":100000}}]})",
                 [] {
                     std::string hosts = R"({"params":{"hosts":[0)";
                     for (int i = 1; i < 20000; ++i) {
                         hosts += ",0";
                     }
                     return hosts + "]}}";
                 }());
    EXPECT_EQ(bench.state.ready_nodes, 0U);
    const JobId other = bench.submit(R"({"nodes":[{"id":"o","run":["x"]}]})");
    EXPECT_EQ(bench.running.back().job, other);
}

}  // namespace
}  // namespace attacca::core
