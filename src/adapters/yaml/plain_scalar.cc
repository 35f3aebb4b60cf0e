// SPDX-License-Identifier: Apache-2.0
#include "adapters/yaml/plain_scalar.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <string_view>

namespace attacca::yaml {
namespace {

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

std::string_view take_digits(std::string_view& text) {
    const auto end = std::find_if_not(text.begin(), text.end(), is_digit);
    const auto size = static_cast<std::size_t>(end - text.begin());
    const std::string_view digits = text.substr(0, size);
    text.remove_prefix(size);
    return digits;
}

bool take_sign(std::string_view& text) {
    const bool is_negative = text.starts_with('-');
    if (is_negative || text.starts_with('+')) {
        text.remove_prefix(1);
    }
    return is_negative;
}

// `[-+]? ( . [0-9]+ | [0-9]+ ( . [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?` as a JSON number, or empty.
std::string json_number_of(std::string_view text) {
    std::string out;
    if (take_sign(text)) {
        out += '-';
    }
    std::string_view whole = take_digits(text);
    const bool has_dot = text.starts_with('.');
    std::string_view fraction;
    if (has_dot) {
        text.remove_prefix(1);
        fraction = take_digits(text);
    }
    if (whole.empty() && fraction.empty()) {
        return {};
    }
    whole.remove_prefix(std::min(whole.find_first_not_of('0'), whole.size()));
    out += whole.empty() ? "0" : whole;
    if (has_dot) {
        out += '.';
        out += fraction.empty() ? "0" : fraction;
    }
    if (text.starts_with('e') || text.starts_with('E')) {
        text.remove_prefix(1);
        out += take_sign(text) ? "e-" : "e";
        const std::string_view exponent = take_digits(text);
        if (exponent.empty()) {
            return {};
        }
        out += exponent;
    }
    return text.empty() ? out : std::string();
}

struct Based {
    std::string_view prefix;
    int base;
    std::string_view digits;
};
constexpr std::array bases = {Based{"0o", 8, "01234567"},
                              Based{"0x", 16, "0123456789abcdefABCDEF"}};

Error no_number(std::string_view text) {
    return fail(Problem::json_number,
                "`" + quoted(text) + "` is no number that JSON can hold; quote it to make it text");
}

bool is_any(std::string_view text, std::initializer_list<std::string_view> words) {
    return std::find(words.begin(), words.end(), text) != words.end();
}

bool is_infinite_or_nan(std::string_view text) {
    if (is_any(text, {".nan", ".NaN", ".NAN"})) {
        return true;
    }
    take_sign(text);
    return is_any(text, {".inf", ".Inf", ".INF"});
}

}  // namespace

Result<Json> plain_scalar(const std::string& text) {
    if (is_any(text, {"true", "True", "TRUE"})) {
        return Json(true);
    }
    if (is_any(text, {"false", "False", "FALSE"})) {
        return Json(false);
    }
    for (const Based& based : bases) {
        const std::string_view digits =
            text.starts_with(based.prefix) ? std::string_view(text).substr(2) : std::string_view();
        if (!digits.empty() && digits.find_first_not_of(based.digits) == digits.npos) {
            std::int64_t value = 0;
            const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), value,
                                                based.base);
            if (parsed.ec != std::errc{}) {
                return no_number(text);
            }
            return Json(value);
        }
    }
    if (is_infinite_or_nan(text)) {
        return no_number(text);
    }
    const std::string number = json_number_of(text);
    if (number.empty()) {
        return Json(text);
    }
    auto parsed = parse_json(number);
    if (!parsed) {
        return no_number(text);
    }
    return parsed;
}

}  // namespace attacca::yaml
