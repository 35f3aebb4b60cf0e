// SPDX-License-Identifier: Apache-2.0
#include "core/schedule/cron.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace attacca::core {
namespace {

Zone berlin() {
    Zone zone;
    zone.name = "Europe/Berlin";
    zone.after = parse_yearly_offsets("CET-1CEST,M3.5.0,M10.5.0/3").value();
    return zone;
}

std::vector<std::string> fires(const std::string& text,
                               const Zone& zone,
                               const std::string& after,
                               std::size_t count) {
    const CronFields fields = parse_cron(text).value();
    WallTime at = parse_rfc3339(after).value();
    std::vector<std::string> out;
    while (out.size() < count) {
        const std::optional<WallTime> next = next_fire(fields, zone, at);
        if (!next) {
            out.emplace_back("never");
            break;
        }
        at = *next;
        out.push_back(rfc3339_ms(at).substr(0, 16));
    }
    return out;
}

std::string fault(const std::string& text) {
    const Result<CronFields> parsed = parse_cron(text);
    return parsed ? "none"
                  : std::string(slug_of(parsed.error().problem)) + " " + parsed.error().detail;
}

using Times = std::vector<std::string>;

TEST(Cron, ListsRangesStepsAndNamesAreSets) {
    const CronFields fields = parse_cron("0,15-45/15 8-10 1,31 JAN-mar Mon,fri-sun").value();
    EXPECT_EQ(fields.minutes, 1ULL | 1ULL << 15U | 1ULL << 30U | 1ULL << 45U);
    EXPECT_EQ(fields.hours, 0x700U);
    EXPECT_EQ(fields.days, 1U << 1U | 1U << 31U);
    EXPECT_EQ(fields.months, 0xEU);
    EXPECT_EQ(fields.weekdays, 1U | 1U << 1U | 1U << 5U | 1U << 6U);
    EXPECT_FALSE(fields.follows_elapsed);
    EXPECT_EQ(parse_cron("0 0 * * 7").value(), parse_cron("0 0 * * sun").value());
    EXPECT_EQ(parse_cron("\t0  0 * *\t0 ").value(), parse_cron("@weekly").value());
}

TEST(Cron, AFaultIsNamedWithItsCharacter) {
    EXPECT_EQ(fault("61 * * * *"),
              "cron-invalid `61 * * * *`, character 1: the minute must be between 0 and 59");
    EXPECT_EQ(fault("* * * *"),
              "cron-invalid `* * * *`, character 8: the day of the week is missing: an expression "
              "has five fields");
    EXPECT_EQ(fault("0 0 * foo *"), "cron-invalid `0 0 * foo *`, character 7: `foo` is no month");
    EXPECT_EQ(fault("5/10 * * * *"),
              "cron-invalid `5/10 * * * *`, character 2: a step needs a range, such as 5-59/…");
    EXPECT_EQ(fault("0 22-2 * * *"),
              "cron-invalid `0 22-2 * * *`, character 6: the range runs backwards; write two of "
              "them, with a comma");
    EXPECT_EQ(fault("*/0 * * * *"),
              "cron-invalid `*/0 * * * *`, character 3: the step must be between 1 and 60");
    EXPECT_EQ(fault("*/61 * * * *").substr(0, 12), "cron-invalid");
    EXPECT_EQ(fault("0 0 * * * *"),
              "cron-invalid `0 0 * * * *`, character 11: an expression has five fields, and no "
              "more");
    for (const char* bad : {"", " ", "@reboot", "@DAILY", "? * * * *", "0 0 L * *", "1,,2 * * * *",
                            "1, * * * *", "-1 * * * *", "1- * * * *", "*-5 * * * *", "0 0 0 * *",
                            "0 24 * * *", "0 0 * 13 *", "0 0 * * 8", "99999999999 * * * *",
                            "0\n0 * * *", "** * * * *", "0 0 * * mo"}) {
        EXPECT_EQ(fault(bad).substr(0, 12), "cron-invalid") << bad;
    }
}

TEST(Cron, WhatCanNeverFireIsRefused) {
    EXPECT_EQ(fault("0 0 30 2 *").substr(0, 16), "cron-never-fires");
    EXPECT_EQ(fault("0 0 31 2,4,6,9,11 *").substr(0, 16), "cron-never-fires");
    EXPECT_EQ(fault("0 0 31 2,12 *"), "none");
    EXPECT_EQ(fault("0 0 29 2 *"), "none");
    EXPECT_EQ(fault("0 0 30 2 1"), "none") << "the Mondays of February";
}

TEST(Cron, TwoRestrictedDayFieldsNeedOnlyOneToMatch) {
    EXPECT_EQ(fires("0 0 13 * 5", utc_zone(), "2026-02-01T00:00:00Z", 4),
              (Times{"2026-02-06T00:00", "2026-02-13T00:00", "2026-02-20T00:00",
                     "2026-02-27T00:00"}));
    EXPECT_EQ(fires("0 0 10 * 5", utc_zone(), "2026-02-06T00:00:00Z", 2),
              (Times{"2026-02-10T00:00", "2026-02-13T00:00"}));
    // A field that begins with a star restricts nothing, whatever its step.
    EXPECT_EQ(fires("0 0 */2 * 5", utc_zone(), "2026-02-01T00:00:00Z", 2),
              (Times{"2026-02-13T00:00", "2026-02-27T00:00"}));
}

TEST(Cron, TheNextTimeIsLaterThanTheOneGiven) {
    EXPECT_EQ(fires("30 2 * * *", utc_zone(), "2026-02-28T02:30:00Z", 1),
              Times{"2026-03-01T02:30"});
    EXPECT_EQ(fires("30 2 * * *", utc_zone(), "2026-02-28T02:29:59.999999Z", 1),
              Times{"2026-02-28T02:30"});
    EXPECT_EQ(fires("* * * * *", utc_zone(), "2026-12-31T23:59:00.000001Z", 2),
              (Times{"2027-01-01T00:00", "2027-01-01T00:01"}));
}

TEST(Cron, RareDaysAreFoundAcrossACenturyWithoutALeapDay) {
    EXPECT_EQ(fires("0 0 29 2 *", utc_zone(), "2096-02-29T00:00:00Z", 1),
              Times{"2104-02-29T00:00"});
    EXPECT_EQ(fires("0 0 29 2 */7", utc_zone(), "2088-03-01T00:00:00Z", 1),
              Times{"2128-02-29T00:00"});
    EXPECT_EQ(fires("0 0 29 2 *", utc_zone(), "9997-01-01T00:00:00Z", 1), Times{"never"});
}

TEST(Cron, AFixedTimeThatTheClockLeavesOutFiresAtTheEndOfTheGap) {
    // On 2026-03-29 the clock goes from 02:00 to 03:00, which is 01:00 in UTC.
    EXPECT_EQ(fires("30 2 * * *", berlin(), "2026-03-27T12:00:00Z", 3),
              (Times{"2026-03-28T01:30", "2026-03-29T01:00", "2026-03-30T00:30"}));
    // Several times in the gap, and the one at its end, are one occurrence.
    EXPECT_EQ(fires("0,20,40 2-3 * * *", berlin(), "2026-03-29T00:30:00Z", 3),
              (Times{"2026-03-29T01:00", "2026-03-29T01:20", "2026-03-29T01:40"}));
}

TEST(Cron, AFixedTimeThatTheClockRepeatsFiresTheFirstTime) {
    // On 2026-10-25 the clock goes from 03:00 back to 02:00, which is 01:00 in UTC.
    EXPECT_EQ(fires("30 2 * * *", berlin(), "2026-10-24T12:00:00Z", 2),
              (Times{"2026-10-25T00:30", "2026-10-26T01:30"}));
    EXPECT_EQ(fires("30 2 * * *", berlin(), "2026-10-25T01:10:00Z", 1),
              Times{"2026-10-26T01:30"});
}

TEST(Cron, WhatBeginsWithAStarFollowsElapsedTime) {
    EXPECT_EQ(fires("*/30 2 * * *", berlin(), "2026-10-24T12:00:00Z", 5),
              (Times{"2026-10-25T00:00", "2026-10-25T00:30", "2026-10-25T01:00",
                     "2026-10-25T01:30", "2026-10-26T01:00"}));
    EXPECT_EQ(fires("*/30 2 * * *", berlin(), "2026-03-28T12:00:00Z", 1),
              Times{"2026-03-30T00:00"});
    EXPECT_EQ(fires("0 * * * *", berlin(), "2026-03-29T00:00:00Z", 2),
              (Times{"2026-03-29T01:00", "2026-03-29T02:00"}));
}

TEST(Cron, ADayThatIsLeftOutFiresAtTheBeginningOfTheNext) {
    Zone apia;  // Samoa left out 2011-12-30.
    apia.first_offset_s = -10 * 3600;
    apia.changes = {{1325239200, 14 * 3600}};
    apia.after.standard_s = 14 * 3600;
    EXPECT_EQ(fires("0 2 * * *", apia, "2011-12-29T00:00:00Z", 3),
              (Times{"2011-12-29T12:00", "2011-12-30T10:00", "2011-12-30T12:00"}));
}

}  // namespace
}  // namespace attacca::core
