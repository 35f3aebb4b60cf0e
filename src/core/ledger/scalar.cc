// SPDX-License-Identifier: Apache-2.0
#include "core/ledger/scalar.h"

#include <array>
#include <charconv>
#include <limits>

#include "core/ledger/profile.h"

namespace attacca::core {
namespace {

constexpr std::uint8_t no_digit = 0x80;

constexpr std::array<std::uint8_t, 256> values_of_base64_digits() {
    constexpr std::string_view digits =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::array<std::uint8_t, 256> values{};
    for (std::uint8_t& value : values) {
        value = no_digit;
    }
    for (std::size_t i = 0; i < digits.size(); ++i) {
        values[static_cast<std::uint8_t>(digits[i])] = static_cast<std::uint8_t>(i);
    }
    return values;
}
constexpr std::array<std::uint8_t, 256> base64_values = values_of_base64_digits();

// The whole text as an integer in its shortest decimal form.
template <typename Integer>
bool read_decimal(std::string_view text, Integer& out) {
    const bool is_negative = !text.empty() && text.front() == '-';
    const std::string_view digits = text.substr(is_negative ? 1 : 0);
    if (digits.empty() || (digits.front() == '0' && (is_negative || digits.size() > 1))) {
        return false;
    }
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, out);
    return error == std::errc{} && stop == end;
}

constexpr bool is_beyond(std::uint64_t value) {
    return value > record_integer_max;
}
constexpr bool is_beyond(std::int64_t value) {
    constexpr auto max = static_cast<std::int64_t>(record_integer_max);
    return value > max || value < -max;
}

template <typename Integer>
bool read_integer(std::string_view raw, Integer& out) {
    const std::optional<std::string_view> quoted_text = plain_text_of(raw);
    // One form for each value: a string exactly where a JSON integer would lose digits.
    return read_decimal(quoted_text.value_or(raw), out) &&
           is_beyond(out) == quoted_text.has_value();
}

// Days from 1970-01-01 to a date of the proleptic Gregorian calendar, which has a cycle of 400
// years. A year begins in March here, so that the leap day is its last.
std::int64_t days_of(std::int64_t year, std::int64_t month, std::int64_t day) {
    constexpr std::int64_t years_of_cycle = 400;
    constexpr std::int64_t days_of_cycle = 146'097;
    constexpr std::int64_t days_to_1970 = 719'468 + days_of_cycle;
    // One cycle earlier, so that everything is positive from the year 0 on.
    const std::int64_t from_march = (month > 2 ? year : year - 1) + years_of_cycle;
    const std::int64_t cycle = from_march / years_of_cycle;
    const std::int64_t year_of_cycle = from_march % years_of_cycle;
    const std::int64_t day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    return cycle * days_of_cycle + year_of_cycle * 365 + year_of_cycle / 4 - year_of_cycle / 100 +
           day_of_year - days_to_1970;
}

std::int64_t days_in(std::int64_t year, std::int64_t month) {
    constexpr std::array<std::int64_t, 12> days = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const bool is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return days[static_cast<std::size_t>(month - 1)] + (month == 2 && is_leap ? 1 : 0);
}

int hex_value(char c) {
    return c <= '9' ? c - '0' : c - 'a' + 10;
}

// Precondition: the text after the backslash passed the profile. Returns how much of it was used.
std::size_t append_unescaped(std::string& out, std::string_view escape) {
    switch (escape[0]) {
        case 'b':
            out += '\b';
            return 1;
        case 'f':
            out += '\f';
            return 1;
        case 'n':
            out += '\n';
            return 1;
        case 'r':
            out += '\r';
            return 1;
        case 't':
            out += '\t';
            return 1;
        case 'u':
            out += static_cast<char>(hex_value(escape[3]) * 16 + hex_value(escape[4]));
            return 5;
        default:  // the quote and the backslash stand for themselves
            out += escape[0];
            return 1;
    }
}

}  // namespace

std::optional<std::string_view> plain_text_of(std::string_view raw) {
    if (raw.size() < 2 || raw.front() != '"') {
        return std::nullopt;
    }
    const std::string_view text(raw.data() + 1, raw.size() - 2);
    return text.find('\\') == text.npos ? std::optional(text) : std::nullopt;
}

bool read_text(std::string_view raw, std::string& out) {
    if (raw.size() < 2 || raw.front() != '"') {
        return false;
    }
    std::string_view text = raw.substr(1, raw.size() - 2);
    out.clear();
    while (true) {
        const std::size_t plain = text.find('\\');
        out.append(text.substr(0, plain));
        if (plain == text.npos) {
            return true;
        }
        text.remove_prefix(plain + 1);
        text.remove_prefix(append_unescaped(out, text));
    }
}

std::optional<std::uint64_t> number_of(std::string_view raw) {
    std::uint64_t value = 0;
    return read_decimal(raw, value) ? std::optional(value) : std::nullopt;
}

bool read_u64(std::string_view raw, std::uint64_t& out) {
    return read_integer(raw, out);
}

bool read_i64(std::string_view raw, std::int64_t& out) {
    return read_integer(raw, out);
}

std::optional<WallTime> instant_of(std::string_view text) {
    constexpr std::string_view form = "0000-00-00T00:00:00.000000Z";
    if (text.size() != form.size()) {
        return std::nullopt;
    }
    // Without a branch for each character: what is wrong anywhere stays in `wrong`.
    unsigned wrong = 0;
    const auto number = [text, &wrong](std::size_t at, std::size_t digits) {
        std::int64_t value = 0;
        for (std::size_t i = at; i < at + digits; ++i) {
            const unsigned digit = static_cast<unsigned char>(text[i]) - unsigned{'0'};
            wrong |= digit > 9 ? 1U : 0U;
            value = value * 10 + digit;
        }
        return value;
    };
    for (const std::size_t at : {std::size_t{4}, std::size_t{7}, std::size_t{10}, std::size_t{13},
                                 std::size_t{16}, std::size_t{19}, std::size_t{26}}) {
        wrong |= text[at] != form[at] ? 1U : 0U;
    }
    const std::int64_t year = number(0, 4);
    const std::int64_t month = number(5, 2);
    const std::int64_t day = number(8, 2);
    const std::int64_t hour = number(11, 2);
    const std::int64_t minute = number(14, 2);
    const std::int64_t second = number(17, 2);
    const std::int64_t micros = number(20, 6);
    if (wrong != 0 || month < 1 || month > 12 || day < 1 || day > days_in(year, month) ||
        hour > 23 || minute > 59 || second > 59) {
        return std::nullopt;
    }
    const std::int64_t seconds_of_day = (hour * 60 + minute) * 60 + second;
    return WallTime{(days_of(year, month, day) * 86'400 + seconds_of_day) * 1'000'000 +
                    micros};
}

bool read_base64(std::string_view text, std::uint8_t* out, std::size_t size) {
    if (text.size() != (size + 2) / 3 * 4) {
        return false;
    }
    const std::size_t padding = (3 - size % 3) % 3;
    if (text.substr(text.size() - padding) != std::string_view("==").substr(0, padding)) {
        return false;
    }
    const auto value_at = [text](std::size_t at) -> unsigned {
        return base64_values[static_cast<std::uint8_t>(text[at])];
    };
    unsigned seen = 0;
    std::size_t at = 0;
    for (std::size_t left = size; left >= 3; left -= 3, at += 4, out += 3) {
        const unsigned a = value_at(at);
        const unsigned b = value_at(at + 1);
        const unsigned c = value_at(at + 2);
        const unsigned d = value_at(at + 3);
        seen |= a | b | c | d;
        out[0] = static_cast<std::uint8_t>(a << 2U | b >> 4U);
        out[1] = static_cast<std::uint8_t>(b << 4U | c >> 2U);
        out[2] = static_cast<std::uint8_t>(c << 6U | d);
    }
    unsigned bits = 0;
    unsigned bit_count = 0;
    for (; at < text.size() - padding; ++at) {
        const unsigned value = value_at(at);
        seen |= value;
        bits = (bits << 6U | (value & 0x3FU)) & 0xFFFFU;
        bit_count += 6;
        if (bit_count >= 8) {
            bit_count -= 8;
            *out++ = static_cast<std::uint8_t>(bits >> bit_count);
        }
    }
    // The bits that are left over must be zero, or two texts would give the same bytes.
    return (seen & no_digit) == 0 && (bits & ((1U << bit_count) - 1)) == 0;
}

}  // namespace attacca::core
