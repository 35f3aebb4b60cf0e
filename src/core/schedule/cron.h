// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "core/schedule/zone.h"

// Cron expressions: five fields, or one of @hourly @daily @midnight @weekly @monthly @yearly
// @annually. The fields are those of Vixie cron; docs/guides/schedules.md tells them to people.
//
// An expression whose minute or hour field begins with `*` follows elapsed time: it fires in every
// minute whose local time matches, so twice in an hour that the clock repeats and never in one that
// it leaves out. Any other names fixed times of day: each fires once, at the first instant at which
// the local clock shows that time or has passed it. So a time that the clock leaves out fires at
// the end of the gap, and one that it repeats fires the first time.

namespace attacca::core {

struct CronFields {
    std::uint64_t minutes = 0;   // bit n: minute n
    std::uint32_t hours = 0;     // bit n: hour n
    std::uint32_t days = 0;      // bit n: day n of the month, 1–31
    std::uint32_t months = 0;    // bit n: month n, 1–12
    std::uint32_t weekdays = 0;  // bit n: 0 = Sunday … 6
    bool has_any_day = false;      // the day-of-month field begins with `*`
    bool has_any_weekday = false;  // the day-of-week field begins with `*`
    bool follows_elapsed = false;  // the minute or the hour field begins with `*`
    friend bool operator==(const CronFields&, const CronFields&) = default;
};

// A year beyond which no schedule fires: the last that RFC 3339 can write.
inline constexpr std::int64_t last_fire_year = 9999;

// Errors: cron_invalid (the detail names the character, counted from 1), cron_never_fires.
[[nodiscard]] Result<CronFields> parse_cron(std::string_view text);

// Where both day fields are restricted a day needs only one of them, else it needs both.
[[nodiscard]] bool matches_day(const CronFields& fields, int month, int day, int weekday);

// The first instant after `after` at which the expression fires; nothing beyond last_fire_year.
// Cost: some microseconds, at worst (a leap day that must be a Monday) a fraction of a millisecond.
[[nodiscard]] std::optional<WallTime> next_fire(const CronFields& fields,
                                                const Zone& zone,
                                                WallTime after);

}  // namespace attacca::core
