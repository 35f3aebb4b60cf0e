// SPDX-License-Identifier: Apache-2.0
#include "cli/job_text.h"

#include <gtest/gtest.h>

#include "cli/golden.h"

namespace attacca::cli {
namespace {

const TimeWords times("auto", WallTime{1'772'366'460'000'000}, {});  // 2026-03-01T12:01:00Z

Json job(const std::string& more = "") {
    return *parse_json(
        R"({"id":"01920000-0000-7000-8000-000000000001","name":"perimeter-scan",)"
        R"("status":"failed","reason":"node_failed","progress":100,"priority":"medium",)"
        R"("created_at":"2026-03-01T12:00:00.000Z","started_at":"2026-03-01T12:00:00.012Z",)"
        R"("ended_at":"2026-03-01T12:00:13.900Z","params":{"top_ports":100},)"
        R"("counts":{"total":6,"done":6,"failed":1,"running":0},"cancelling":false,)"
        R"("nodes":[{"id":"ports","status":"succeeded","attempts":1},)"
        R"({"id":"report","status":"skipped","attempts":0}],"outputs":{"n":3})" +
        more + "}");
}

TEST(JobText, APageIsAsKept) {
    expect_golden("job_page.txt", job_page(job(), times, Style{false}));
}

TEST(JobText, AListIsAsKept) {
    Json items = Json::array();
    items.push(job());
    items.push(*parse_json(
        R"({"id":"01920000-0000-7000-8000-000000000002","name":"x","status":"queued",)"
        R"("created_at":"2026-03-01T12:00:59.900Z"})"));
    expect_golden("jobs_table.txt", jobs_table(items, times, true, Style{false}));
}

TEST(JobText, EventsAreAsKept) {
    const Json items = *parse_json(
        R"([{"id":4,"type":"attempt_ended","time":"2026-03-01T12:00:00.5Z","actor":"a","job":"j",)"
        R"("data":{"node":"checks","item":2,"outcome":"failed","detail":"refused",)"
        R"("retry_in_ms":1500}},{"id":5,"type":"map_expanded",)"
        R"("time":"2026-03-01T12:00:01Z","actor":"a","job":"j","data":{"node":"m","count":3}},)"
        R"({"nonsense":true}])");
    expect_golden("events_table.txt", events_table(items, times, true));
}

TEST(JobText, FailuresAreNamedUpToTen) {
    EXPECT_EQ(failures_text({}, Style{false}), "");
    std::vector<Failure> failures(12, {"m", 1, "m[a]", 1, "exit 3", false, {}});
    const std::string text = failures_text(failures, Style{false});
    EXPECT_TRUE(text.starts_with("\n✗ m[a]  exit 3\n✗ m[a]  exit 3\n")) << text;
    EXPECT_TRUE(text.ends_with("  and 2 more that failed\n")) << text;
}

TEST(JobText, WhatAServerSendsIsMadeHarmless) {
    const Json hostile = *parse_json(
        R"([{"id":"\u001b[2J","name":"\u001b]0;x\u0007","status":"\u001b[31m","counts":3}])");
    EXPECT_EQ(jobs_table(hostile, times, true, Style{false}).find('\x1b'), std::string::npos);
    EXPECT_EQ(job_page(hostile.as_array()[0], times, Style{false}).find('\x1b'),
              std::string::npos);
}

}  // namespace
}  // namespace attacca::cli
