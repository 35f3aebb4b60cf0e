// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/digest.h"
#include "core/definition_for_test.h"

namespace attacca::core {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr std::string_view keyed_dag =
    R"({"limits":{"concurrency_key":"prod"},"nodes":[{"id":"n","run":["x"]}]})";
constexpr std::string_view by_param_dag =
    R"({"limits":{"concurrency_key":"${{ params.to }}"},"nodes":[{"id":"n","run":["x"]}]})";

class Turn : public testing::Test {
  protected:
    [[nodiscard]] std::vector<JobId> running() const {
        std::vector<JobId> jobs;
        for (const AttemptSpec& spec : bench.running) {
            jobs.push_back(spec.job);
        }
        return jobs;
    }
    Explanation why(const JobId& id) {
        return std::get<Explanation>(*bench.run(ExplainJob{id, "default", 10}, false));
    }
    Answer submit_with(std::string_view dag, std::string details, std::string tenant = "default") {
        NewJob job;
        job.id = bench.next_id();
        job.definition = definition_for_test(dag);
        job.name = "made";
        job.details = std::move(details);
        bench.know(job.definition);
        return bench.run(SubmitJobs{std::move(tenant), "usr:1", {job}, {}});
    }
    // All that may start does, in the order in which they start.
    std::vector<JobId> run_out() {
        std::vector<JobId> order;
        while (!bench.running.empty()) {
            order.push_back(bench.running.front().job);
            bench.end("n");
        }
        return order;
    }

    BenchForTest bench;
};

TEST_F(Turn, OneJobOfAKeyRunsAndTheOthersFollowInTheOrderInWhichTheyCame) {
    const JobId a = bench.submit(keyed_dag);
    const JobId b = bench.submit(keyed_dag);
    const JobId c = bench.submit(keyed_dag);
    EXPECT_THAT(running(), ElementsAre(a));
    EXPECT_EQ(bench.state.ready_nodes, 0U);  // who waits stands in no queue
    EXPECT_THAT(run_out(), ElementsAre(a, b, c));
    EXPECT_THAT(bench.state.exclusion.keys, SizeIs(0));
    EXPECT_EQ(bench.all<JobCreated>().at(2).concurrency_key, "prod");
}

TEST_F(Turn, TheKeyIsHeldUntilTheJobEndsAndNotOnlyWhileAnAttemptRuns) {
    const JobId a = bench.submit(R"({"limits":{"concurrency_key":"prod"},"nodes":[
        {"id":"n","run":["x"]},{"id":"w","wait":{"for":"1h"},"needs":["n"]}]})");
    const JobId b = bench.submit(keyed_dag);
    bench.end("n");
    EXPECT_THAT(bench.running, IsEmpty());
    ASSERT_TRUE(bench.run(PauseJob{a, "default", "usr:1"}));
    EXPECT_THAT(bench.running, IsEmpty());
    ASSERT_TRUE(bench.run(CancelJob{a, "default", "usr:1"}));
    EXPECT_THAT(running(), ElementsAre(b));
}

TEST_F(Turn, KeysOfOtherTenantsAndOtherKeysAreApart) {
    ASSERT_TRUE(bench.run(SetTenant{"blue", "usr:1", {}}));
    ASSERT_TRUE(submit_with(by_param_dag, R"({"params":{"to":"x"}})"));
    ASSERT_TRUE(submit_with(by_param_dag, R"({"params":{"to":"y"}})"));
    ASSERT_TRUE(submit_with(by_param_dag, R"({"params":{"to":"x"}})", "blue"));
    EXPECT_THAT(bench.running, SizeIs(3));
    ASSERT_TRUE(submit_with(by_param_dag, R"({"params":{"to":"x"}})"));
    EXPECT_THAT(bench.running, SizeIs(3));
}

TEST_F(Turn, AListIsAKeyAndALongOneIsNamedByItsHash) {
    ASSERT_TRUE(submit_with(by_param_dag, R"({"params":{"to":["a","b"]}})"));
    EXPECT_EQ(bench.all<JobCreated>().back().concurrency_key, R"(["a","b"])");
    const std::string text(201, 'x');
    ASSERT_TRUE(submit_with(by_param_dag, R"({"params":{"to":")" + text + R"("}})"));
    EXPECT_EQ(bench.all<JobCreated>().back().concurrency_key, "sha256:" + hex(sha256(text)));
}

TEST_F(Turn, AnEmptyKeyIsRefusedAndChangesNothing) {
    for (const char* details : {R"({"params":{"to":""}})", R"({"params":{}})", ""}) {
        const Answer answer = submit_with(by_param_dag, details);
        ASSERT_FALSE(answer);
        EXPECT_EQ(answer.error().problem, Problem::invalid_value);
        EXPECT_THAT(answer.error().detail, HasSubstr("limits.concurrency_key"));
    }
    EXPECT_THAT(bench.records, IsEmpty());
    EXPECT_THAT(bench.state.slot_of, IsEmpty());
}

TEST_F(Turn, AJobThatIsCancelledInLineLeavesIt) {
    const JobId a = bench.submit(keyed_dag);
    const JobId b = bench.submit(keyed_dag);
    const JobId c = bench.submit(keyed_dag);
    ASSERT_TRUE(bench.run(CancelJob{b, "default", "usr:1"}));
    EXPECT_TRUE(bench.end_of(b));
    EXPECT_THAT(run_out(), ElementsAre(a, c));
}

TEST_F(Turn, ATurnThatIsNotTakenUpGoesToTheNext) {
    bench.slots = 0;
    const JobId a = bench.submit(keyed_dag);
    const JobId b = bench.submit(keyed_dag);
    ASSERT_TRUE(bench.run(CancelJob{a, "default", "usr:1"}));
    bench.slots = 1;
    bench.dispatch_all();
    EXPECT_THAT(running(), ElementsAre(b));
}

TEST_F(Turn, AJobForALaterTimeComesInLineAtThat) {
    NewJob later;
    later.id = bench.next_id();
    later.definition = definition_for_test(keyed_dag);
    later.scheduled_at = bench.now.wall + seconds(60);
    bench.know(later.definition);
    ASSERT_TRUE(bench.run(SubmitJobs{"default", "usr:1", {later}, {}}));
    const JobId a = bench.submit(keyed_dag);
    EXPECT_THAT(running(), ElementsAre(a));
    bench.fire(FireTimer::Kind::job_start);
    EXPECT_THAT(running(), ElementsAre(a));
    const JobId b = bench.submit(keyed_dag);
    EXPECT_THAT(run_out(), ElementsAre(a, later.id, b));
}

TEST_F(Turn, WhyNamesTheJobThatHasTheKeyAndHowManyWaitBefore) {
    const JobId a = bench.submit(keyed_dag);
    const JobId b = bench.submit(keyed_dag);
    const JobId c = bench.submit(keyed_dag);
    EXPECT_THAT(why(a).waits, IsEmpty());
    ASSERT_THAT(why(b).waits, SizeIs(1));
    EXPECT_EQ(why(b).waits[0].cause, WaitCause::concurrency_key);
    EXPECT_EQ(why(b).waits[0].detail,
              "job " + a.text() + " has the key `prod`; it is the next one");
    EXPECT_THAT(why(c).waits.at(0).detail, HasSubstr("1 waits before it"));
}

TEST_F(Turn, ARetryOfAJobHasTheKeyOfItsOwnParameters) {
    const JobId a = bench.submit(keyed_dag);
    bench.end("n", Outcome::failed);
    ASSERT_TRUE(bench.end_of(a));
    NewJob again;
    again.id = bench.next_id();
    again.definition = definition_for_test(keyed_dag);
    again.retry_of = a;
    ASSERT_TRUE(bench.run(SubmitJobs{"default", "usr:1", {again}, {}}));
    EXPECT_THAT(running(), ElementsAre(again.id));
}

TEST_F(Turn, AChildWithTheKeyOfAJobThatWaitsForItFailsAtOnce) {
    const JobId a = bench.submit(R"({"limits":{"concurrency_key":"prod"},"nodes":[{"id":"c",
        "job":{"definition":{"limits":{"concurrency_key":"prod"},
                             "nodes":[{"id":"n","noop":true}]}}}]})");
    ASSERT_TRUE(bench.end_of(a));
    EXPECT_EQ(bench.end_of(a)->reason, JobReason::node_failed);
    EXPECT_THAT(bench.all<AttemptEnded>().at(0).detail, HasSubstr("has the key `prod` itself"));
    EXPECT_THAT(bench.state.exclusion.keys, SizeIs(0));
}

TEST_F(Turn, AChildThatItsParentsPauseHoldsIsNotInLine) {
    const JobId other = bench.submit(keyed_dag);
    const JobId parent = bench.submit(R"({"nodes":[{"id":"c","job":{"definition":{
        "limits":{"concurrency_key":"prod"},"nodes":[{"id":"n","run":["x"]}]}}}]})");
    const JobId last = bench.submit(keyed_dag);
    ASSERT_TRUE(bench.run(PauseJob{parent, "default", "usr:1"}));
    bench.end("n");
    EXPECT_THAT(running(), ElementsAre(last));
    ASSERT_TRUE(bench.run(ResumeJob{parent, "default", "usr:1"}));
    EXPECT_THAT(running(), ElementsAre(last));
    bench.end("n");
    EXPECT_THAT(bench.running, SizeIs(1));
    bench.end("n");
    EXPECT_TRUE(bench.end_of(parent));
    EXPECT_TRUE(bench.end_of(other));
}

TEST_F(Turn, AStartMakesTheSameLineFromTheRecords) {
    const JobId a = bench.submit(keyed_dag);
    const JobId b = bench.submit(keyed_dag);
    bench.now.wall = bench.now.wall + seconds(1);
    const JobId c = bench.submit(keyed_dag);
    State again;
    for (const Record& record : bench.records) {
        ASSERT_TRUE(apply(again, record, bench));
    }
    again.queue.set_slots(4);
    rebuild_queue(again);
    EXPECT_FALSE(again.find(a)->waits_for_turn);
    EXPECT_TRUE(again.find(b)->waits_for_turn);
    EXPECT_EQ(again.ready_nodes, 0U);
    bench.state = std::move(again);
    EXPECT_THAT(run_out(), ElementsAre(a, b, c));
}

}  // namespace
}  // namespace attacca::core
