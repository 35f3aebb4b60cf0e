// SPDX-License-Identifier: Apache-2.0
#include "core/schedule/zone.h"

#include <gtest/gtest.h>

#include "core/schedule/civil.h"

namespace attacca::core {
namespace {

TEST(Civil, DaysAndDatesAgreeOverEightCenturies) {
    std::int64_t days = days_of({1599, 12, 31});
    EXPECT_EQ(days_of({1970, 1, 1}), 0);
    for (std::int64_t year = 1600; year < 2401; ++year) {
        for (int month = 1; month <= 12; ++month) {
            for (int day = 1; day <= days_in_month(year, month); ++day) {
                ++days;
                ASSERT_EQ(days_of({year, month, day}), days);
                ASSERT_EQ(civil_of(days), (Civil{year, month, day}));
            }
        }
    }
    EXPECT_EQ(weekday_of(days_of({2026, 11, 21})), 6);
    EXPECT_EQ(weekday_of(days_of({1969, 12, 28})), 0);
}

TEST(Zone, TheChangesSplitTimeIntoSpans) {
    Zone zone;
    zone.first_offset_s = 100;
    zone.changes = {{1000, 200}, {2000, 300}};
    zone.after.standard_s = 300;
    EXPECT_EQ(zone.span_at(999), (OffsetSpan{time_begin_s, 1000, 100}));
    EXPECT_EQ(zone.span_at(1000), (OffsetSpan{1000, 2000, 200}));
    EXPECT_EQ(zone.span_at(1999), (OffsetSpan{1000, 2000, 200}));
    EXPECT_EQ(zone.span_at(2000), (OffsetSpan{2000, time_end_s, 300}));
}

TEST(Zone, TheYearlyRuleGoesOnWhereTheListEnds) {
    Zone zone;
    zone.after = parse_yearly_offsets("CET-1CEST,M3.5.0,M10.5.0/3").value();
    zone.changes = {{0, 3600}};
    const std::int64_t spring = days_of({2050, 3, 27}) * day_seconds + 3600;
    const std::int64_t autumn = days_of({2050, 10, 30}) * day_seconds + 3600;
    EXPECT_EQ(zone.span_at(spring), (OffsetSpan{spring, autumn, 7200}));
    EXPECT_EQ(zone.span_at(autumn - 1), (OffsetSpan{spring, autumn, 7200}));
    EXPECT_EQ(zone.span_at(spring - 1).offset_s, 3600);
    EXPECT_EQ(zone.span_at(10).begin_s, 0) << "the rule holds from the last change on";
}

TEST(Zone, SummerMayBeginInOneYearAndEndInTheNext) {
    Zone zone;
    zone.after = parse_yearly_offsets("AEST-10AEDT,M10.1.0,M4.1.0/3").value();
    EXPECT_EQ(zone.span_at(days_of({2050, 1, 1}) * day_seconds).offset_s, 39600);
    EXPECT_EQ(zone.span_at(days_of({2050, 12, 31}) * day_seconds).offset_s, 39600);
    EXPECT_EQ(zone.span_at(days_of({2050, 7, 1}) * day_seconds).offset_s, 36000);
}

TEST(Zone, EveryFormOfTheRuleIsRead) {
    EXPECT_EQ(parse_yearly_offsets("<+0330>-3:30").value().standard_s, 12600);
    EXPECT_EQ(parse_yearly_offsets("EST5EDT,J60/1:30,J300").value().summer->begin,
              (YearRule{YearRule::Kind::day_no_leap, 1, 1, 0, 60, 5400}));
    EXPECT_EQ(parse_yearly_offsets("IST-2IDT,M3.4.4/26,M10.5.0").value().summer->begin.time_s,
              26 * 3600);
    EXPECT_EQ(parse_yearly_offsets("<-02>2<-01>,M3.5.0/-1,M10.5.0/0").value().summer->begin.time_s,
              -3600);
    EXPECT_EQ(parse_yearly_offsets("AAA1BBB2,0,365/24").value().summer->offset_s, -7200);
    for (const char* bad : {"", "C", "CET", "CET-1CEST", "CET-1CEST,M3.5.0", "CET-1,M3.5.0,M4.5.0",
                            "CET-1CEST,M13.5.0,M10.5.0", "CET-1CEST,M3.6.0,M10.5.0",
                            "CET-1CEST,M3.5.7,M10.5.0", "CET-1CEST,J0,J1", "CET-1CEST,M3.5.0,366",
                            "CET-1CEST,M3.5.0,M10.5.0x", "<CET-1", "CET-25", "CET-1:60"}) {
        EXPECT_FALSE(parse_yearly_offsets(bad)) << bad;
    }
}

TEST(Zone, ADayNumberWithoutLeapDaysNamesTheSameDateInEveryYear) {
    Zone zone;
    zone.after = parse_yearly_offsets("AAA0BBB-1,J60/0,J300/0").value();
    EXPECT_EQ(zone.span_at(days_of({2027, 3, 1}) * day_seconds).begin_s,
              days_of({2027, 3, 1}) * day_seconds);
    EXPECT_EQ(zone.span_at(days_of({2028, 3, 1}) * day_seconds).begin_s,
              days_of({2028, 3, 1}) * day_seconds);
}

}  // namespace
}  // namespace attacca::core
