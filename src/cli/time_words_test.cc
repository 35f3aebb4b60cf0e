// SPDX-License-Identifier: Apache-2.0
#include "cli/time_words.h"

#include <gtest/gtest.h>

#include "cli/fake_environment.h"

namespace attacca::cli {
namespace {

constexpr std::string_view noon = "2026-03-01T12:00:00.25Z";

TimeWords words_of(std::string_view form, std::int64_t minutes_ahead = 0) {
    return {form, WallTime{1'772'366'460'000'000},  // 2026-03-01T12:01:00Z
            [=](WallTime) { return milliseconds(minutes_ahead * 60'000); }};
}

TEST(TimeWords, EachTableHasItsOwnUnlessAsked) {
    EXPECT_EQ(words_of("auto").age(noon), "59s ago");
    EXPECT_EQ(words_of("auto").instant(noon), "2026-03-01T12:00:00.250Z");
    EXPECT_EQ(words_of("auto").age_and_instant(noon), "59s ago  2026-03-01T12:00:00.250Z");
    for (const std::string_view form : {"relative", "iso", "utc", "local"}) {
        const TimeWords words = words_of(form);
        EXPECT_EQ(words.age(noon), words.instant(noon)) << form;
        EXPECT_EQ(words.age_and_instant(noon), words.instant(noon)) << form;
    }
}

TEST(TimeWords, EachFormIsWhatItsNameSays) {
    EXPECT_EQ(words_of("relative").instant(noon), "59s ago");
    EXPECT_EQ(words_of("iso").age(noon), "2026-03-01T12:00:00.250Z");
    EXPECT_EQ(words_of("utc").age(noon), "2026-03-01 12:00:00Z");
    EXPECT_EQ(words_of("local", 330).age(noon), "2026-03-01 17:30:00 +05:30");
    EXPECT_EQ(words_of("local", -210).age("2026-03-01T02:00:00Z"), "2026-02-28 22:30:00 -03:30");
    EXPECT_EQ(words_of("local").age("2026-03-01T13:00:00+01:00"), "2026-03-01 12:00:00 +00:00");
}

TEST(TimeWords, WhatIsNoInstantStandsAsItIs) {
    EXPECT_EQ(words_of("utc").age(""), "-");
    EXPECT_EQ(words_of("utc").age("soon"), "soon");
    EXPECT_EQ(words_of("auto").instant("\x1b[2J").find('\x1b'), std::string::npos);
}

TEST(TimeWords, TheFlagIsCheckedAndMayBeSetOnce) {
    FakeEnvironment env;
    EXPECT_EQ(env.run({"jobs", "list", "--time", "sidereal"}), 64);
    EXPECT_NE(env.err.find("auto|local|utc|relative|iso"), std::string::npos) << env.err;
    env.variables["ATTACCA_TIME"] = "local";
    EXPECT_EQ(env.run({"config", "show"}), 0);
    EXPECT_NE(env.out.find("ATTACCA_TIME"), std::string::npos) << env.out;
}

}  // namespace
}  // namespace attacca::cli
