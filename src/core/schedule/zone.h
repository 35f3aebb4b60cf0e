// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

// A time zone as data: at which instants the local clock was or will be set, and to what.
//
// An adapter reads the system's rules (ports/zones.h, zone_file.h); core only computes with them.
// All instants here are whole seconds since 1970-01-01T00:00:00Z.

namespace attacca::core {

// When in a year the clock changes, as the POSIX TZ form says it.
struct YearRule {
    enum class Kind : std::uint8_t { month_week_day, day_no_leap, day_of_year } kind =
        Kind::month_week_day;
    int month = 1;    // 1–12
    int week = 1;     // 1–5, 5 = the last one
    int weekday = 0;  // 0 = Sunday
    int day = 0;      // Jn: 1–365, n: 0–365
    std::int64_t time_s = 7200;  // after local midnight; may be negative or beyond a day
    friend bool operator==(const YearRule&, const YearRule&) = default;
};

// What holds after the last listed change: one offset, or two that alternate every year.
struct YearlyOffsets {
    std::int32_t standard_s = 0;
    struct Summer {
        std::int32_t offset_s = 0;
        YearRule begin;
        YearRule end;
        friend bool operator==(const Summer&, const Summer&) = default;
    };
    std::optional<Summer> summer;
    friend bool operator==(const YearlyOffsets&, const YearlyOffsets&) = default;
};

// From `begin_s` to just before `end_s` local time is UTC plus `offset_s`.
struct OffsetSpan {
    std::int64_t begin_s = 0;
    std::int64_t end_s = 0;
    std::int32_t offset_s = 0;
    friend bool operator==(const OffsetSpan&, const OffsetSpan&) = default;
};

// The first and last instant of all spans: no date that a schedule can name comes near them.
inline constexpr std::int64_t time_begin_s = -(std::int64_t{1} << 40);
inline constexpr std::int64_t time_end_s = std::int64_t{1} << 40;

struct Zone {
    struct Change {
        std::int64_t at_s = 0;
        std::int32_t offset_s = 0;  // from then on
        friend bool operator==(const Change&, const Change&) = default;
    };

    std::string name;
    std::int32_t first_offset_s = 0;  // before the first change
    std::vector<Change> changes;      // ascending
    YearlyOffsets after;              // from the last change on

    // The span that holds the instant. Neighbouring spans may have the same offset.
    // Cost: O(log changes).
    [[nodiscard]] OffsetSpan span_at(std::int64_t at_s) const;
    friend bool operator==(const Zone&, const Zone&) = default;
};

[[nodiscard]] Zone utc_zone();

// The last clause of a zone file, `CET-1CEST,M3.5.0,M10.5.0/3`. Nothing when it is malformed.
[[nodiscard]] std::optional<YearlyOffsets> parse_yearly_offsets(const std::string& text);

}  // namespace attacca::core
