// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "core/decide.h"
#include "core/definition_for_test.h"

namespace attacca::core {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::string_view one_node = R"({"nodes":[{"id":"a","run":["x"]}]})";
constexpr std::string_view entity = "schedule/default/s";
constexpr std::int64_t minute = 60;

// A schedule that fires every ten minutes, and a clock that the test sets.
class ScheduleTest : public testing::Test {
  protected:
    void set(const std::string& rules) {
        const Json json = parse_json(rules).value();
        SetSchedule command{"default", "usr:test", "s", {}, definition_for_test(one_node)};
        Faults faults;
        ASSERT_TRUE(read_schedule_rules(Input(json, ""), command.spec, faults));
        command.spec.job_name = "job";
        bench.know(command.definition);
        ASSERT_TRUE(bench.run(command).has_value());
    }
    // Lets wall time pass without anybody there, then decides all that is due.
    void pass(std::int64_t length) {
        bench.now.wall = bench.now.wall + seconds(length);
        bench.now.mono = bench.now.mono + seconds(length);
        fire();
    }
    void fire() {
        for (std::size_t before = bench.records.size() + 1; before != bench.records.size();) {
            before = bench.records.size();
            (void)bench.run(FireSchedule{std::string(entity), utc, bench.next_id()});
        }
    }
    // `+10 started`, in minutes after the schedule was set.
    std::vector<std::string> fired() {
        std::vector<std::string> out;
        for (const ScheduleFired& one : bench.all<ScheduleFired>()) {
            const std::int64_t at = (one.nominal - start).us / 1'000'000 / minute;
            const std::string cause(name_of(one.cause));
            out.push_back("+" + std::to_string(at) + " " + std::string(name_of(one.outcome)) +
                          (one.cause == FireCause::due ? "" : " by " + cause));
        }
        return out;
    }
    const Schedule& schedule() { return *bench.state.registry.schedule(std::string(entity)); }

    BenchForTest bench;
    const WallTime start = bench.now.wall;
    std::shared_ptr<const Zone> utc = std::make_shared<const Zone>(utc_zone());
};

TEST_F(ScheduleTest, StartsOneJobForEachOccurrence) {
    set(R"({"every":"10m"})");
    pass(9 * minute);
    EXPECT_THAT(fired(), IsEmpty());
    pass(minute);
    bench.end("a");
    fire();
    pass(10 * minute);
    EXPECT_THAT(fired(), ElementsAre("+10 started", "+20 started"));
    EXPECT_EQ(bench.all<JobCreated>().size(), 2U);
    EXPECT_EQ(schedule().started, 2U);
}

TEST_F(ScheduleTest, TheJobSaysWhereItComesFrom) {
    set(R"({"every":"10m"})");
    pass(10 * minute);
    const JobCreated job = bench.all<JobCreated>().front();
    const Json details = parse_json(job.details.text).value();
    EXPECT_EQ(details.find("schedule")->as_string(), "s");
    EXPECT_EQ(details.find("nominal_at")->as_string(), rfc3339_ms(start + seconds(600)));
    EXPECT_EQ(bench.all<ScheduleFired>().front().job, bench.records.back().entity.job);
}

TEST_F(ScheduleTest, AClockThatIsSetBackFiresNothingTwice) {
    set(R"({"every":"10m","overlap":"allow"})");
    pass(10 * minute);
    bench.now.wall = start;
    fire();
    pass(10 * minute);
    EXPECT_THAT(fired(), ElementsAre("+10 started"));
    pass(10 * minute);
    EXPECT_THAT(fired(), ElementsAre("+10 started", "+20 started"));
}

TEST_F(ScheduleTest, SkipsWhileTheJobBeforeIsNotDone) {
    set(R"({"every":"10m"})");
    pass(10 * minute);
    pass(10 * minute);
    bench.end("a");
    pass(10 * minute);
    EXPECT_THAT(fired(), ElementsAre("+10 started", "+20 skipped", "+30 started"));
    EXPECT_EQ(schedule().skipped, 1U);
}

TEST_F(ScheduleTest, QueuesAndStartsInOrderAsJobsEnd) {
    set(R"({"every":"10m","overlap":"queue"})");
    pass(10 * minute);
    pass(10 * minute);
    pass(10 * minute);
    bench.end("a");
    fire();
    bench.end("a");
    fire();
    EXPECT_THAT(fired(), ElementsAre("+10 started", "+20 queued", "+30 queued",
                                     "+20 started by queue", "+30 started by queue"));
    EXPECT_THAT(schedule().queued, IsEmpty());
}

TEST_F(ScheduleTest, CancelsWhatRunsAndStartsAnew) {
    set(R"({"every":"10m","overlap":"cancel_running"})");
    pass(10 * minute);
    pass(10 * minute);
    EXPECT_THAT(fired(), ElementsAre("+10 started", "+20 started"));
    EXPECT_EQ(bench.all<CancelRequested>().size(), 1U);
    EXPECT_EQ(bench.stopped.size(), 1U);
    // What is being cancelled already is not cancelled again: that would stop its clean-up.
    pass(10 * minute);
    EXPECT_EQ(bench.all<CancelRequested>().size(), 2U);
}

TEST_F(ScheduleTest, AllowsJobsToRunTogether) {
    set(R"({"every":"10m","overlap":"allow"})");
    pass(10 * minute);
    pass(10 * minute);
    EXPECT_EQ(bench.running.size(), 2U);
}

TEST_F(ScheduleTest, WithoutCatchUpWhatWasMissedIsRecordedAndNotRun) {
    set(R"({"every":"10m"})");
    pass(35 * minute);
    EXPECT_THAT(fired(), IsEmpty());
    const ScheduleMissed missed = bench.all<ScheduleMissed>().front();
    EXPECT_EQ(missed.count, 3U);
    EXPECT_EQ(missed.first, start + seconds(10 * minute));
    EXPECT_EQ(missed.last, start + seconds(30 * minute));
    pass(5 * minute);
    EXPECT_THAT(fired(), ElementsAre("+40 started"));
}

TEST_F(ScheduleTest, OnceRunsTheLastOfWhatWasMissedWithinTheWindow) {
    set(R"({"every":"10m","catch_up":"1h"})");
    pass(35 * minute);
    EXPECT_THAT(fired(), ElementsAre("+30 started by catch_up"));
    EXPECT_EQ(schedule().missed, 2U);
}

TEST_F(ScheduleTest, OnceRunsNothingBeyondTheWindow) {
    set(R"({"cron":"0 0 * * *","catch_up":"1h"})");
    pass(2 * 86400 + 3 * 3600);
    EXPECT_THAT(fired(), IsEmpty());
    EXPECT_EQ(schedule().missed, 3U);
}

TEST_F(ScheduleTest, AllRunsEverythingWithinTheWindow) {
    set(R"({"every":"10m","overlap":"allow","catch_up":{"policy":"all","window":"25m"}})");
    pass(45 * minute);
    EXPECT_THAT(fired(), ElementsAre("+20 started by catch_up", "+30 started by catch_up",
                                     "+40 started by catch_up"));
    EXPECT_EQ(schedule().missed, 1U);
}

TEST_F(ScheduleTest, ALongAbsenceIsRecordedInPieces) {
    set(R"({"every":"1s"})");
    pass(250'000);
    std::uint64_t count = 0;
    for (const ScheduleMissed& missed : bench.all<ScheduleMissed>()) {
        count += missed.count;
    }
    EXPECT_EQ(bench.all<ScheduleMissed>().size(), 3U);
    EXPECT_EQ(count + bench.all<ScheduleFired>().size(), 250'000U);
}

TEST_F(ScheduleTest, APauseLetsOccurrencesPassWithoutRecord) {
    set(R"({"every":"10m","catch_up":{"policy":"all","window":"1d"}})");
    EXPECT_TRUE(
        bench.run(SwitchSchedule{"default", "u", "s", ScheduleSwitch::pause}).has_value());
    pass(60 * minute);
    EXPECT_TRUE(
        bench.run(SwitchSchedule{"default", "u", "s", ScheduleSwitch::resume}).has_value());
    fire();
    EXPECT_THAT(fired(), IsEmpty());
    pass(10 * minute);
    EXPECT_THAT(fired(), ElementsAre("+70 started"));
    EXPECT_EQ(schedule().missed, 0U);
}

TEST_F(ScheduleTest, TheSameSpecAgainIsNoRecord) {
    set(R"({"every":"10m"})");
    const std::size_t before = bench.records.size();
    set(R"({"every":"10m"})");
    EXPECT_EQ(bench.records.size(), before);
    set(R"({"every":"11m"})");
    EXPECT_EQ(bench.records.size(), before + 1);
}

TEST_F(ScheduleTest, ADeletedScheduleFiresNoMoreAndItsNameIsFree) {
    set(R"({"every":"10m"})");
    EXPECT_TRUE(
        bench.run(SwitchSchedule{"default", "u", "s", ScheduleSwitch::remove}).has_value());
    pass(60 * minute);
    EXPECT_THAT(fired(), IsEmpty());
    const Answer again =
        bench.run(SwitchSchedule{"default", "u", "s", ScheduleSwitch::remove});
    ASSERT_FALSE(again.has_value());
    EXPECT_EQ(again.error().problem, Problem::not_found);
    set(R"({"every":"10m"})");
    pass(10 * minute);
    EXPECT_THAT(fired(), ElementsAre("+70 started"));
}

TEST_F(ScheduleTest, AnotherTenantDoesNotSeeIt) {
    set(R"({"every":"10m"})");
    for (const Command& command :
         {Command{SwitchSchedule{"other", "u", "s", ScheduleSwitch::pause}},
          Command{TriggerSchedule{"other", "u", "s", bench.next_id()}},
          Command{BackfillSchedule{"other", "u", "s", 0, {{start, bench.next_id()}}}}}) {
        const Answer answer = bench.run(command);
        ASSERT_FALSE(answer.has_value());
        EXPECT_EQ(answer.error().problem, Problem::not_found);
    }
}

TEST_F(ScheduleTest, ATriggerStartsAJobWhateverTheRulesSay) {
    set(R"({"every":"10m"})");
    pass(10 * minute);
    EXPECT_TRUE(bench.run(TriggerSchedule{"default", "u", "s", bench.next_id()}).has_value());
    EXPECT_EQ(bench.running.size(), 2U);
    EXPECT_EQ(schedule().decided_to, start + seconds(10 * minute));
}

TEST_F(ScheduleTest, ABackfillStartsWhatTheScheduleHasDecidedAbout) {
    set(R"({"every":"10m","overlap":"skip"})");
    pass(35 * minute);
    const std::uint64_t eseq = bench.state.entity_eseq.at(std::string(entity)) - 1;
    const WallTime nominal = start + seconds(20 * minute);
    const Answer early = bench.run(BackfillSchedule{
        "default", "u", "s", eseq, {{start + seconds(40 * minute), bench.next_id()}}});
    ASSERT_FALSE(early.has_value());
    EXPECT_EQ(early.error().problem, Problem::out_of_range);
    EXPECT_TRUE(bench.run(BackfillSchedule{"default", "u", "s", eseq, {{nominal, bench.next_id()}}})
                    .has_value());
    EXPECT_THAT(fired(), ElementsAre("+20 started by backfill"));
    // Whoever looked before that record does not know of it.
    const Answer late = bench.run(
        BackfillSchedule{"default", "u", "s", eseq, {{nominal, bench.next_id()}}});
    ASSERT_FALSE(late.has_value());
    EXPECT_EQ(late.error().problem, Problem::changed_meanwhile);
}

// Limits that are reached are an answer of their own kind, and no job is made.
TEST_F(ScheduleTest, AnOccurrenceBeyondTheLimitsOfItsTenantIsRefused) {
    set(R"({"every":"10m","overlap":"allow"})");
    TenantSettings settings;
    settings.jobs_per_day = 1;
    ASSERT_TRUE(bench.run(SetTenant{"default", "u", settings}).has_value());
    pass(10 * minute);
    pass(10 * minute);
    EXPECT_THAT(fired(), ElementsAre("+10 started", "+20 refused"));
    EXPECT_EQ(bench.all<JobCreated>().size(), 1U);
    EXPECT_FALSE(schedule().last->job.has_value());
    const std::size_t before = bench.records.size();
    const Answer triggered =
        bench.run(TriggerSchedule{"default", "u", "s", bench.next_id()});
    ASSERT_TRUE(triggered.has_value());
    EXPECT_TRUE(std::holds_alternative<Throttled>(*triggered));
    EXPECT_EQ(bench.records.size(), before);
}

TEST_F(ScheduleTest, AOneOffInThePastIsRefused) {
    SetSchedule command{"default", "u", "s", {}, definition_for_test(one_node)};
    command.spec.timing.kind = TimingKind::once;
    command.spec.timing.at = start;
    const Answer answer = bench.run(command);
    ASSERT_FALSE(answer.has_value());
    EXPECT_EQ(answer.error().problem, Problem::out_of_range);
    EXPECT_EQ(answer.error().fields.front().pointer, "/at");
    EXPECT_THAT(bench.records, IsEmpty());
}

}  // namespace
}  // namespace attacca::core
