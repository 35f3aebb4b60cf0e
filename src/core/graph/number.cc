// SPDX-License-Identifier: Apache-2.0
#include "core/graph/number.h"

#include <algorithm>
#include <charconv>
#include <string>

#include "base/check.h"

namespace attacca::core {
namespace {

// 0.digits × 10^point; no digits for zero, and else neither the first nor the last one is 0.
struct Digits {
    bool is_negative = false;
    std::string digits;
    std::int64_t point = 0;
};

// An exponent beyond this is as good as infinite, and the sums below cannot overflow.
constexpr std::int64_t exponent_max = std::int64_t{1} << 40U;

std::int64_t read_exponent(std::string_view text) {
    const bool is_negative = text.starts_with('-');
    if (is_negative || text.starts_with('+')) {
        text.remove_prefix(1);
    }
    std::int64_t value = 0;
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
    if (parsed.ec != std::errc{} || value > exponent_max) {
        value = exponent_max;
    }
    return is_negative ? -value : value;
}

Digits digits_of(const Json& value) {
    std::string text =
        value.is_integer() ? std::to_string(value.as_integer()) : value.as_decimal().text;
    Digits out;
    std::string_view rest = text;
    if (rest.starts_with('-')) {
        out.is_negative = true;
        rest.remove_prefix(1);
    }
    const std::size_t e = rest.find_first_of("eE");
    const std::int64_t exponent = e == rest.npos ? 0 : read_exponent(rest.substr(e + 1));
    rest = rest.substr(0, e);
    const std::size_t dot = std::min(rest.find('.'), rest.size());
    out.digits = std::string(rest.substr(0, dot));
    out.digits += rest.substr(std::min(dot + 1, rest.size()));
    out.point = static_cast<std::int64_t>(dot) + exponent;

    const std::size_t zeros = std::min(out.digits.find_first_not_of('0'), out.digits.size());
    out.digits.erase(0, zeros);
    out.point -= static_cast<std::int64_t>(zeros);
    while (out.digits.ends_with('0')) {
        out.digits.pop_back();
    }
    if (out.digits.empty()) {
        return {};
    }
    return out;
}

std::strong_ordering compare_sizes(const Digits& a, const Digits& b) {
    if (a.digits.empty() || b.digits.empty()) {
        return a.digits.size() <=> b.digits.size();
    }
    if (a.point != b.point) {
        return a.point <=> b.point;
    }
    return a.digits.compare(b.digits) <=> 0;
}

}  // namespace

bool is_number(const Json& value) {
    return value.is_integer() || value.is_decimal();
}

std::strong_ordering compare_numbers(const Json& a, const Json& b) {
    ATTACCA_CHECK(is_number(a) && is_number(b));
    if (a.is_integer() && b.is_integer()) {
        return a.as_integer() <=> b.as_integer();
    }
    const Digits x = digits_of(a);
    const Digits y = digits_of(b);
    if (x.is_negative != y.is_negative) {
        return x.is_negative ? std::strong_ordering::less : std::strong_ordering::greater;
    }
    return x.is_negative ? compare_sizes(y, x) : compare_sizes(x, y);
}

std::optional<std::int64_t> thousandths(const Json& value) {
    ATTACCA_CHECK(is_number(value));
    const Digits number = digits_of(value);
    const std::int64_t size = number.point + 3;
    constexpr std::int64_t digits_max = 18;
    if (number.digits.empty()) {
        return 0;
    }
    if (size < static_cast<std::int64_t>(number.digits.size()) || size > digits_max) {
        return std::nullopt;
    }
    std::int64_t out = 0;
    for (std::int64_t i = 0; i < size; ++i) {
        const auto at = static_cast<std::size_t>(i);
        out = out * 10 + (at < number.digits.size() ? number.digits[at] - '0' : 0);
    }
    return number.is_negative ? -out : out;
}

}  // namespace attacca::core
