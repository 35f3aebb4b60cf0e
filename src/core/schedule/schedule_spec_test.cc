// SPDX-License-Identifier: Apache-2.0
#include "core/schedule/schedule_spec.h"

#include <gtest/gtest.h>

namespace attacca::core {
namespace {

// The problem and place of the first fault, or `none`.
std::string fault_in(const std::string& text) {
    const Json json = parse_json(text).value();
    ScheduleSpec spec;
    Faults faults;
    if (read_schedule_rules(Input(json, ""), spec, faults)) {
        return "none";
    }
    const Error error = faults.take();
    return std::string(slug_of(error.problem)) + " " + error.fields.front().pointer;
}

ScheduleSpec rules(const std::string& text) {
    const Json json = parse_json(text).value();
    ScheduleSpec spec;
    Faults faults;
    EXPECT_TRUE(read_schedule_rules(Input(json, ""), spec, faults)) << text;
    return spec;
}

TEST(ScheduleSpec, SaysInExactlyOneWayWhenItFires) {
    EXPECT_EQ(fault_in("{}"), "missing-field ");
    EXPECT_EQ(fault_in(R"({"cron":"@daily","every":"1h"})"), "invalid-value ");
    EXPECT_EQ(fault_in(R"({"every":"1h","timezone":"UTC"})"), "invalid-value /timezone");
    EXPECT_EQ(fault_in(R"({"cron":"@daily","from":"2026-01-01T00:00:00Z"})"),
              "invalid-value /from");
    EXPECT_EQ(fault_in(R"({"cron":"61 * * * *"})"), "cron-invalid /cron");
    EXPECT_EQ(fault_in(R"({"cron":"0 0 30 2 *"})"), "cron-never-fires /cron");
    EXPECT_EQ(fault_in(R"({"cron":5})"), "wrong-type /cron");
    EXPECT_EQ(fault_in(R"({"every":"500ms"})"), "out-of-range /every");
    EXPECT_EQ(fault_in(R"({"every":"1s500ms"})"), "out-of-range /every");
    EXPECT_EQ(fault_in(R"({"every":"soon"})"), "out-of-range /every");
    EXPECT_EQ(fault_in(R"({"at":"tomorrow"})"), "invalid-value /at");
    EXPECT_EQ(fault_in(R"({"at":"1969-12-31T00:00:00Z"})"), "invalid-value /at");
    EXPECT_EQ(fault_in(R"({"at":"2026-01-01T00:00:00Z"})"), "none");
}

TEST(ScheduleSpec, CatchesUpByPolicyWithinAWindow) {
    EXPECT_EQ(rules(R"({"cron":"@daily"})").catch_up, CatchUp::skip);
    EXPECT_EQ(rules(R"({"cron":"@daily","catch_up":"skip"})").catch_up, CatchUp::skip);
    const ScheduleSpec once = rules(R"({"cron":"@daily","catch_up":"6h"})");
    EXPECT_EQ(once.catch_up, CatchUp::once);
    EXPECT_EQ(once.window, seconds(6 * 3600));
    EXPECT_EQ(rules(R"({"cron":"@daily","catch_up":{"policy":"all","window":"2d"}})").catch_up,
              CatchUp::all);
    EXPECT_EQ(fault_in(R"({"cron":"@daily","catch_up":"32d"})"), "out-of-range /catch_up");
    EXPECT_EQ(fault_in(R"({"cron":"@daily","catch_up":{"policy":"all"}})"),
              "missing-field /catch_up");
    EXPECT_EQ(fault_in(R"({"cron":"@daily","catch_up":{"policy":"skip","window":"1h"}})"),
              "invalid-value /catch_up/window");
    EXPECT_EQ(fault_in(R"({"cron":"@daily","catch_up":{"policy":"some"}})"),
              "invalid-value /catch_up/policy");
    EXPECT_EQ(fault_in(R"({"cron":"@daily","overlap":"kill"})"), "invalid-value /overlap");
}

TEST(ScheduleSpec, IsTheSameAfterBeingStored) {
    ScheduleSpec spec = rules(R"({"cron":"*/5 2 * * mon","timezone":"Europe/Berlin",
        "overlap":"queue","catch_up":{"policy":"all","window":"1d"}})");
    spec.job_name = "scan";
    spec.priority = Priority::low;
    spec.details = R"({"params":{"a":[1,2]}})";
    EXPECT_EQ(load_schedule_spec(json_of(spec).text()).value(), spec);
    spec = rules(R"({"every":"1d","from":"2026-01-01T00:00:00Z","overlap":"allow"})");
    spec.workflow = "scan";
    spec.params = R"({"a":1})";
    spec.is_trigger = true;
    EXPECT_EQ(load_schedule_spec(json_of(spec).canonical_text()).value(), spec);
    spec = rules(R"({"at":"2031-01-01T00:00:00.5Z","overlap":"cancel_running"})");
    spec.workflow = "x";
    EXPECT_EQ(load_schedule_spec(json_of(spec).text()).value(), spec);
}

TEST(ScheduleSpec, WhatIsNoStoredSpecIsRefused) {
    for (const char* bad : {"", "[]", "{}", R"({"cron":"@daily"})", R"({"cron":"@daily","job":{}})",
                            R"({"cron":"x","workflow":"w"})"}) {
        EXPECT_FALSE(load_schedule_spec(bad).has_value()) << bad;
    }
}

}  // namespace
}  // namespace attacca::core
