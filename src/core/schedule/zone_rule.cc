// SPDX-License-Identifier: Apache-2.0
#include <string_view>

#include "core/schedule/zone.h"

// The POSIX TZ form with the extensions of RFC 8536: names in <>, hours up to 167 and negative.

namespace attacca::core {
namespace {

class Parser {
  public:
    explicit Parser(std::string_view text) : rest_(text) {}

    std::optional<YearlyOffsets> parse() {
        YearlyOffsets out;
        name();
        out.standard_s = offset();
        if (!rest_.empty()) {
            name();
            YearlyOffsets::Summer summer;
            const bool has_offset = !rest_.empty() && rest_.front() != ',';
            summer.offset_s = has_offset ? offset() : out.standard_s + 3600;
            summer.begin = rule();
            summer.end = rule();
            out.summer = summer;
        }
        if (!is_good_ || !rest_.empty()) {
            return std::nullopt;
        }
        return out;
    }

  private:
    void require(bool is_so) { is_good_ = is_good_ && is_so; }

    bool take(char c) {
        const bool is_there = !rest_.empty() && rest_.front() == c;
        if (is_there) {
            rest_.remove_prefix(1);
        }
        return is_there;
    }

    void name() {
        std::size_t length = 0;
        if (take('<')) {
            while (length < rest_.size() && rest_[length] != '>') {
                ++length;
            }
            require(length >= 3 && length < rest_.size());
            rest_.remove_prefix(length);
            take('>');
            return;
        }
        const auto is_letter = [](char c) {
            return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
        };
        while (length < rest_.size() && is_letter(rest_[length])) {
            ++length;
        }
        require(length >= 3);
        rest_.remove_prefix(length);
    }

    int number(int lowest, int highest) {
        int value = 0;
        std::size_t digits = 0;
        while (!rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9' && digits < 4) {
            value = value * 10 + (rest_.front() - '0');
            rest_.remove_prefix(1);
            ++digits;
        }
        require(digits > 0 && value >= lowest && value <= highest);
        return value;
    }

    // [+-]hh[:mm[:ss]]
    std::int32_t clock(int hours_max) {
        const bool is_negative = take('-');
        if (!is_negative) {
            take('+');
        }
        std::int32_t total = number(0, hours_max) * 3600;
        if (take(':')) {
            total += number(0, 59) * 60;
            if (take(':')) {
                total += number(0, 59);
            }
        }
        return is_negative ? -total : total;
    }

    // POSIX counts what is to be added to local time to get UTC.
    std::int32_t offset() { return -clock(24); }

    YearRule rule() {
        YearRule rule;
        require(take(','));
        if (take('M')) {
            rule.kind = YearRule::Kind::month_week_day;
            rule.month = number(1, 12);
            require(take('.'));
            rule.week = number(1, 5);
            require(take('.'));
            rule.weekday = number(0, 6);
        } else if (take('J')) {
            rule.kind = YearRule::Kind::day_no_leap;
            rule.day = number(1, 365);
        } else {
            rule.kind = YearRule::Kind::day_of_year;
            rule.day = number(0, 365);
        }
        if (take('/')) {
            rule.time_s = clock(167);
        }
        return rule;
    }

    std::string_view rest_;
    bool is_good_ = true;
};

}  // namespace

std::optional<YearlyOffsets> parse_yearly_offsets(const std::string& text) {
    return Parser(text).parse();
}

}  // namespace attacca::core
