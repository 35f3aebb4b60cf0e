// SPDX-License-Identifier: Apache-2.0
#include "cli/time_words.h"

#include <cstdlib>
#include <utility>

#include "cli/text.h"

namespace attacca::cli {
namespace {

TimeForm time_form_of(std::string_view name) {
    if (name == "local") {
        return TimeForm::local;
    }
    if (name == "utc") {
        return TimeForm::utc;
    }
    if (name == "relative") {
        return TimeForm::relative;
    }
    return name == "iso" ? TimeForm::iso : TimeForm::as_it_suits;
}

// `2026-11-29 18:04:05`, of the wall that is so far ahead of UTC.
std::string on_the_wall(WallTime at, Duration ahead) {
    constexpr std::string_view day = "2026-11-29";
    constexpr std::string_view second = "2026-11-29T18:04:05";
    std::string text = rfc3339(at + ahead).substr(0, second.size());
    text[day.size()] = ' ';
    return text;
}

std::string offset_text(Duration ahead) {
    const std::int64_t minutes = std::abs(ahead.ms() / 60'000);
    const auto two_digits = [](std::int64_t number) {
        return (number < 10 ? "0" : "") + std::to_string(number);
    };
    return (ahead.us < 0 ? "-" : "+") + two_digits(minutes / 60) + ":" + two_digits(minutes % 60);
}

}  // namespace

TimeWords::TimeWords(std::string_view form, WallTime now, LocalOffset local_offset)
    : form_(time_form_of(form)), now_(now), local_offset_(std::move(local_offset)) {}

std::string TimeWords::age(std::string_view text) const {
    return words(text, TimeForm::relative);
}

std::string TimeWords::instant(std::string_view text) const { return words(text, TimeForm::iso); }

std::string TimeWords::age_and_instant(std::string_view text) const {
    return form_ == TimeForm::as_it_suits ? age(text) + "  " + instant(text) : instant(text);
}

std::string TimeWords::words(std::string_view text, TimeForm otherwise) const {
    const Result<WallTime> at = parse_rfc3339(text);
    if (!at) {
        return text.empty() ? "-" : printable(text);
    }
    switch (form_ == TimeForm::as_it_suits ? otherwise : form_) {
        case TimeForm::relative: return human_age(*at, now_);
        case TimeForm::utc: return on_the_wall(*at, {}) + "Z";
        case TimeForm::local: {
            const Duration ahead = local_offset_(*at);
            return on_the_wall(*at, ahead) + " " + offset_text(ahead);
        }
        case TimeForm::iso:
        case TimeForm::as_it_suits: break;
    }
    return rfc3339_ms(*at);
}

}  // namespace attacca::cli
