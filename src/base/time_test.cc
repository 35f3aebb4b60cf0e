// SPDX-License-Identifier: Apache-2.0
#include "base/time.h"

#include <limits>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace attacca {
namespace {

constexpr std::int64_t us_per_day = 86'400'000'000;

bool is_leap(int year) {
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

int days_in(int year, int month) {
    if (month == 2) {
        return is_leap(year) ? 29 : 28;
    }
    return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

TEST(Rfc3339, WritesSixDecimals) {
    EXPECT_EQ(rfc3339({0}), "1970-01-01T00:00:00.000000Z");
    EXPECT_EQ(rfc3339({1'772'366'400'123'456}), "2026-03-01T12:00:00.123456Z");
    EXPECT_EQ(rfc3339({-1}), "1969-12-31T23:59:59.999999Z");
}

TEST(Rfc3339, WritesThreeDecimalsForPeopleAndRoundsDown) {
    EXPECT_EQ(rfc3339_ms({1'772'366'400'123'999}), "2026-03-01T12:00:00.123Z");
    EXPECT_EQ(rfc3339_ms({-1}), "1969-12-31T23:59:59.999Z");
}

TEST(Rfc3339, AppendsToWhatIsThere) {
    std::string out = "at ";
    append_rfc3339(out, {0});
    EXPECT_EQ(out, "at 1970-01-01T00:00:00.000000Z");
}

// A calendar that counts day by day, beside the one that computes.
TEST(Rfc3339, IsRightOnEveryDayOfTenThousandYears) {
    WallTime at{-719'528 * us_per_day};
    for (int year = 0; year <= 9999; ++year) {
        for (int month = 1; month <= 12; ++month) {
            for (int day = 1; day <= days_in(year, month); ++day) {
                if (day == 1 || day >= 28 || year % 400 == 0) {
                    const std::string text =
                        fmt::format("{:04}-{:02}-{:02}T00:00:00.000000Z", year, month, day);
                    ASSERT_EQ(rfc3339(at), text);
                    const auto parsed = parse_rfc3339(text);
                    ASSERT_TRUE(parsed.has_value());
                    ASSERT_EQ(*parsed, at);
                }
                at.us += us_per_day;
            }
        }
    }
}

TEST(Rfc3339, WritesTheNearestInstantWhenTheYearHasNotFourDigits) {
    using Limits = std::numeric_limits<std::int64_t>;
    EXPECT_EQ(rfc3339({Limits::min()}), "0000-01-01T00:00:00.000000Z");
    EXPECT_EQ(rfc3339({Limits::max()}), "9999-12-31T23:59:59.999999Z");
}

TEST(Rfc3339, ReadsZeroToSixDecimals) {
    constexpr std::int64_t second = 1'772'366'400'000'000;
    EXPECT_EQ(parse_rfc3339("2026-03-01T12:00:00Z")->us, second);
    EXPECT_EQ(parse_rfc3339("2026-03-01T12:00:00.1Z")->us, second + 100'000);
    EXPECT_EQ(parse_rfc3339("2026-03-01T12:00:00.012Z")->us, second + 12'000);
    EXPECT_EQ(parse_rfc3339("2026-03-01T12:00:00.123456Z")->us, second + 123'456);
    EXPECT_EQ(parse_rfc3339("2026-03-01t12:00:00z")->us, second);
}

TEST(Rfc3339, ReadsOffsets) {
    const WallTime noon = *parse_rfc3339("2026-03-01T12:00:00Z");
    for (const auto text :
         {"2026-03-01T14:00:00+02:00", "2026-03-01T06:30:00-05:30", "2026-03-01T12:00:00+00:00",
          "2026-03-01T12:00:00-00:00", "2026-03-02T11:59:00+23:59", "2026-02-28T12:01:00-23:59"}) {
        EXPECT_EQ(*parse_rfc3339(text), noon) << text;
    }
}

TEST(Rfc3339, RefusesWhatIsMalformed) {
    for (const auto text : {"",
                            "2026-03-01",
                            "2026-03-01T12:00:00",
                            "2026-03-01 12:00:00Z",
                            "2026-03-01T12:00Z",
                            "2026-3-01T12:00:00Z",
                            "26-03-01T12:00:00Z",
                            "+2026-03-01T12:00:00Z",
                            "2026-03-01T12:00:00.Z",
                            "2026-03-01T12:00:00.1234567Z",
                            "2026-03-01T12:00:00,1Z",
                            "2026-03-01T12:00:00ZZ",
                            "2026-03-01T12:00:00Z ",
                            " 2026-03-01T12:00:00Z",
                            "2026-03-01T12:00:00+2:00",
                            "2026-03-01T12:00:00+0200",
                            "2026-03-01T12:00:00+02",
                            "2026-03-01T12:00:00+02:00Z",
                            "2026-03-01T-1:00:00Z",
                            "now",
                            "2026/03/01T12:00:00Z"}) {
        const auto parsed = parse_rfc3339(text);
        ASSERT_FALSE(parsed.has_value()) << text;
        EXPECT_EQ(parsed.error().problem, Problem::invalid_value);
    }
}

TEST(Rfc3339, RefusesInstantsThatDoNotExist) {
    for (const auto text :
         {"2026-02-29T00:00:00Z", "2100-02-29T00:00:00Z", "2026-04-31T00:00:00Z",
          "2026-00-01T00:00:00Z", "2026-13-01T00:00:00Z", "2026-01-00T00:00:00Z",
          "2026-01-32T00:00:00Z", "2026-01-01T24:00:00Z", "2026-01-01T00:60:00Z",
          "2016-12-31T23:59:60Z", "2026-01-01T00:00:00+24:00", "2026-01-01T00:00:00+00:60",
          "0000-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01"}) {
        const auto parsed = parse_rfc3339(text);
        ASSERT_FALSE(parsed.has_value()) << text;
        EXPECT_EQ(parsed.error().problem, Problem::invalid_value);
    }
}

TEST(Rfc3339, RefusesEveryPrefixAndEveryForeignByte) {
    const std::string whole = "2026-03-01T12:00:00.123456+01:30";
    ASSERT_TRUE(parse_rfc3339(whole).has_value());
    for (std::size_t at = 0; at < whole.size(); ++at) {
        EXPECT_FALSE(parse_rfc3339(whole.substr(0, at)).has_value()) << at;
        std::string text = whole;
        text[at] = 'x';
        EXPECT_FALSE(parse_rfc3339(text).has_value()) << at;
    }
}

TEST(Rfc3339, QuotesTheTextInTheError) {
    EXPECT_EQ(parse_rfc3339("noon\n").error().detail,
              "`noon\\x0a` is not a time as in RFC 3339: write it like "
              "2026-03-01T12:00:00.123456Z");
}

struct DurationText {
    std::string_view text;
    Duration duration;
};

constexpr DurationText plain_durations[] = {
    {"1ms", milliseconds(1)},
    {"250ms", milliseconds(250)},
    {"1s", seconds(1)},
    {"1m30s", seconds(90)},
    {"2d", seconds(172'800)},
    {"1h1ms", milliseconds(3'600'001)},
    {"365d", seconds(31'536'000)},
    {"1d2h3m4s5ms", milliseconds(93'784'005)},
};

TEST(ParseDuration, ReadsWhatFormatDurationWrites) {
    for (const auto& [text, duration] : plain_durations) {
        const auto parsed = parse_duration(text);
        ASSERT_TRUE(parsed.has_value()) << text;
        EXPECT_EQ(*parsed, duration) << text;
        EXPECT_EQ(format_duration(duration), text);
    }
}

TEST(ParseDuration, ReadsUnitsBeyondTheirUsualMaximum) {
    EXPECT_EQ(*parse_duration("90s"), seconds(90));
    EXPECT_EQ(*parse_duration("8760h"), seconds(31'536'000));
    EXPECT_EQ(*parse_duration("1m90s"), seconds(150));
    EXPECT_EQ(*parse_duration("0h5s"), seconds(5));
}

TEST(ParseDuration, RefusesWhatIsMalformed) {
    for (const auto text : {"",     "5",   "s",  "1.5s", "-1s", "+1s",  " 1s",
                            "1s ",  "1 s", "1S", "1w",   "1us", "1s1m", "1ms1s",
                            "1s1s", "1m5", "m1", "1h30", "1sm", "1mss", "99999999999999999999x",
                            "400dx"}) {
        const auto parsed = parse_duration(text);
        ASSERT_FALSE(parsed.has_value()) << text;
        EXPECT_EQ(parsed.error().problem, Problem::invalid_value) << text;
    }
}

TEST(ParseDuration, RefusesWhatIsOutOfRange) {
    for (const auto text : {"0ms", "0s", "0d0h", "366d", "365d1ms", "8761h", "9223372036854775807s",
                            "99999999999999999999s", "364d25h", "365d8760h525600m"}) {
        const auto parsed = parse_duration(text);
        ASSERT_FALSE(parsed.has_value()) << text;
        EXPECT_EQ(parsed.error().problem, Problem::out_of_range) << text;
    }
}

TEST(FormatDuration, IsTotal) {
    EXPECT_EQ(format_duration({0}), "0ms");
    EXPECT_EQ(format_duration({999}), "0ms");
    EXPECT_EQ(format_duration({-999}), "0ms");
    EXPECT_EQ(format_duration({1'999}), "1ms");
    EXPECT_EQ(format_duration(milliseconds(-1'500)), "-1s500ms");
    EXPECT_EQ(format_duration(seconds(400 * 86'400)), "400d");
    using Limits = std::numeric_limits<std::int64_t>;
    EXPECT_EQ(format_duration({Limits::max()}), "106751991d4h54s775ms");
    EXPECT_EQ(format_duration({Limits::min()}), "-106751991d4h54s775ms");
}

TEST(Time, AddsAndSubtracts) {
    EXPECT_EQ(MonoTime{5} + milliseconds(1), MonoTime{1005});
    EXPECT_EQ(WallTime{5} + seconds(1), WallTime{1'000'005});
    EXPECT_EQ(MonoTime{1005} - MonoTime{5}, milliseconds(1));
    EXPECT_EQ((WallTime{2'500'000} - WallTime{0}).ms(), 2500);
    EXPECT_LT(WallTime{1}, WallTime{2});
}

}  // namespace
}  // namespace attacca
