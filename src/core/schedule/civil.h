// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

// The Gregorian calendar as integers: core reads no clock, and needs no more of a date than this.
// All functions are total for years within a few million.

namespace attacca::core {

inline constexpr std::int64_t day_seconds = 86400;

struct Civil {
    std::int64_t year = 1970;
    int month = 1;  // 1–12
    int day = 1;    // 1–31
    friend bool operator==(const Civil&, const Civil&) = default;
};

// Division that rounds down, also for negative numbers.
[[nodiscard]] constexpr std::int64_t floor_div(std::int64_t a, std::int64_t b) {
    return a / b - (a % b != 0 && (a < 0) != (b < 0) ? 1 : 0);
}

[[nodiscard]] constexpr bool is_leap(std::int64_t year) {
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

[[nodiscard]] constexpr int days_in_month(std::int64_t year, int month) {
    if (month == 2) {
        return is_leap(year) ? 29 : 28;
    }
    return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

// Days since 1970-01-01. A year is counted from March, so that the leap day is its last day.
[[nodiscard]] constexpr std::int64_t days_of(const Civil& date) {
    const std::int64_t year = date.year - (date.month <= 2 ? 1 : 0);
    const std::int64_t era = floor_div(year, 400);
    const std::int64_t year_of_era = year - era * 400;
    const std::int64_t month_from_march = (date.month + 9) % 12;
    const std::int64_t day_of_year = (153 * month_from_march + 2) / 5 + date.day - 1;
    const std::int64_t day_of_era =
        year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

[[nodiscard]] constexpr Civil civil_of(std::int64_t days) {
    const std::int64_t shifted = days + 719468;
    const std::int64_t era = floor_div(shifted, 146097);
    const std::int64_t day_of_era = shifted - era * 146097;
    const std::int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    const std::int64_t day_of_year =
        day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const auto month_from_march = static_cast<int>((5 * day_of_year + 2) / 153);
    const int day = static_cast<int>(day_of_year) - (153 * month_from_march + 2) / 5 + 1;
    const int month = month_from_march < 10 ? month_from_march + 3 : month_from_march - 9;
    return {year_of_era + era * 400 + (month <= 2 ? 1 : 0), month, day};
}

// 0 = Sunday … 6 = Saturday. 1970-01-01 was a Thursday.
[[nodiscard]] constexpr int weekday_of(std::int64_t days) {
    const std::int64_t shifted = (days + 4) % 7;
    return static_cast<int>(shifted < 0 ? shifted + 7 : shifted);
}

}  // namespace attacca::core
