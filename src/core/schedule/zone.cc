// SPDX-License-Identifier: Apache-2.0
#include "core/schedule/zone.h"

#include <algorithm>
#include <array>

#include "base/check.h"
#include "core/schedule/civil.h"

namespace attacca::core {
namespace {

// Seconds of local time since 1970 at which the rule's moment of this year stands.
std::int64_t local_moment(const YearRule& rule, std::int64_t year) {
    const std::int64_t january = days_of({year, 1, 1});
    std::int64_t day = january;
    switch (rule.kind) {
        case YearRule::Kind::day_of_year: day += rule.day; break;
        case YearRule::Kind::day_no_leap:
            // February 29 is never counted: J60 is March 1 in every year.
            day += rule.day - 1 + (is_leap(year) && rule.day >= 60 ? 1 : 0);
            break;
        case YearRule::Kind::month_week_day: {
            const std::int64_t first = days_of({year, rule.month, 1});
            const int ahead = (rule.weekday - weekday_of(first) + 7) % 7;
            int day_of_month = 1 + ahead + (rule.week - 1) * 7;
            if (day_of_month > days_in_month(year, rule.month)) {
                day_of_month -= 7;
            }
            day = first + day_of_month - 1;
            break;
        }
    }
    return day * day_seconds + rule.time_s;
}

// The changes of the years around `year`, in order: each moment is told in the local time that
// holds until then.
std::array<Zone::Change, 6> changes_around(const YearlyOffsets& after, std::int64_t year) {
    std::array<Zone::Change, 6> changes;
    std::size_t count = 0;
    for (std::int64_t y = year - 1; y <= year + 1; ++y) {
        changes[count++] = {local_moment(after.summer->begin, y) - after.standard_s,
                            after.summer->offset_s};
        changes[count++] = {local_moment(after.summer->end, y) - after.summer->offset_s,
                            after.standard_s};
    }
    // Stable: where both moments fall together the one that ends the summer comes last.
    std::stable_sort(changes.begin(), changes.end(),
                     [](const Zone::Change& a, const Zone::Change& b) { return a.at_s < b.at_s; });
    return changes;
}

OffsetSpan yearly_span(const YearlyOffsets& after, std::int64_t at_s) {
    if (!after.summer) {
        return {time_begin_s, time_end_s, after.standard_s};
    }
    const std::int64_t year = civil_of(floor_div(at_s + after.standard_s, day_seconds)).year;
    const auto changes = changes_around(after, year);
    OffsetSpan span{time_begin_s, time_end_s, after.standard_s};
    for (const Zone::Change& change : changes) {
        if (change.at_s <= at_s) {
            span.begin_s = change.at_s;
            span.offset_s = change.offset_s;
        } else {
            span.end_s = change.at_s;
            break;
        }
    }
    return span;
}

}  // namespace

OffsetSpan Zone::span_at(std::int64_t at_s) const {
    const auto next = std::upper_bound(
        changes.begin(), changes.end(), at_s,
        [](std::int64_t at, const Change& change) { return at < change.at_s; });
    if (next != changes.end()) {
        const bool is_first = next == changes.begin();
        return {is_first ? time_begin_s : (next - 1)->at_s, next->at_s,
                is_first ? first_offset_s : (next - 1)->offset_s};
    }
    OffsetSpan span = yearly_span(after, at_s);
    if (!changes.empty()) {
        span.begin_s = std::max(span.begin_s, changes.back().at_s);
    }
    return span;
}

Zone utc_zone() {
    Zone zone;
    zone.name = "UTC";
    return zone;
}

}  // namespace attacca::core
