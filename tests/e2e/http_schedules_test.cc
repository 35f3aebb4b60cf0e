// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "e2e/http_harness.h"

namespace attacca::e2e {
namespace {

using testing::HasSubstr;
using testing::Not;

const std::string schedules = "/api/v1/schedules";
const std::string workflows = "/api/v1/workflows";
const std::string noop_job =
    R"("job":{"name":"tick","dag_definition":{"nodes":[{"id":"a","type":"noop"}]}})";

std::int64_t number_in(const Json& json, std::string_view key) {
    const Json* value = json.find(key);
    return value == nullptr || !value->is_integer() ? -1 : value->as_integer();
}

// `status slug pointer` of a problem document.
std::string problem_of(const RawAnswer& answer) {
    const Json json = body_of(answer);
    const Json* errors = json.find("errors");
    std::string pointer;
    if (errors != nullptr && !errors->as_array().empty()) {
        pointer = text(errors->as_array()[0], "pointer");
        pointer = pointer.empty() ? pointer : " " + pointer;
    }
    return std::to_string(answer.status) + " " + text(json, "code") + pointer;
}

std::string file_of(const std::string& command, const std::string& more = {}) {
    return R"({"attacca":"v1","name":"w","params":{"p":{"default":"x"}},"nodes":{"a":{"run":[")" +
           command + R"("]}})" + more + "}";
}

TEST(HttpSchedules, AScheduleIsSetShownAndDeleted) {
    HttpHarness harness;
    ApiClient client(harness);
    const RawAnswer set = client.put(
        schedules + "/nightly",
        R"({"cron":"30 2 * * *","timezone":"Europe/Berlin","catch_up":"6h",)" + noop_job + "}");
    ASSERT_EQ(set.status, 200) << set.body;
    const Json shown = body_of(client.get(schedules + "/nightly"));
    EXPECT_EQ(text(shown, "cron"), "30 2 * * *");
    EXPECT_EQ(text(shown, "overlap"), "skip");
    EXPECT_EQ(shown.find("catch_up")->text(), R"({"policy":"once","window":"6h"})");
    EXPECT_EQ(text(*shown.find("job"), "name"), "tick");
    EXPECT_FALSE(text(shown, "next_at").empty());
    EXPECT_EQ(body_of(client.get(schedules)).find("items")->as_array().size(), 1U);
    EXPECT_EQ(client.remove(schedules + "/nightly").status, 204);
    EXPECT_EQ(client.get(schedules + "/nightly").status, 404);
    EXPECT_EQ(client.remove(schedules + "/nightly").status, 404);
    EXPECT_TRUE(body_of(client.get(schedules)).find("items")->as_array().empty());
}

TEST(HttpSchedules, TheNextTimesAreToldInBothZones) {
    HttpHarness harness;
    ApiClient client(harness);
    client.put(schedules + "/s",
               R"({"cron":"30 2 * * *","timezone":"Europe/Berlin",)" + noop_job + "}");
    const Json page = body_of(
        client.get(schedules + "/s/next?count=3&after=2030-03-30T12:00:00Z"));
    const Json::Array& items = page.find("items")->as_array();
    ASSERT_EQ(items.size(), 3U);
    EXPECT_EQ(text(items[0], "at"), "2030-03-31T01:00:00.000Z");
    EXPECT_EQ(text(items[0], "local"), "2030-03-31T03:00:00+02:00");
    EXPECT_EQ(text(items[1], "local"), "2030-04-01T02:30:00+02:00");
    EXPECT_EQ(body_of(client.get(schedules + "/s/next")).find("items")->as_array().size(), 10U);
    EXPECT_EQ(client.get(schedules + "/s/next?count=0").status, 422);
}

TEST(HttpSchedules, WhatIsWrongIsNamedWithItsPlaceAndChangesNothing) {
    HttpHarness harness;
    ApiClient client(harness);
    const auto refused = [&](const std::string& rules) {
        return problem_of(client.put(schedules + "/s", "{" + rules + "}"));
    };
    EXPECT_EQ(refused(R"("cron":"61 * * * *",)" + noop_job), "422 cron-invalid /cron");
    EXPECT_EQ(refused(R"("cron":"0 0 30 2 *",)" + noop_job), "422 cron-never-fires /cron");
    EXPECT_EQ(refused(R"("cron":"@daily","timezone":"Mars/Base",)" + noop_job),
              "422 unknown-zone /timezone");
    EXPECT_EQ(refused(R"("cron":"@daily","timezone":"../../etc/passwd",)" + noop_job),
              "422 unknown-zone /timezone");
    EXPECT_EQ(refused(R"("at":"2020-01-01T00:00:00Z",)" + noop_job), "422 out-of-range /at");
    EXPECT_EQ(refused(R"("cron":"@daily")"), "422 missing-field");
    EXPECT_EQ(refused(R"("cron":"@daily","workflow":"none")"), "422 invalid-value /workflow");
    EXPECT_EQ(refused(R"("cron":"@daily","more":1,)" + noop_job), "422 unknown-field /more");
    EXPECT_EQ(refused(R"("cron":"@daily","job":{"name":"x","dag_definition":{"nodes":[]}})"),
              "422 dag-empty /job/dag_definition/nodes");
    EXPECT_EQ(problem_of(client.put(schedules + "/Bad", R"({"cron":"@daily",)" + noop_job + "}")),
              "422 invalid-value");
    EXPECT_EQ(client.put(schedules + "/s", "{").status, 400);
    EXPECT_EQ(client.get(schedules + "/s").status, 404);
}

TEST(HttpSchedules, AnIntervalStartsJobsThatSayWhereTheyComeFrom) {
    HttpHarness harness;
    ApiClient client(harness);
    client.put(schedules + "/s", R"({"every":"1s",)" + noop_job + "}");
    Json shown;
    while (number_in(shown, "started") < 2) {
        shown = body_of(client.get(schedules + "/s"));
    }
    const std::string id = text(*shown.find("last"), "job");
    const Json job = client.wait_for(id, "completed");
    EXPECT_EQ(text(job, "schedule"), "s");
    EXPECT_EQ(text(job, "nominal_at"), text(*shown.find("last"), "nominal_at"));
}

TEST(HttpSchedules, APausedScheduleStartsNothingUnlessTriggered) {
    HttpHarness harness;
    ApiClient client(harness);
    client.put(schedules + "/s", R"({"cron":"@yearly",)" + noop_job + "}");
    EXPECT_EQ(*body_of(client.post(schedules + "/s/pause", "")).find("paused"), Json(true));
    EXPECT_EQ(body_of(client.get(schedules + "/s")).find("next_at"), nullptr);
    const RawAnswer triggered = client.post(schedules + "/s/trigger", "");
    ASSERT_EQ(triggered.status, 202);
    client.wait_for(text(body_of(triggered), "id"), "completed");
    EXPECT_EQ(*body_of(client.post(schedules + "/s/resume", "")).find("paused"), Json(false));
    EXPECT_EQ(client.post(schedules + "/none/trigger", "").status, 404);
}

TEST(HttpSchedules, ABackfillIsShownFirstAndStartsEachOccurrenceOnce) {
    HttpHarness harness;
    ApiClient client(harness);
    client.put(schedules + "/s", R"({"cron":"0 6 * * *",)" + noop_job + "}");
    const std::string range =
        R"("from":"2026-01-01T00:00:00Z","to":"2026-01-04T00:00:00Z")";
    const RawAnswer preview =
        client.post(schedules + "/s/backfill", "{" + range + R"(,"dry_run":true})");
    EXPECT_EQ(preview.status, 200);
    EXPECT_EQ(number_in(body_of(preview), "to_start"), 3);
    EXPECT_EQ(number_in(body_of(client.get(schedules + "/s")), "started"), 0);
    const RawAnswer filled = client.post(schedules + "/s/backfill", "{" + range + "}");
    ASSERT_EQ(filled.status, 202) << filled.body;
    EXPECT_EQ(body_of(filled).find("ids")->as_array().size(), 3U);
    const Json again = body_of(client.post(schedules + "/s/backfill", "{" + range + "}"));
    EXPECT_EQ(number_in(again, "to_start"), 0);
    EXPECT_EQ(number_in(again, "started_before"), 3);
    EXPECT_EQ(number_in(body_of(client.get(schedules + "/s")), "started"), 3);
}

TEST(HttpSchedules, ABackfillOfTooManyOrOfTheFutureIsRefused) {
    HttpHarness harness;
    ApiClient client(harness);
    client.put(schedules + "/s", R"({"cron":"* * * * *",)" + noop_job + "}");
    const auto refused = [&](const std::string& range) {
        return problem_of(client.post(schedules + "/s/backfill", "{" + range + "}"));
    };
    EXPECT_EQ(refused(R"("from":"2026-01-01T00:00:00Z","to":"2026-01-02T00:00:00Z")"),
              "422 too-many");
    EXPECT_EQ(refused(R"("from":"2026-01-01T00:00:00Z","to":"9000-01-02T00:00:00Z")"),
              "422 out-of-range /to");
    EXPECT_EQ(refused(R"("from":"2026-01-02T00:00:00Z","to":"2026-01-01T00:00:00Z")"),
              "422 out-of-range /to");
    EXPECT_EQ(refused(R"("from":"2026-01-02T00:00:00Z")"), "422 missing-field");
    EXPECT_EQ(number_in(body_of(client.get(schedules + "/s")), "started"), 0);
}

TEST(HttpSchedules, NothingIsStartedBeyondTheLimitsOfTheTenant) {
    HttpHarness harness;
    ApiClient client(harness);
    client.put(schedules + "/s",
               R"({"every":"365d","from":"2020-01-01T00:00:00Z",)" + noop_job + "}");
    ASSERT_LE(client.put("/api/v1/tenants/default", R"({"quota":{"jobs_per_day":1}})").status, 201);
    EXPECT_EQ(client.post(schedules + "/s/trigger", "").status, 202);
    EXPECT_EQ(problem_of(client.post(schedules + "/s/trigger", "")), "429 rate-limited");
    EXPECT_EQ(problem_of(client.post(
                  schedules + "/s/backfill",
                  R"({"from":"2020-01-01T00:00:00Z","to":"2020-01-02T00:00:00Z"})")),
              "429 rate-limited");
    EXPECT_EQ(number_in(body_of(client.get(schedules + "/s")), "started"), 1);
}

TEST(HttpSchedules, AnotherTenantSeesNoneOfThem) {
    HttpHarness harness;
    ApiClient client(harness);
    client.put(schedules + "/s", R"({"cron":"@yearly",)" + noop_job + "}");
    client.put(workflows + "/w", file_of("one"));
    ASSERT_EQ(client.put("/api/v1/tenants/other", R"({"weight":1})").status, 201);
    const std::string other = "X-Tenant-Id: other\r\n";
    EXPECT_EQ(client.get(schedules + "/s", other).status, 404);
    EXPECT_EQ(client.post(schedules + "/s/trigger", "", other).status, 404);
    EXPECT_EQ(client.get(workflows + "/w", other).status, 404);
    EXPECT_EQ(client.post(workflows + "/w/start", "{}", other).status, 404);
    EXPECT_THAT(client.get(schedules, other).body, HasSubstr(R"("items":[])"));
    EXPECT_THAT(client.get(workflows, other).body, HasSubstr(R"("items":[])"));
}

TEST(HttpWorkflows, TheSameContentIsTheSameVersion) {
    HttpHarness harness;
    ApiClient client(harness);
    const RawAnswer first = client.put(workflows + "/w", file_of("one"));
    ASSERT_EQ(first.status, 200) << first.body;
    EXPECT_EQ(number_in(body_of(first), "version"), 1);
    EXPECT_EQ(number_in(body_of(client.put(workflows + "/w", file_of("one"))), "version"), 1);
    EXPECT_EQ(number_in(body_of(client.put(workflows + "/w", file_of("two"))), "version"), 2);
    EXPECT_EQ(body_of(client.get(workflows)).find("items")->as_array().size(), 1U);
    EXPECT_EQ(
        body_of(client.get(workflows + "/w/versions")).find("items")->as_array().size(), 2U);
    EXPECT_THAT(client.get(workflows + "/w?version=1").body, HasSubstr(R"("one")"));
    EXPECT_THAT(client.get(workflows + "/w").body, HasSubstr(R"("two")"));
    EXPECT_EQ(client.get(workflows + "/w?version=3").status, 404);
    const Json diff = body_of(client.get(workflows + "/w/diff"));
    EXPECT_EQ(diff.find("changes")->text(),
              R"([{"pointer":"/dag_definition/nodes/a/run/0","from":"one","to":"two"}])");
}

TEST(HttpWorkflows, AJobKeepsTheVersionThatItStartedWith) {
    HttpHarness harness;
    ApiClient client(harness);
    client.put(workflows + "/w", file_of("one"));
    const RawAnswer started =
        client.post(workflows + "/w/start", R"({"params":{"p":"given"}})");
    ASSERT_EQ(started.status, 202) << started.body;
    const std::string id = text(body_of(started), "id");
    client.put(workflows + "/w", file_of("two"));
    const core::AttemptSpec spec = harness.runner->held.wait_for_start(1);
    EXPECT_THAT(client.get(api + "/jobs/" + id + "/definition").body, HasSubstr("one"));
    harness.end(spec);
    const Json job = client.wait_for(id, "completed");
    EXPECT_EQ(text(job, "workflow"), "w");
    EXPECT_EQ(number_in(job, "workflow_version"), 1);
    EXPECT_EQ(text(*job.find("params"), "p"), "given");
    const RawAnswer older = client.post(workflows + "/w/start", R"({"version":1})");
    EXPECT_EQ(number_in(body_of(older), "workflow_version"), 1);
    EXPECT_EQ(problem_of(client.post(workflows + "/w/start", R"({"params":{"q":1}})")),
              "422 unknown-field /params/q");
}

TEST(HttpWorkflows, ANodeRunsOneAsAChildAndKeepsItsVersion) {
    HttpHarness harness;
    ApiClient client(harness);
    client.put(workflows + "/w", file_of("one"));
    const auto with = [](const std::string& job) {
        return R"({"name":"p","dag_definition":{"nodes":[{"id":"sub","job":)" + job + "}]}}";
    };
    const RawAnswer parent =
        client.post(api + "/job", with(R"({"workflow":"w","params":{"p":"given"}})"));
    ASSERT_EQ(parent.status, 202) << parent.body;
    client.put(workflows + "/w", file_of("two"));
    const core::AttemptSpec spec = harness.runner->held.wait_for_start(1);
    EXPECT_THAT(spec.argv, testing::ElementsAre("one"));
    harness.end(spec);
    client.wait_for(text(body_of(parent), "id"), "completed");
    const Json child = client.wait_for(spec.job.text(), "completed");
    EXPECT_EQ(text(child, "workflow"), "w");
    EXPECT_EQ(number_in(child, "workflow_version"), 1);
    EXPECT_EQ(text(*child.find("params"), "p"), "given");

    EXPECT_EQ(problem_of(client.post(api + "/job", with(R"({"workflow":"none"})"))),
              "422 invalid-value /dag_definition/nodes/0/job/workflow");
    EXPECT_EQ(problem_of(client.post(api + "/job", with(R"({"workflow":"w","version":3})"))),
              "422 invalid-value /dag_definition/nodes/0/job/version");
    ASSERT_EQ(client.put("/api/v1/tenants/other", R"({"weight":1})").status, 201);
    const std::string other = "X-Tenant-Id: other\r\n";
    EXPECT_EQ(client.post(api + "/job", with(R"({"workflow":"w"})"), other).status, 422);
    client.post(workflows + "/w/disable", "");
    EXPECT_EQ(problem_of(client.post(api + "/job", with(R"({"workflow":"w"})"))),
              "422 invalid-value /dag_definition/nodes/0/job/workflow");
}

TEST(HttpWorkflows, AKeyStartsOneJob) {
    HttpHarness harness;
    ApiClient client(harness);
    client.put(workflows + "/w", file_of("one"));
    const std::string key = "Idempotency-Key: k\r\n";
    const RawAnswer first = client.post(workflows + "/w/start", "{}", key);
    const RawAnswer second = client.post(workflows + "/w/start", "{}", key);
    EXPECT_EQ(first.body, second.body);
    EXPECT_THAT(second.head, HasSubstr("Idempotency-Replayed: true"));
}

TEST(HttpWorkflows, ADisabledOneCannotBeStarted) {
    HttpHarness harness;
    ApiClient client(harness);
    client.put(workflows + "/w", file_of("one"));
    EXPECT_EQ(*body_of(client.post(workflows + "/w/disable", "")).find("enabled"), Json(false));
    EXPECT_EQ(problem_of(client.post(workflows + "/w/start", "{}")), "409 is-disabled");
    EXPECT_EQ(*body_of(client.post(workflows + "/w/enable", "")).find("enabled"), Json(true));
    EXPECT_EQ(client.post(workflows + "/w/start", "{}").status, 202);
    EXPECT_EQ(client.post(workflows + "/none/disable", "").status, 404);
    EXPECT_EQ(client.post(workflows + "/none/start", "{}").status, 404);
}

TEST(HttpWorkflows, TheTriggersOfAFileAreSchedules) {
    HttpHarness harness;
    ApiClient client(harness);
    const RawAnswer applied = client.put(
        workflows + "/w",
        file_of("one", R"(,"triggers":{"schedule":[{"cron":"0 2 * * *",
            "timezone":"Europe/Berlin","catch_up":"6h"},{"every":"7d"}]})"));
    ASSERT_EQ(applied.status, 200) << applied.body;
    const Json shown = body_of(client.get(schedules + "/w"));
    EXPECT_EQ(text(shown, "workflow"), "w");
    EXPECT_EQ(*shown.find("trigger"), Json(true));
    EXPECT_EQ(client.get(schedules + "/w-2").status, 200);
    EXPECT_EQ(client.remove(schedules + "/w").status, 409);
    client.put(workflows + "/w", file_of("two"));
    EXPECT_EQ(client.get(schedules + "/w").status, 404);
    EXPECT_EQ(client.get(schedules + "/w-2").status, 404);
}

TEST(HttpWorkflows, AFileThatIsWrongIsRefusedWithItsPlace) {
    HttpHarness harness;
    ApiClient client(harness);
    const auto refused = [&](const std::string& file) {
        return problem_of(client.put(workflows + "/w", file));
    };
    EXPECT_EQ(refused(R"({"attacca":"v1","name":"other","nodes":{"a":{"noop":true}}})"),
              "422 invalid-value /name");
    EXPECT_EQ(refused(file_of("x", R"(,"triggers":{"schedule":[{"cron":"@daily",
                  "timezone":"Mars/Base"}]})")),
              "422 unknown-zone /triggers/schedule/0/timezone");
    EXPECT_EQ(refused(file_of("x", R"(,"triggers":{"schedule":[{"cron":"* * *"}]})")),
              "422 cron-invalid /triggers/schedule/0/cron");
    EXPECT_EQ(client.get(workflows + "/w").status, 404);
    EXPECT_THAT(client.get(workflows).body, Not(HasSubstr("\"w\"")));
}

}  // namespace
}  // namespace attacca::e2e
