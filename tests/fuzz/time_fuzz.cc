// SPDX-License-Identifier: Apache-2.0
#include "base/time.h"

#include <algorithm>

#include "core/ledger/scalar.h"
#include "fuzz.h"

// Instants and durations: what is read is written so that it reads the same, and the calendar
// agrees with one that counts days one year after another.

namespace attacca {
namespace {

bool is_leap(std::int64_t year) {
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

std::int64_t naive_days(std::int64_t year, std::int64_t month, std::int64_t day) {
    constexpr std::int64_t lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    std::int64_t days = 0;
    for (std::int64_t y = 1970; y < year; ++y) {
        days += is_leap(y) ? 366 : 365;
    }
    for (std::int64_t y = year; y < 1970; ++y) {
        days -= is_leap(y) ? 366 : 365;
    }
    for (std::int64_t m = 1; m < month; ++m) {
        days += lengths[m - 1] + (m == 2 && is_leap(year) ? 1 : 0);
    }
    return days + day - 1;
}

std::int64_t digits(std::string_view text, std::size_t at, std::size_t count) {
    std::int64_t value = 0;
    for (const char c : text.substr(at, count)) {
        ATTACCA_CHECK(c >= '0' && c <= '9');
        value = value * 10 + (c - '0');
    }
    return value;
}

// Precondition: the text was accepted.
WallTime naive_instant(std::string_view text) {
    std::int64_t second = naive_days(digits(text, 0, 4), digits(text, 5, 2), digits(text, 8, 2));
    second = second * 24 + digits(text, 11, 2);
    second = second * 60 + digits(text, 14, 2);
    second = second * 60 + digits(text, 17, 2);
    std::int64_t us = 0;
    std::size_t at = 19;
    if (text.at(at) == '.') {
        const std::size_t end = text.find_first_not_of("0123456789", at + 1);
        ATTACCA_CHECK(end != text.npos && end - at - 1 >= 1 && end - at - 1 <= 6);
        us = digits(text, at + 1, end - at - 1);
        for (std::size_t size = end - at - 1; size < 6; ++size) {
            us *= 10;
        }
        at = end;
    }
    if (text.at(at) == '+' || text.at(at) == '-') {
        const std::int64_t offset = digits(text, at + 1, 2) * 3600 + digits(text, at + 4, 2) * 60;
        second += text.at(at) == '+' ? -offset : offset;
    }
    return {second * 1'000'000 + us};
}

void check_instant(std::string_view input) {
    const auto at = parse_rfc3339(input);
    const auto strict = core::instant_of(input);
    if (at) {
        ATTACCA_CHECK(*at == naive_instant(input));
        const auto again = parse_rfc3339(rfc3339(*at));
        ATTACCA_CHECK(again.has_value() && *again == *at);
        ATTACCA_CHECK(rfc3339(*at).starts_with(rfc3339_ms(*at).substr(0, 23)));
    }
    ATTACCA_CHECK(strict.has_value() == (at && rfc3339(*at) == input));
    ATTACCA_CHECK(!strict || *strict == *at);
}

void check_duration(std::string_view input) {
    const auto length = parse_duration(input);
    if (!length) {
        return;
    }
    ATTACCA_CHECK(*length >= milliseconds(1) && *length <= seconds(365 * std::int64_t{86400}));
    const std::string text = format_duration(*length);
    const auto again = parse_duration(text);
    ATTACCA_CHECK(again.has_value() && *again == *length);
    ATTACCA_CHECK(format_duration(*again) == text);
}

void check_made(std::string_view input) {
    fuzz::Draw draw(input);
    const WallTime at{static_cast<std::int64_t>(draw.u64())};
    const auto read = parse_rfc3339(rfc3339(at));
    ATTACCA_CHECK(read.has_value());
    constexpr WallTime first{-62'167'219'200'000'000};
    constexpr WallTime last{253'402'300'799'999'999};
    ATTACCA_CHECK(*read == std::clamp(at, first, last));
    static_cast<void>(format_duration({at.us}));
}

}  // namespace
}  // namespace attacca

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view input = attacca::fuzz::text_of(data, size);
    attacca::check_instant(input);
    attacca::check_duration(input);
    attacca::check_made(input);
    return 0;
}
