// SPDX-License-Identifier: Apache-2.0
#include "base/time.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>

// <chrono> serves for its calendar only; no clock is read here.

namespace attacca {
namespace {

constexpr std::int64_t us_per_second = 1'000'000;
constexpr std::int64_t us_per_day = 86'400 * us_per_second;
// 0000-01-01T00:00:00Z and 9999-12-31T23:59:59.999999Z: what four digits of year can hold.
constexpr WallTime first_instant{-62'167'219'200 * us_per_second};
constexpr WallTime last_instant{253'402'300'800 * us_per_second - 1};
constexpr Duration duration_min = milliseconds(1);
constexpr Duration duration_max = seconds(365 * std::int64_t{86'400});

void write_two(char* out, std::uint32_t value) {
    out[0] = static_cast<char>('0' + value / 10);
    out[1] = static_cast<char>('0' + value % 10);
}

constexpr std::size_t text_us_size = std::string_view{"2026-03-01T12:00:00.123456Z"}.size();
constexpr std::size_t text_ms_size = std::string_view{"2026-03-01T12:00:00.123Z"}.size();
using TextBuffer = std::array<char, text_us_size>;

TextBuffer text_us(WallTime at) {
    const std::int64_t us = std::clamp(at, first_instant, last_instant).us - first_instant.us;
    // Counted from the year 0 everything is positive, so that division rounds down.
    const auto day = static_cast<std::int32_t>(us / us_per_day);
    const auto us_of_day = static_cast<std::uint64_t>(us % us_per_day);
    const auto second = static_cast<std::uint32_t>(us_of_day / us_per_second);
    const auto fraction = static_cast<std::uint32_t>(us_of_day % us_per_second);
    constexpr auto first_day = static_cast<std::int32_t>(first_instant.us / us_per_day);
    const std::chrono::year_month_day date{
        std::chrono::sys_days{std::chrono::days{first_day + day}}};
    const auto year = static_cast<std::uint32_t>(static_cast<std::int32_t>(date.year()));

    TextBuffer out;
    char* const to = out.data();
    write_two(to, year / 100);
    write_two(to + 2, year % 100);
    to[4] = '-';
    write_two(to + 5, static_cast<unsigned>(date.month()));
    to[7] = '-';
    write_two(to + 8, static_cast<unsigned>(date.day()));
    to[10] = 'T';
    write_two(to + 11, second / 3600);
    to[13] = ':';
    write_two(to + 14, second / 60 % 60);
    to[16] = ':';
    write_two(to + 17, second % 60);
    to[19] = '.';
    write_two(to + 20, fraction / 10'000);
    write_two(to + 22, fraction / 100 % 100);
    write_two(to + 24, fraction % 100);
    to[26] = 'Z';
    return out;
}

// Reads a fixed layout from front to back; after the first mismatch every answer is worthless and
// `is_good` is false.
class Reader {
  public:
    explicit Reader(std::string_view text) : text_(text) {}

    std::int32_t number(std::size_t digits) {
        std::int32_t value = 0;
        for (std::size_t i = 0; i < digits; ++i) {
            value = value * 10 + digit();
        }
        return value;
    }
    std::int32_t number_up_to(std::size_t digits, std::int32_t max) {
        const std::int32_t value = number(digits);
        is_good_ = is_good_ && value <= max;
        return value;
    }
    void expect(std::string_view any_of) {
        is_good_ = is_good_ && at_ < text_.size() && any_of.find(text_[at_]) != any_of.npos;
        ++at_;
    }
    [[nodiscard]] char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
    [[nodiscard]] bool is_at_digit() const { return peek() >= '0' && peek() <= '9'; }
    [[nodiscard]] bool is_good() const { return is_good_; }
    [[nodiscard]] bool is_done() const { return is_good_ && at_ == text_.size(); }

  private:
    std::int32_t digit() {
        is_good_ = is_good_ && is_at_digit();
        const std::int32_t value = is_good_ ? peek() - '0' : 0;
        ++at_;
        return value;
    }

    std::string_view text_;
    std::size_t at_ = 0;
    bool is_good_ = true;
};

std::int32_t read_fraction_us(Reader& reader) {
    if (reader.peek() != '.') {
        return 0;
    }
    reader.expect(".");
    std::int32_t us = reader.number(1);
    for (std::size_t i = 1; i < 6; ++i) {
        us = us * 10 + (reader.is_at_digit() ? reader.number(1) : 0);
    }
    return us;
}

std::int64_t read_offset_seconds(Reader& reader) {
    const char sign = reader.peek();
    reader.expect("Zz+-");
    if (sign != '+' && sign != '-') {
        return 0;
    }
    const std::int64_t hours = reader.number_up_to(2, 23);
    reader.expect(":");
    const std::int64_t minutes = reader.number_up_to(2, 59);
    return (sign == '-' ? -60 : 60) * (hours * 60 + minutes);
}

struct Unit {
    std::string_view name;
    std::int64_t us;
};

// In falling order.
constexpr std::array units = {
    Unit{"d", us_per_day},    Unit{"h", 3600 * us_per_second},  Unit{"m", 60 * us_per_second},
    Unit{"s", us_per_second}, Unit{"ms", us_per_second / 1000},
};

Error bad_duration(std::string_view text) {
    return fail(Problem::invalid_value,
                "`" + quoted(text) + "` is not a duration such as 1m30s, 250ms or 2d");
}

Error duration_out_of_range(std::string_view text) {
    return fail(Problem::out_of_range,
                "the duration `" + quoted(text) + "` is not between 1ms and 365d");
}

std::string_view leading(std::string_view text, bool (*belongs)(char)) {
    const auto stop = std::find_if_not(text.begin(), text.end(), belongs);
    return text.substr(0, static_cast<std::size_t>(stop - text.begin()));
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool is_letter(char c) {
    return c >= 'a' && c <= 'z';
}

}  // namespace

std::string rfc3339(WallTime at) {
    const TextBuffer text = text_us(at);
    return {text.data(), text.size()};
}

void append_rfc3339(std::string& out, WallTime at) {
    const TextBuffer text = text_us(at);
    out.append(text.data(), text.size());
}

std::string rfc3339_ms(WallTime at) {
    TextBuffer text = text_us(at);
    text[text_ms_size - 1] = 'Z';
    return {text.data(), text_ms_size};
}

Result<WallTime> parse_rfc3339(std::string_view text) {
    const auto refuse = [text](std::string_view why) {
        return fail(Problem::invalid_value,
                    "`" + quoted(text) + "` is not a time as in RFC 3339: " + std::string(why));
    };
    Reader reader(text);
    const std::int32_t year = reader.number(4);
    reader.expect("-");
    const std::int32_t month = reader.number(2);
    reader.expect("-");
    const std::int32_t day = reader.number(2);
    reader.expect("Tt");
    const std::int64_t hour = reader.number_up_to(2, 23);
    reader.expect(":");
    const std::int64_t minute = reader.number_up_to(2, 59);
    reader.expect(":");
    const std::int64_t second = reader.number_up_to(2, 59);
    const std::int64_t fraction_us = read_fraction_us(reader);
    const std::int64_t offset = read_offset_seconds(reader);
    if (!reader.is_done()) {
        return refuse("write it like 2026-03-01T12:00:00.123456Z");
    }
    const std::chrono::year_month_day date{std::chrono::year{year},
                                           std::chrono::month{static_cast<unsigned>(month)},
                                           std::chrono::day{static_cast<unsigned>(day)}};
    if (!date.ok()) {
        return refuse("there is no such day");
    }
    const std::int64_t days = std::chrono::sys_days{date}.time_since_epoch().count();
    const std::int64_t seconds_of_day = (hour * 60 + minute) * 60 + second - offset;
    const WallTime at{days * us_per_day + seconds_of_day * us_per_second + fraction_us};
    if (at < first_instant || at > last_instant) {
        return refuse("in UTC it is outside the years 0000 to 9999");
    }
    return at;
}

Result<Duration> parse_duration(std::string_view text) {
    if (text.empty()) {
        return bad_duration(text);
    }
    Duration total;
    std::string_view rest = text;
    std::size_t next_unit = 0;
    bool is_too_long = false;
    while (!rest.empty()) {
        const std::string_view digits = leading(rest, is_digit);
        rest.remove_prefix(digits.size());
        const std::string_view name = leading(rest, is_letter);
        rest.remove_prefix(name.size());
        while (next_unit < units.size() && units[next_unit].name != name) {
            ++next_unit;
        }
        if (digits.empty() || next_unit == units.size()) {
            return bad_duration(text);
        }
        const std::int64_t unit_us = units[next_unit].us;
        ++next_unit;
        std::int64_t count = 0;
        const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), count);
        // Each part alone is at most the maximum, so that the sum cannot overflow. The rest of
        // the text is still read: a malformed one is malformed, not out of range.
        if (parsed.ec != std::errc{} || count > duration_max.us / unit_us) {
            is_too_long = true;
        } else {
            total.us += count * unit_us;
        }
    }
    if (is_too_long || total < duration_min || total > duration_max) {
        return duration_out_of_range(text);
    }
    return total;
}

std::string format_duration(Duration duration) {
    std::string out;
    std::int64_t rest = duration.us;
    // Division of a negative number rounds to zero, so each part of it is negative or zero.
    if (rest <= -1000) {
        out += '-';
    }
    const std::size_t sign_size = out.size();
    for (const Unit& unit : units) {
        const std::int64_t count = rest / unit.us;
        rest %= unit.us;
        if (count != 0) {
            out += std::to_string(count < 0 ? -count : count);
            out += unit.name;
        }
    }
    return out.size() == sign_size ? "0ms" : out;
}

}  // namespace attacca
