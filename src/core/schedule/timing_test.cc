// SPDX-License-Identifier: Apache-2.0
#include "core/schedule/timing.h"

#include <gtest/gtest.h>

namespace attacca::core {
namespace {

WallTime at(std::int64_t second) {
    return WallTime{second * 1'000'000};
}

Timing every(std::int64_t length, std::optional<WallTime> from = std::nullopt) {
    Timing timing;
    timing.kind = TimingKind::interval;
    timing.every = seconds(length);
    timing.from = from;
    return timing;
}

TEST(Timing, AnIntervalIsCountedFromItsFirstInstant) {
    const Zone utc = utc_zone();
    const Timing timing = every(90, at(1000));
    const Occurrences occurrences{timing, utc, at(0)};
    EXPECT_EQ(occurrences.next(at(0)), at(1000));
    EXPECT_EQ(occurrences.next(at(1000)), at(1090));
    EXPECT_EQ(occurrences.next(at(1089)), at(1090));
    EXPECT_EQ(occurrences.next(at(1000 + 90 * 1000)), at(1000 + 90 * 1001));
}

TEST(Timing, AnIntervalWithoutAFirstInstantBeginsWhenItWasSet) {
    const Zone utc = utc_zone();
    const Timing timing = every(60);
    const Occurrences occurrences{timing, utc, at(500)};
    EXPECT_EQ(occurrences.next(at(500)), at(560));
    EXPECT_EQ(occurrences.next(at(0)), at(560));
}

TEST(Timing, AOneOffFiresOnce) {
    const Zone utc = utc_zone();
    Timing timing;
    timing.kind = TimingKind::once;
    timing.at = at(77);
    const Occurrences occurrences{timing, utc, at(0)};
    EXPECT_EQ(occurrences.next(at(76)), at(77));
    EXPECT_EQ(occurrences.next(at(77)), std::nullopt);
}

TEST(Timing, CountingStopsAtItsBoundAndSaysHowFarItCame) {
    const Zone utc = utc_zone();
    const Timing timing = every(10, at(10));
    const Occurrences occurrences{timing, utc, at(0)};
    const Occurrences::Counted all = occurrences.count(at(0), at(100), 1000);
    EXPECT_EQ(all.count, 10U);
    EXPECT_EQ(all.first, at(10));
    EXPECT_EQ(all.last, at(100));
    const Occurrences::Counted some = occurrences.count(at(0), at(100), 3);
    EXPECT_EQ(some.count, 3U);
    EXPECT_EQ(some.last, at(30));
}

TEST(Timing, TheLastOneIsThatOfCountingAll) {
    const Zone utc = utc_zone();
    Timing timing;
    timing.cron = "7 3,4 * * 1";
    timing.fields = parse_cron(timing.cron).value();
    const Occurrences occurrences{timing, utc, at(0)};
    for (std::int64_t hour = 0; hour < 1000; hour += 7) {
        const WallTime until = at(hour * 3600);
        const Occurrences::Counted all = occurrences.count(at(0), until, 1'000'000);
        const std::optional<WallTime> expected =
            all.count == 0 ? std::nullopt : std::optional(all.last);
        EXPECT_EQ(occurrences.last(at(0), until), expected) << hour;
    }
}

}  // namespace
}  // namespace attacca::core
