// SPDX-License-Identifier: Apache-2.0
#include "cli/diagnostic.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "cli/pointer.h"

namespace attacca::cli {
namespace {

constexpr std::size_t shown_width = 80;
constexpr std::size_t caret_context = 48;

std::string code_text(std::string_view slug) {
    std::string code = "E_";
    for (const char byte : slug) {
        const bool is_lower = byte >= 'a' && byte <= 'z';
        code += byte == '-' ? '_' : (is_lower ? static_cast<char>(byte - 'a' + 'A') : byte);
    }
    return code;
}

// The line as it can be shown, and the caret's column in it. A long line is cut on both sides.
struct ShownLine {
    std::string text;
    std::size_t caret = 0;
    std::size_t length = 1;
};

std::size_t word_length(std::string_view line, std::size_t from) {
    const std::size_t end = line.find_first_of(" \t:,]}", from);
    return std::max<std::size_t>(1, std::min(end, line.size()) - std::min(from, line.size()));
}

ShownLine shown_line(std::string_view line, std::size_t column, std::size_t length) {
    std::size_t at = std::min(column == 0 ? 0 : column - 1, line.size());
    length = length == 0 ? word_length(line, at) : length;
    std::string prefix;
    if (at > caret_context) {
        const std::size_t cut_bytes = at - caret_context / 2;
        line.remove_prefix(cut_bytes);
        while (!line.empty() && (static_cast<unsigned char>(line[0]) & 0xC0U) == 0x80U) {
            line.remove_prefix(1);
        }
        at = caret_context / 2;
        prefix = "…";
    }
    at = std::min(at, line.size());
    ShownLine shown;
    shown.caret = width_of(prefix) + width_of(printable(line.substr(0, at)));
    length = std::min(length, line.size() - at);
    shown.text = cut(prefix + printable(line), shown_width);
    const std::size_t room = std::max(width_of(shown.text), shown.caret + 1) - shown.caret;
    shown.length = std::clamp<std::size_t>(width_of(printable(line.substr(at, length))), 1, room);
    return shown;
}

// A detail may end with a suggestion of its own, "; did you mean `x`?": it gets its own line.
std::string taken_suggestion(std::string& detail) {
    constexpr std::string_view mark = "; did you mean `";
    const std::size_t at = detail.rfind(mark);
    if (at == std::string::npos || !detail.ends_with("`?")) {
        return {};
    }
    std::string word = detail.substr(at + mark.size());
    word.resize(word.size() - 2);
    detail.resize(at);
    return word;
}

struct Block {
    std::string code;
    std::string detail;
    std::optional<Position> position;
    std::size_t length = 0;  // bytes to mark; 0: to the end of the word
    std::string suggestion;
    std::string_view fix;
    bool has_help = true;
};

std::string notes_of(const Block& block, const std::string& margin, const Style& style) {
    std::string out;
    const std::string bullet = margin + style(Colour::blue, "=") + " ";
    if (!block.suggestion.empty()) {
        out += bullet + "did you mean `" + printable(block.suggestion) + "`?\n";
    }
    if (!block.fix.empty()) {
        out += bullet + "fix: " + std::string{block.fix} + "\n";
    }
    if (block.has_help) {
        out += bullet + "more: attacca help " + block.code + "\n";
    }
    return out;
}

std::string block_text(const Block& block, const Source& source, const Style& style) {
    std::string head = style(Colour::red, "error[" + block.code + "]") + " ";
    head += printable(source.name);
    if (!block.position) {
        return head + "\n  " + printable(block.detail) + "\n" + notes_of(block, "  ", style);
    }
    const auto [line_number, column] = *block.position;
    head += ":" + std::to_string(line_number) + ":" + std::to_string(column) + "\n";
    const std::vector<std::string_view> lines = lines_of(source.text);
    const std::string number = std::to_string(line_number);
    const std::string margin(number.size() + 1, ' ');
    const std::string bar = style(Colour::blue, "|");
    if (line_number == 0 || line_number > lines.size()) {
        return head + margin + bar + " " + printable(block.detail) + "\n" +
               notes_of(block, margin, style);
    }
    const ShownLine shown = shown_line(lines[line_number - 1], column, block.length);
    std::string out = head + margin + bar + "\n";
    out += style(Colour::blue, number) + " " + bar + " " + shown.text + "\n";
    out += margin + bar + " " + std::string(shown.caret, ' ') +
           style(Colour::red, std::string(shown.length, '^'));
    const std::string detail = printable(block.detail);
    if (shown.caret + shown.length + width_of(detail) < shown_width) {
        return out + " " + detail + "\n" + notes_of(block, margin, style);
    }
    out += "\n";
    for (const std::string& line : wrapped(detail, shown_width - margin.size())) {
        out += margin + bar + " " + line + "\n";
    }
    return out + notes_of(block, margin, style);
}

std::string source_name(const Source& source) {
    return source.name == "-" ? "<stdin>" : std::string{source.name};
}

}  // namespace

std::string error_code_of(Problem problem) {
    return code_text(slug_of(problem));
}

std::optional<Problem> problem_of_code(std::string_view code) {
    static constexpr Problem all[] = {
#define PROBLEM(name, slug, error_class, title) Problem::name,
#include "base/problems.def"
#undef PROBLEM
    };
    std::string upper;
    for (const char byte : code) {
        const bool is_lower = byte >= 'a' && byte <= 'z';
        upper += byte == '-' ? '_' : (is_lower ? static_cast<char>(byte - 'a' + 'A') : byte);
    }
    for (const Problem problem : all) {
        const std::string known = error_code_of(problem);
        if (known == upper || known.substr(2) == upper) {
            return problem;
        }
    }
    return std::nullopt;
}

std::optional<Position> position_of(const Positions& positions, std::string_view pointer) {
    while (true) {
        const auto found = positions.find(std::string{pointer});
        if (found != positions.end()) {
            return found->second;
        }
        if (pointer.empty()) {
            return std::nullopt;
        }
        pointer = pointer_parent(pointer);
    }
}

std::string plain_error(const Error& error, const Style& style) {
    return plain_error(error, style, fix_for(error.problem));
}

std::string plain_error(const Error& error, const Style& style, std::string_view fix) {
    const std::string code = error_code_of(error.problem);
    std::string out = style(Colour::red, "error[" + code + "]") + " ";
    out += printable(error.detail.empty() ? std::string{title_of(error.problem)} : error.detail);
    out += "\n";
    for (const FieldError& field : error.fields) {
        out += "  " + printable(field.pointer) + ": " + printable(field.detail) + "\n";
    }
    return fix.empty() ? out : out + "  fix: " + std::string{fix} + "\n";
}

std::string source_error(const Error& error, const Source& source, const Style& style) {
    const std::string name = source_name(source);
    Source named = source;
    named.name = name;
    std::vector<FieldError> fields = error.fields;
    if (fields.empty()) {
        fields.push_back({"", std::string{slug_of(error.problem)}, error.detail});
    }
    std::string out;
    for (const FieldError& field : fields) {
        // A field error may be of another kind than the whole; an unknown code is the whole's.
        const Problem own = problem_of_code(field.code).value_or(error.problem);
        Block block;
        block.code = error_code_of(own);
        block.detail = field.detail.empty() ? error.detail : field.detail;
        if (block.detail.empty()) {
            block.detail = title_of(own);
        }
        block.fix = fix_for(own);
        block.suggestion = taken_suggestion(block.detail);
        if (source.located != nullptr) {
            Spot spot = spot_of({field.pointer, field.code, block.detail}, own, *source.located,
                                source.text);
            block.position = spot.position;
            block.length = spot.length;
            block.detail = std::move(spot.detail);
            if (block.suggestion.empty()) {
                block.suggestion =
                    suggestion_for(own, field.pointer, source.located->document, source.schema)
                        .value_or("");
            }
        }
        out += (out.empty() ? "" : "\n") + block_text(block, named, style);
    }
    return out;
}

std::string syntax_error(const LoadError& error, const Source& source, const Style& style) {
    const std::string name = source_name(source);
    Source named = source;
    named.name = name;
    Block block;
    block.code = error_code_of(error.error.problem);
    block.detail = error.error.detail.empty() ? std::string{title_of(error.error.problem)}
                                              : error.error.detail;
    block.position = error.position;
    block.fix = fix_for(error.error.problem);
    return block_text(block, named, style);
}

}  // namespace attacca::cli
