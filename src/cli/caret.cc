// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>
#include <utility>

#include "base/bytes.h"
#include "cli/diagnostic.h"
#include "cli/pointer.h"

// Where a mistake stands: at its key or at its value, and within a value at the very word.

namespace attacca::cli {
namespace {

constexpr std::string_view opening = "${{";

// These are about a key: that it is there, or what is missing below it.
bool is_about_key(Problem problem) {
    static constexpr Problem all[] = {
        Problem::unknown_field,      Problem::missing_field,      Problem::read_only_field,
        Problem::not_supported,      Problem::json_duplicate_key, Problem::dag_duplicate_node,
        Problem::dag_empty,          Problem::dag_too_large,
    };
    return std::find(std::begin(all), std::end(all), problem) != std::end(all);
}

bool is_word(char byte) {
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= '0' && byte <= '9') || byte == '_';
}

std::size_t offset_of(std::string_view text, Position position) {
    std::size_t at = 0;
    for (std::size_t line = 1; line < position.line; ++line) {
        at = std::min(text.find('\n', at), text.size());
        at = std::min(at + 1, text.size());
    }
    return std::min(at + position.column - 1, text.size());
}

Position position_at(std::string_view text, std::size_t offset) {
    const std::string_view before = text.substr(0, offset);
    const auto lines = std::count(before.begin(), before.end(), '\n');
    return {static_cast<std::size_t>(lines) + 1, offset - (before.rfind('\n') + 1) + 1};
}

// Where the first byte of a plain or quoted scalar stands, if it stands there without escapes.
std::optional<std::size_t> verbatim_at(std::string_view text, std::size_t from,
                                       std::string_view value) {
    const bool is_quoted = from < text.size() && (text[from] == '"' || text[from] == '\'');
    from += is_quoted ? 1 : 0;
    return text.substr(std::min(from, text.size())).starts_with(value) ? std::optional(from)
                                                                       : std::nullopt;
}

// `at byte 5: why` as 5 and the rest.
std::optional<std::size_t> taken_offset(std::string_view& detail) {
    constexpr std::string_view mark = "at byte ";
    const std::size_t end = detail.find(": ");
    if (!detail.starts_with(mark) || end == std::string_view::npos) {
        return std::nullopt;
    }
    const std::optional<std::uint64_t> number =
        parse_u64(detail.substr(mark.size(), end - mark.size()));
    if (number) {
        detail.remove_prefix(end + 2);
    }
    return number;
}

// The byte of the value that an expression's error names; the detail goes on without it.
std::optional<std::size_t> named_byte(std::string_view& detail) {
    constexpr std::string_view within = "in `${{` ";
    const bool is_within = detail.starts_with(within);
    std::string_view rest = detail.substr(is_within ? within.size() : 0);
    const std::optional<std::size_t> first = taken_offset(rest);
    const std::optional<std::size_t> second =
        first && is_within ? taken_offset(rest) : std::optional<std::size_t>{0};
    if (!first || !second) {
        return std::nullopt;
    }
    detail = rest;
    return *first + *second + (is_within ? opening.size() : 0);
}

// What the detail puts between its first two backticks.
std::string_view backticked(std::string_view detail) {
    const std::size_t open = detail.find('`');
    const std::size_t close = open == detail.npos ? detail.npos : detail.find('`', open + 1);
    return close == detail.npos ? std::string_view{}
                                : detail.substr(open + 1, close - open - 1);
}

// The word as a whole, in the text from `from` on.
std::size_t find_word(std::string_view text, std::string_view word, std::size_t from) {
    for (std::size_t at = text.find(word, from); at != text.npos; at = text.find(word, at + 1)) {
        const std::size_t end = at + word.size();
        const bool begins = at == 0 || !is_word(word.front()) || !is_word(text[at - 1]);
        const bool ends = end == text.size() || !is_word(word.back()) || !is_word(text[end]);
        if (begins && ends) {
            return at;
        }
    }
    return text.npos;
}

struct Mark {
    std::size_t at = 0;  // offset in the text
    std::size_t length = 0;
};

// The word of an expression that the detail is about.
std::optional<Mark> marked_word(std::string_view text, std::size_t from, const std::string& value,
                                std::string_view detail) {
    // A block begins below its `|`; all else is looked for in its first line.
    const bool is_block = from < text.size() && (text[from] == '|' || text[from] == '>');
    auto lines = is_block ? std::count(value.begin(), value.end(), '\n') + 1 : 1;
    lines += is_block && !value.ends_with('\n') ? 1 : 0;
    std::size_t end = from;
    for (; lines > 0 && end < text.size(); --lines) {
        end = std::min(text.find('\n', end), text.size() - 1) + 1;
    }
    const std::string_view window = text.substr(0, end);
    const std::size_t open = window.find(opening, from);
    const std::size_t begin = open == window.npos ? from : open;
    const std::string_view word = backticked(detail);
    if (word.empty()) {
        return std::nullopt;
    }
    std::size_t at = window.npos;
    if (detail.starts_with("the parameter `")) {
        at = find_word(window, "." + std::string{word}, begin);
        at += at == window.npos ? 0 : 1;
    }
    at = at == window.npos ? find_word(window, word, begin) : at;
    if (at != window.npos) {
        return Mark{at, word.size()};
    }
    // What is too long to be told whole.
    return open == window.npos ? std::nullopt : std::optional(Mark{open, opening.size()});
}

std::optional<Mark> mark_in(std::string_view text, std::size_t from, const std::string& value,
                            std::string& detail) {
    std::string_view rest = detail;
    if (const std::optional<std::size_t> byte = named_byte(rest)) {
        const std::string_view before = std::string_view{value}.substr(0, *byte);
        const std::optional<std::size_t> start = verbatim_at(text, from, before);
        if (!start || *byte > value.size()) {
            return std::nullopt;
        }
        const bool is_opening = std::string_view{value}.substr(*byte).starts_with(opening);
        std::size_t length = is_opening ? opening.size() : 1;
        while (*byte + length < value.size() && is_word(value[*byte]) &&
               is_word(value[*byte + length])) {
            ++length;
        }
        detail = std::string{rest};
        return Mark{*start + *byte, length};
    }
    return marked_word(text, from, value, detail);
}

}  // namespace

Spot spot_of(const FieldError& field, Problem problem, const Located& located,
             std::string_view text) {
    Spot spot{position_of(located.positions, field.pointer), 0, field.detail};
    const Json* value = value_at(located.document, field.pointer);
    const auto place = located.values.find(field.pointer);
    const bool has_value = value != nullptr && place != located.values.end() &&
                           !value->is_null() && !value->is_array() && !value->is_object();
    if (!has_value) {
        return spot;
    }
    const std::size_t from = offset_of(text, place->second);
    if (value->is_string() && (problem == Problem::expression_invalid ||
                               (problem == Problem::not_supported &&
                                value->as_string().find(opening) != std::string::npos))) {
        if (const auto mark = mark_in(text, from, value->as_string(), spot.detail)) {
            spot.position = position_at(text, mark->at);
            spot.length = mark->length;
            return spot;
        }
    }
    if (is_about_key(problem)) {
        return spot;
    }
    spot.position = place->second;
    if (value->is_string() && !value->as_string().empty()) {
        const std::optional<std::size_t> start = verbatim_at(text, from, value->as_string());
        spot.length = start ? value->as_string().size() + 2 * (*start - from) : 0;
    }
    return spot;
}

}  // namespace attacca::cli
