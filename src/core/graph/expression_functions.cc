// SPDX-License-Identifier: Apache-2.0
#include "core/graph/expression_functions.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "base/check.h"

namespace attacca::core {
namespace {

constexpr std::size_t bytes_per_step = 1024;
// RE2 is linear, but each byte may cost as much as the pattern is long.
constexpr std::size_t match_bytes_per_step = 64;
constexpr std::size_t match_steps = 100;

Error refused(Function function, std::string_view why) {
    const auto& row = function_rows[static_cast<std::size_t>(function)];
    return fail(Problem::expression_invalid, std::string(row.name) + "(): " + std::string(why));
}

Error not_taken(Function function, const Json& value) {
    return refused(function, "it cannot take " + std::string(type_name_of(value)));
}

Error too_long(Function function) {
    return refused(function, "the result has more than 65536 bytes");
}

Result<Json> length(const Json& value) {
    if (value.is_string()) {
        const auto is_first_byte = [](char c) {
            return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
        };
        const std::string& text = value.as_string();
        return Json(std::int64_t{std::count_if(text.begin(), text.end(), is_first_byte)});
    }
    if (value.is_array()) {
        return Json(static_cast<std::int64_t>(value.as_array().size()));
    }
    if (value.is_object()) {
        return Json(static_cast<std::int64_t>(value.as_object().size()));
    }
    return not_taken(Function::length, value);
}

Result<Json> contains(const Json& whole, const Json& part) {
    if (whole.is_array()) {
        const auto& values = whole.as_array();
        return Json(std::find(values.begin(), values.end(), part) != values.end());
    }
    if (whole.is_object() && part.is_string()) {
        return Json(whole.find(part.as_string()) != nullptr);
    }
    if (whole.is_string() && part.is_string()) {
        return Json(whole.as_string().find(part.as_string()) != std::string::npos);
    }
    return not_taken(Function::contains, whole.is_string() || whole.is_object() ? part : whole);
}

Result<Json> starts_with(const Json& text, const Json& start) {
    if (!text.is_string() || !start.is_string()) {
        return not_taken(Function::starts_with, text.is_string() ? start : text);
    }
    return Json(text.as_string().starts_with(start.as_string()));
}

Result<Json> matches(const Json& text, const Json& pattern, Budget& budget) {
    if (!text.is_string()) {
        return not_taken(Function::matches, text);
    }
    if (!budget.charge(match_steps + text.as_string().size() / match_bytes_per_step)) {
        return Budget::exhausted();
    }
    ATTACCA_TRY(const Pattern compiled, compile_pattern(pattern));
    return Json(compiled.matches_part(text.as_string()));
}

Result<Json> from_json(const Json& text) {
    if (!text.is_string()) {
        return not_taken(Function::from_json, text);
    }
    if (text.as_string().size() > text_bytes_max) {
        return refused(Function::from_json, "the text has more than 65536 bytes");
    }
    auto parsed = parse_json(text.as_string());
    if (!parsed) {
        return refused(Function::from_json, parsed.error().text());
    }
    return parsed;
}

Result<Json> join(const Json& list, const Json& separator) {
    if (!list.is_array() || !separator.is_string()) {
        return not_taken(Function::join, list.is_array() ? separator : list);
    }
    std::string out;
    bool is_first = true;
    for (const Json& value : list.as_array()) {
        const auto text = scalar_text(value);
        if (!text) {
            return not_taken(Function::join, value);
        }
        out += is_first ? std::string() : separator.as_string();
        out += *text;
        is_first = false;
        if (out.size() > text_bytes_max) {
            return too_long(Function::join);
        }
    }
    return Json(std::move(out));
}

}  // namespace

bool Budget::charge(std::size_t steps) {
    if (steps > left_) {
        left_ = 0;
        return false;
    }
    left_ -= steps;
    return true;
}

bool Budget::charge_for(const Json& value) {
    constexpr std::size_t value_bytes = sizeof(Json);
    const std::size_t bytes_max = left_ * bytes_per_step;
    std::size_t bytes = 0;
    std::vector<const Json*> open = {&value};
    while (!open.empty() && bytes <= bytes_max) {
        const Json& next = *open.back();
        open.pop_back();
        bytes += value_bytes;
        if (next.is_string()) {
            bytes += next.as_string().size();
        } else if (next.is_array()) {
            for (const Json& element : next.as_array()) {
                open.push_back(&element);
            }
        } else if (next.is_object()) {
            for (const Json::Member& member : next.as_object()) {
                bytes += member.key.size() + sizeof(std::string);
                open.push_back(&member.value);
            }
        }
    }
    return charge(bytes / bytes_per_step);
}

Error Budget::exhausted() {
    return fail(Problem::expression_invalid,
                "the expression needs more than 10000 steps, or its values are too large");
}

std::string_view type_name_of(const Json& value) {
    switch (value.type()) {
        case Json::Type::null: return "null";
        case Json::Type::boolean: return "a boolean";
        case Json::Type::integer: return "an integer";
        case Json::Type::decimal: return "a number";
        case Json::Type::string: return "a string";
        case Json::Type::array: return "an array";
        case Json::Type::object: return "an object";
    }
    ATTACCA_CHECK(false);
}

Result<Pattern> compile_pattern(const Json& pattern) {
    if (!pattern.is_string() || pattern.as_string().size() > pattern_bytes_max) {
        return refused(Function::matches, "the pattern is a string of at most 1024 bytes");
    }
    auto compiled = Pattern::compile(pattern.as_string());
    if (!compiled) {
        return refused(Function::matches, compiled.error().detail);
    }
    return compiled;
}

Result<std::string> scalar_text(const Json& value) {
    switch (value.type()) {
        case Json::Type::string: return value.as_string();
        case Json::Type::boolean:
        case Json::Type::integer:
        case Json::Type::decimal: return value.text();
        case Json::Type::null:
        case Json::Type::array:
        case Json::Type::object: break;
    }
    return fail(Problem::expression_invalid,
                std::string(type_name_of(value)) + " cannot stand in a text; see default(), "
                                                   "join() and to_json()");
}

Result<Json> call_with_one(Function function, const Json& value, Budget& budget) {
    if (!budget.charge_for(value)) {
        return Budget::exhausted();
    }
    if (function == Function::length) {
        return length(value);
    }
    if (function == Function::from_json) {
        return from_json(value);
    }
    ATTACCA_CHECK(function == Function::to_json);
    std::string text = value.text();
    if (text.size() > text_bytes_max) {
        return too_long(function);
    }
    return Json(std::move(text));
}

Result<Json> call_with_two(Function function, Json a, Json b, Budget& budget) {
    if (function == Function::default_) {
        const bool is_missing = a.is_null() || (a.is_string() && a.as_string().empty());
        return is_missing ? std::move(b) : std::move(a);
    }
    if (!budget.charge_for(a) || !budget.charge_for(b)) {
        return Budget::exhausted();
    }
    if (function == Function::contains) {
        return contains(a, b);
    }
    if (function == Function::starts_with) {
        return starts_with(a, b);
    }
    if (function == Function::matches) {
        return matches(a, b, budget);
    }
    ATTACCA_CHECK(function == Function::join);
    return join(a, b);
}

}  // namespace attacca::core
