// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "core/schedule/civil.h"
#include "core/schedule/cron.h"

namespace attacca::core {
namespace {

constexpr std::int64_t us_per_second = 1'000'000;
// No offset is larger than 26 hours: what was shown longer ago cannot be ahead of what is shown.
constexpr std::int64_t offset_reach_s = 30 * 3600;
// A leap day that is a given weekday comes again after 40 years at most, over the year 2100.
constexpr std::int64_t search_years_max = 50;

// The first matching whole minute of local time at or after `local_s`, at most `local_end_s`.
std::optional<std::int64_t> next_local(const CronFields& fields,
                                       std::int64_t local_s,
                                       std::int64_t local_end_s) {
    std::int64_t minute = floor_div(local_s + 59, 60);
    std::int64_t day = floor_div(minute, 1440);
    for (std::int64_t of_day = minute - day * 1440; day * day_seconds <= local_end_s;
         ++day, of_day = 0) {
        const Civil date = civil_of(day);
        if ((fields.months >> date.month & 1U) == 0) {
            // On to the end of the month; the loop adds the next day.
            day += days_in_month(date.year, date.month) - date.day;
            continue;
        }
        if (!matches_day(fields, date.month, date.day, weekday_of(day))) {
            continue;
        }
        for (auto hour = static_cast<int>(of_day / 60); hour < 24; ++hour) {
            if ((fields.hours >> hour & 1U) == 0) {
                continue;
            }
            const auto from = static_cast<int>(std::max<std::int64_t>(0, of_day - hour * 60));
            for (int m = from; m < 60; ++m) {
                if ((fields.minutes >> m & 1U) != 0) {
                    const std::int64_t found = (day * 1440 + hour * 60 + m) * 60;
                    return found <= local_end_s ? std::optional(found) : std::nullopt;
                }
            }
        }
    }
    return std::nullopt;
}

// The latest local time that the clock has shown up to and including `at_s`.
std::int64_t latest_shown(const Zone& zone, std::int64_t at_s) {
    std::int64_t latest = at_s - offset_reach_s;
    for (std::int64_t t = at_s - 2 * offset_reach_s;;) {
        const OffsetSpan span = zone.span_at(t);
        latest = std::max(latest, std::min(at_s, span.end_s - 1) + span.offset_s);
        if (span.end_s > at_s) {
            return latest;
        }
        t = span.end_s;
    }
}

// The first instant at which the clock shows the local time or a later one.
std::int64_t first_showing(const Zone& zone, std::int64_t local_s) {
    for (std::int64_t t = local_s - offset_reach_s;;) {
        const OffsetSpan span = zone.span_at(t);
        const std::int64_t shown_at = std::max(local_s - span.offset_s, span.begin_s);
        if (shown_at < span.end_s) {
            return shown_at;
        }
        t = span.end_s;
    }
}

std::optional<std::int64_t> next_fixed(const CronFields& fields,
                                       const Zone& zone,
                                       std::int64_t after_s,
                                       std::int64_t end_s) {
    const std::optional<std::int64_t> local =
        next_local(fields, latest_shown(zone, after_s) + 1, end_s);
    return local ? std::optional(first_showing(zone, *local)) : std::nullopt;
}

std::optional<std::int64_t> next_elapsed(const CronFields& fields,
                                         const Zone& zone,
                                         std::int64_t after_s,
                                         std::int64_t end_s) {
    for (std::int64_t t = after_s + 1; t < end_s;) {
        const OffsetSpan span = zone.span_at(t);
        const std::int64_t last_s = std::min(span.end_s - 1, end_s);
        const std::optional<std::int64_t> local =
            next_local(fields, t + span.offset_s, last_s + span.offset_s);
        if (local) {
            return *local - span.offset_s;
        }
        t = span.end_s;
    }
    return std::nullopt;
}

}  // namespace

bool matches_day(const CronFields& fields, int month, int day, int weekday) {
    const bool is_month = (fields.months >> month & 1U) != 0;
    const bool is_day = (fields.days >> day & 1U) != 0;
    const bool is_weekday = (fields.weekdays >> weekday & 1U) != 0;
    const bool needs_both = fields.has_any_day || fields.has_any_weekday;
    return is_month && (needs_both ? is_day && is_weekday : is_day || is_weekday);
}

std::optional<WallTime> next_fire(const CronFields& fields, const Zone& zone, WallTime after) {
    const std::int64_t after_s = floor_div(after.us, us_per_second);
    const std::int64_t last_s = days_of({last_fire_year, 12, 30}) * day_seconds;
    const std::int64_t year = civil_of(floor_div(after_s, day_seconds)).year;
    const std::int64_t end_s =
        std::min(last_s, days_of({year + search_years_max, 1, 1}) * day_seconds);
    if (after_s >= end_s) {
        return std::nullopt;
    }
    const std::optional<std::int64_t> found =
        fields.follows_elapsed ? next_elapsed(fields, zone, after_s, end_s)
                               : next_fixed(fields, zone, after_s, end_s);
    return found ? std::optional(WallTime{*found * us_per_second}) : std::nullopt;
}

}  // namespace attacca::core
