// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <string>

#include "core/decide.h"
#include "core/definition_for_test.h"
#include "core/schedule_job.h"

namespace attacca::core {
namespace {

constexpr std::string_view first = R"({"nodes":[{"id":"a","run":["x"]}]})";
constexpr std::string_view second = R"({"nodes":[{"id":"b","run":["y"]}]})";
constexpr std::string_view with_param =
    R"({"params":{"p":{"type":"string","required":true}},"nodes":[{"id":"a","run":["x"]}]})";

constexpr std::string_view with_other =
    R"({"params":{"q":{"default":"x"}},"nodes":[{"id":"a","run":["x"]}]})";

class WorkflowTest : public testing::Test {
  protected:
    Answer apply(std::string_view dag, std::vector<std::string> crons = {},
                 std::string details = R"({"labels":{"a":"b"},"priority":"low"})") {
        ApplyWorkflow command{"default", "u", "w", definition_for_test(dag), std::move(details),
                              {}};
        for (const std::string& cron : crons) {
            ScheduleSpec spec;
            spec.timing.cron = cron;
            spec.timing.fields = parse_cron(cron).value();
            command.triggers.push_back(spec);
        }
        bench.know(command.definition);
        return bench.run(command);
    }
    const Workflow& workflow() {
        return *bench.state.registry.workflow(workflow_entity("default", "w"));
    }
    const Schedule* schedule(const std::string& name) {
        const Schedule* found = bench.state.registry.schedule(schedule_entity("default", name));
        return found == nullptr || found->is_deleted ? nullptr : found;
    }

    BenchForTest bench;
};

TEST_F(WorkflowTest, AnotherContentIsAnotherVersionAndTheSameIsNone) {
    EXPECT_TRUE(apply(first).has_value());
    EXPECT_TRUE(apply(first).has_value());
    EXPECT_EQ(bench.all<WorkflowApplied>().size(), 1U);
    EXPECT_TRUE(apply(second).has_value());
    EXPECT_TRUE(apply(first).has_value());
    EXPECT_EQ(workflow().versions.size(), 3U);
    EXPECT_EQ(workflow().newest().version, 3U);
    EXPECT_EQ(workflow().versions[0].definition, workflow().versions[2].definition);
    EXPECT_TRUE(apply(first, {}, "{}").has_value());
    EXPECT_EQ(workflow().newest().version, 4U);
}

TEST_F(WorkflowTest, ItsTriggersAreSchedulesThatComeAndGoWithIt) {
    EXPECT_TRUE(apply(first, {"@daily", "@hourly"}).has_value());
    ASSERT_NE(schedule("w"), nullptr);
    ASSERT_NE(schedule("w-2"), nullptr);
    EXPECT_TRUE(schedule("w-2")->spec.is_trigger);
    EXPECT_TRUE(apply(second, {"@daily"}).has_value());
    EXPECT_NE(schedule("w"), nullptr);
    EXPECT_EQ(schedule("w-2"), nullptr);
    const Answer removed =
        bench.run(SwitchSchedule{"default", "u", "w", ScheduleSwitch::remove});
    ASSERT_FALSE(removed.has_value());
    EXPECT_EQ(removed.error().problem, Problem::changed_meanwhile);
    EXPECT_TRUE(bench.run(SwitchSchedule{"default", "u", "w", ScheduleSwitch::pause}).has_value());
}

TEST_F(WorkflowTest, ATriggerTakesNobodysName) {
    SetSchedule other{"default", "u", "w", {}, definition_for_test(first)};
    other.spec.timing.cron = "@daily";
    other.spec.timing.fields = parse_cron("@daily").value();
    other.spec.job_name = "x";
    bench.know(other.definition);
    EXPECT_TRUE(bench.run(other).has_value());
    const std::size_t before = bench.records.size();
    const Answer answer = apply(first, {"@hourly"});
    ASSERT_FALSE(answer.has_value());
    EXPECT_EQ(answer.error().fields.front().pointer, "/triggers/schedule/0");
    EXPECT_EQ(bench.records.size(), before) << "nothing of it was applied";
}

TEST_F(WorkflowTest, ATriggerNeedsParametersThatAllHaveDefaults) {
    const Answer answer = apply(with_param, {"@daily"});
    ASSERT_FALSE(answer.has_value());
    EXPECT_EQ(answer.error().problem, Problem::missing_field);
    EXPECT_TRUE(apply(with_param).has_value());
}

TEST_F(WorkflowTest, AScheduleStartsTheNewestVersionWithItsParameters) {
    EXPECT_TRUE(apply(with_param).has_value());
    SetSchedule set{"default", "u", "s", {}, nullptr};
    set.spec.timing.kind = TimingKind::interval;
    set.spec.timing.every = seconds(60);
    set.spec.workflow = "w";
    const Answer missing = bench.run(set);
    ASSERT_FALSE(missing.has_value());
    EXPECT_EQ(missing.error().problem, Problem::missing_field);
    set.spec.params = R"({"p":"v"})";
    EXPECT_TRUE(bench.run(set).has_value());
    EXPECT_TRUE(apply(with_other).has_value());
    bench.now.wall = bench.now.wall + seconds(60);
    const auto utc = std::make_shared<const Zone>(utc_zone());
    (void)bench.run(FireSchedule{schedule_entity("default", "s"), utc, bench.next_id()});
    // The newest version knows no such parameter: the occurrence is refused, and says why.
    ASSERT_EQ(bench.all<ScheduleFired>().size(), 1U);
    EXPECT_EQ(bench.all<ScheduleFired>()[0].outcome, FireOutcome::refused);
    EXPECT_FALSE(bench.all<ScheduleFired>()[0].why.empty());
    EXPECT_TRUE(apply(with_param).has_value());
    bench.now.wall = bench.now.wall + seconds(60);
    (void)bench.run(FireSchedule{schedule_entity("default", "s"), utc, bench.next_id()});
    ASSERT_EQ(bench.all<JobCreated>().size(), 1U);
    const JobCreated job = bench.all<JobCreated>()[0];
    EXPECT_EQ(job.definition, workflow().newest().definition);
    EXPECT_EQ(job.priority, Priority::low);
    const Json details = parse_json(job.details.text).value();
    EXPECT_EQ(details.find("workflow_version")->as_integer(), 3);
    EXPECT_EQ(details.find("params")->find("p")->as_string(), "v");
    EXPECT_EQ(details.find("labels")->find("a")->as_string(), "b");
}

TEST_F(WorkflowTest, ADisabledOneStartsNothing) {
    EXPECT_TRUE(apply(first).has_value());
    EXPECT_TRUE(bench.run(SwitchWorkflow{"default", "u", "w", false}).has_value());
    EXPECT_TRUE(bench.run(SwitchWorkflow{"default", "u", "w", false}).has_value());
    EXPECT_EQ(bench.all<WorkflowDisabled>().size(), 1U);
    const Result<NewJob> job = job_of_workflow(workflow(), Json::object(), Json::object());
    ASSERT_FALSE(job.has_value());
    EXPECT_EQ(job.error().problem, Problem::is_disabled);
    EXPECT_TRUE(bench.run(SwitchWorkflow{"default", "u", "w", true}).has_value());
    EXPECT_TRUE(job_of_workflow(workflow(), Json::object(), Json::object()).has_value());
}

TEST_F(WorkflowTest, AnUnknownOneIsNotFound) {
    EXPECT_EQ(bench.run(SwitchWorkflow{"default", "u", "none", false}).error().problem,
              Problem::not_found);
    SetSchedule set{"default", "u", "s", {}, nullptr};
    set.spec.timing.kind = TimingKind::interval;
    set.spec.timing.every = seconds(60);
    set.spec.workflow = "none";
    EXPECT_EQ(bench.run(set).error().fields.front().pointer, "/workflow");
}

}  // namespace
}  // namespace attacca::core
