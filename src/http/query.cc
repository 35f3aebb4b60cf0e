// SPDX-License-Identifier: Apache-2.0
#include "http/query.h"

#include <algorithm>

#include "base/bytes.h"

namespace attacca::http {
namespace {

int hex_digit(char c) {
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

}  // namespace

std::optional<std::string> percent_decoded(std::string_view text, bool plus_is_space) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '+' && plus_is_space) {
            out += ' ';
            continue;
        }
        if (text[i] != '%') {
            out += text[i];
            continue;
        }
        const int high = i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
        const int low = i + 2 < text.size() ? hex_digit(text[i + 2]) : -1;
        if (high < 0 || low < 0) {
            return std::nullopt;
        }
        out += static_cast<char>(high * 16 + low);
        i += 2;
    }
    return out;
}

Error Query::refusal(std::string_view name, const std::string& detail) {
    const std::string named = "`" + quoted(name) + "`";
    Error error = fail(Problem::query_invalid, named + ": " + detail);
    error.fields.push_back(
        {"", std::string(slug_of(Problem::query_invalid)), std::move(error.detail)});
    error.detail = error.fields.front().detail;
    return error;
}

Result<Query> Query::parse(std::string_view text) {
    Query query;
    while (!text.empty()) {
        const std::string_view pair = text.substr(0, text.find('&'));
        text.remove_prefix(std::min(text.size(), pair.size() + 1));
        if (pair.empty()) {
            continue;
        }
        const std::size_t equals = pair.find('=');
        const auto name = percent_decoded(pair.substr(0, equals), true);
        const auto value = equals == std::string_view::npos
                               ? std::optional<std::string>(std::string())
                               : percent_decoded(pair.substr(equals + 1), true);
        if (!name || !value || !is_utf8(*name) || !is_utf8(*value)) {
            return refusal(pair, "an escape is malformed");
        }
        query.parameters_.emplace_back(*name, *value);
    }
    return query;
}

std::optional<std::string> Query::take(std::string_view name) {
    const auto it = std::find_if(parameters_.begin(), parameters_.end(),
                                 [&](const auto& parameter) { return parameter.first == name; });
    if (it == parameters_.end()) {
        return std::nullopt;
    }
    std::string value = std::move(it->second);
    parameters_.erase(it);
    return value;
}

std::vector<std::string> Query::take_list(std::string_view name) {
    std::vector<std::string> values;
    while (std::optional<std::string> value = take(name)) {
        std::size_t at = 0;
        while (at <= value->size()) {
            const std::size_t end = std::min(value->find(',', at), value->size());
            values.push_back(value->substr(at, end - at));
            at = end + 1;
        }
    }
    return values;
}

Result<std::uint64_t> Query::take_number(std::string_view name,
                                         std::uint64_t fallback,
                                         std::uint64_t min,
                                         std::uint64_t max) {
    const std::optional<std::string> text = take(name);
    if (!text) {
        return fallback;
    }
    const std::optional<std::uint64_t> number = parse_u64(*text);
    if (!number || *number < min || *number > max) {
        return refusal(
            name, "expected a number from " + std::to_string(min) + " to " + std::to_string(max));
    }
    return *number;
}

Result<std::optional<WallTime>> Query::take_time(std::string_view name) {
    const std::optional<std::string> text = take(name);
    if (!text) {
        return std::optional<WallTime>();
    }
    const Result<WallTime> at = parse_rfc3339(*text);
    if (!at) {
        return refusal(name, "expected an instant like 2026-03-01T12:00:00Z");
    }
    return std::optional<WallTime>(*at);
}

Result<bool> Query::take_bool(std::string_view name) {
    const std::optional<std::string> text = take(name);
    if (!text || *text == "false" || *text == "0") {
        return false;
    }
    if (text->empty() || *text == "true" || *text == "1") {
        return true;
    }
    return refusal(name, "expected true or false");
}

Result<void> Query::finish() const {
    if (!parameters_.empty()) {
        return refusal(parameters_.front().first, "this parameter is not known or occurs twice");
    }
    return {};
}

}  // namespace attacca::http
