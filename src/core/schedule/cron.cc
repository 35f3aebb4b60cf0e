// SPDX-License-Identifier: Apache-2.0
#include "core/schedule/cron.h"

#include <array>
#include <span>

#include "core/schedule/civil.h"

namespace attacca::core {
namespace {

struct FieldKind {
    std::string_view name;
    int lowest;
    int highest;
    std::span<const std::string_view> names;  // the first means `lowest`
};

constexpr std::array<std::string_view, 12> month_names = {
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"};
constexpr std::array<std::string_view, 7> day_names = {"sun", "mon", "tue", "wed",
                                                       "thu", "fri", "sat"};

// 7 is Sunday as well as 0.
constexpr std::array<FieldKind, 5> field_kinds = {
    FieldKind{"minute", 0, 59, {}}, FieldKind{"hour", 0, 23, {}},
    FieldKind{"day of the month", 1, 31, {}}, FieldKind{"month", 1, 12, month_names},
    FieldKind{"day of the week", 0, 7, day_names}};

struct Alias {
    std::string_view name;
    std::string_view meaning;
};
constexpr std::array aliases = {
    Alias{"@hourly", "0 * * * *"},  Alias{"@daily", "0 0 * * *"},
    Alias{"@midnight", "0 0 * * *"}, Alias{"@weekly", "0 0 * * 0"},
    Alias{"@monthly", "0 0 1 * *"}, Alias{"@yearly", "0 0 1 1 *"},
    Alias{"@annually", "0 0 1 1 *"}};

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_blank(char c) {
    return c == ' ' || c == '\t';
}

bool equals_in_any_case(std::string_view text, std::string_view small) {
    if (text.size() != small.size()) {
        return false;
    }
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i] >= 'A' && text[i] <= 'Z' ? static_cast<char>(text[i] + 32) : text[i];
        if (c != small[i]) {
            return false;
        }
    }
    return true;
}

// Reads from front to back and stops at the first fault.
class Parser {
  public:
    explicit Parser(std::string_view text) : text_(text) {}

    Result<CronFields> parse() {
        CronFields out;
        std::array<std::uint64_t, 5> sets{};
        std::array<bool, 5> is_any{};
        for (std::size_t i = 0; i < field_kinds.size(); ++i) {
            skip_blanks();
            if (at_ == text_.size()) {
                return refuse(at_, "the " + std::string(field_kinds[i].name) +
                                       " is missing: an expression has five fields");
            }
            is_any[i] = text_[at_] == '*';
            ATTACCA_TRY(sets[i], field(field_kinds[i]));
        }
        skip_blanks();
        if (at_ != text_.size()) {
            return refuse(at_, "an expression has five fields, and no more");
        }
        out.minutes = sets[0];
        out.hours = static_cast<std::uint32_t>(sets[1]);
        out.days = static_cast<std::uint32_t>(sets[2]);
        out.months = static_cast<std::uint32_t>(sets[3]);
        out.weekdays = static_cast<std::uint32_t>((sets[4] | (sets[4] >> 7U)) & 0x7FU);
        out.follows_elapsed = is_any[0] || is_any[1];
        out.has_any_day = is_any[2];
        out.has_any_weekday = is_any[4];
        return out;
    }

  private:
    [[nodiscard]] Error refuse(std::size_t at, const std::string& why) const {
        return fail(Problem::cron_invalid, "`" + quoted(text_) + "`, character " +
                                               std::to_string(at + 1) + ": " + why);
    }

    void skip_blanks() {
        while (at_ < text_.size() && is_blank(text_[at_])) {
            ++at_;
        }
    }

    [[nodiscard]] char peek() const { return at_ < text_.size() ? text_[at_] : ' '; }

    Result<std::uint64_t> field(const FieldKind& kind) {
        std::uint64_t set = 0;
        for (;;) {
            ATTACCA_TRY(const std::uint64_t part, element(kind));
            set |= part;
            if (peek() != ',') {
                break;
            }
            ++at_;
        }
        if (!is_blank(peek())) {
            return refuse(at_, "`" + quoted(text_.substr(at_, 1)) + "` is not expected in the " +
                                   std::string(kind.name));
        }
        return set;
    }

    // `*`, `a` or `a-b`, and a step behind the first and the last.
    Result<std::uint64_t> element(const FieldKind& kind) {
        int low = kind.lowest;
        int high = kind.highest == 7 ? 6 : kind.highest;
        bool is_range = true;
        if (peek() == '*') {
            ++at_;
        } else {
            ATTACCA_TRY(low, value(kind));
            high = low;
            is_range = peek() == '-';
            if (is_range) {
                ++at_;
                const std::size_t at = at_;
                ATTACCA_TRY(high, value(kind));
                // `fri-sun` ends the week.
                high = high == 0 && low > 0 && kind.highest == 7 ? 7 : high;
                if (high < low) {
                    return refuse(at, "the range runs backwards; write two of them, with a comma");
                }
            }
        }
        int step = 1;
        if (peek() == '/') {
            if (!is_range) {
                return refuse(at_, "a step needs a range, such as " + std::to_string(low) + "-" +
                                       std::to_string(kind.highest) + "/…");
            }
            ++at_;
            const std::size_t at = at_;
            ATTACCA_TRY(step, number());
            if (step < 1 || step > high - low + 1) {
                return refuse(at, "the step must be between 1 and " +
                                      std::to_string(high - low + 1));
            }
        }
        std::uint64_t set = 0;
        for (int i = low; i <= high; i += step) {
            set |= std::uint64_t{1} << static_cast<unsigned>(i);
        }
        return set;
    }

    Result<int> number() {
        const std::size_t begin = at_;
        int value = 0;
        while (is_digit(peek())) {
            value = value < 1000 ? value * 10 + (peek() - '0') : value;
            ++at_;
        }
        if (at_ == begin) {
            return refuse(begin, "a number is expected");
        }
        return value;
    }

    Result<int> value(const FieldKind& kind) {
        const std::size_t begin = at_;
        if (is_letter(peek())) {
            while (is_letter(peek())) {
                ++at_;
            }
            const std::string_view word = text_.substr(begin, at_ - begin);
            for (std::size_t i = 0; i < kind.names.size(); ++i) {
                if (equals_in_any_case(word, kind.names[i])) {
                    return kind.lowest + static_cast<int>(i);
                }
            }
            return refuse(begin, "`" + quoted(word) + "` is no " + std::string(kind.name));
        }
        if (!is_digit(peek())) {
            return refuse(begin, "a " + std::string(kind.name) + " is expected");
        }
        ATTACCA_TRY(const int given, number());
        if (given < kind.lowest || given > kind.highest) {
            return refuse(begin, "the " + std::string(kind.name) + " must be between " +
                                     std::to_string(kind.lowest) + " and " +
                                     std::to_string(kind.highest));
        }
        return given;
    }

    std::string_view text_;
    std::size_t at_ = 0;
};

// Every weekday falls on every date of a year sooner or later, so that only the day of the month
// can keep an expression from firing, and only where no other field may take its place.
bool can_fire(const CronFields& fields) {
    const bool takes_any = !fields.has_any_day && !fields.has_any_weekday;
    if (takes_any) {
        return true;
    }
    for (int month = 1; month <= 12; ++month) {
        const std::uint32_t days_there = (std::uint32_t{2} << days_in_month(2000, month)) - 2;
        if ((fields.months >> month & 1U) != 0 && (fields.days & days_there) != 0) {
            return true;
        }
    }
    return false;
}

}  // namespace

Result<CronFields> parse_cron(std::string_view text) {
    std::string_view expression = text;
    if (!text.empty() && text.front() == '@') {
        for (const Alias& alias : aliases) {
            if (text == alias.name) {
                expression = alias.meaning;
            }
        }
        if (expression == text) {
            return fail(Problem::cron_invalid,
                        "`" + quoted(text) + "`, character 1: the names are @hourly, @daily, "
                        "@midnight, @weekly, @monthly, @yearly and @annually");
        }
    }
    if (text.size() > 256) {
        return fail(Problem::cron_invalid, "the expression is longer than 256 characters");
    }
    ATTACCA_TRY(const CronFields fields, Parser(expression).parse());
    if (!can_fire(fields)) {
        return fail(Problem::cron_never_fires,
                    "`" + quoted(text) + "`: none of its months has any of its days");
    }
    return fields;
}

}  // namespace attacca::core
