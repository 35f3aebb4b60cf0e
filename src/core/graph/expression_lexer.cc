// SPDX-License-Identifier: Apache-2.0
#include "core/graph/expression_lexer.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/check.h"
#include "base/json.h"

namespace attacca::core {
namespace {

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool is_name_start(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

bool is_name_part(char c) {
    return is_name_start(c) || is_digit(c);
}

bool is_space(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

struct Symbol {
    std::string_view text;
    TokenKind kind;
};

// The longer ones first.
constexpr std::array symbols = {
    Symbol{"==", TokenKind::equal},        Symbol{"!=", TokenKind::not_equal},
    Symbol{"<=", TokenKind::less_equal},   Symbol{">=", TokenKind::greater_equal},
    Symbol{"&&", TokenKind::both},         Symbol{"||", TokenKind::either},
    Symbol{"<", TokenKind::less},          Symbol{">", TokenKind::greater},
    Symbol{"!", TokenKind::bang},          Symbol{"(", TokenKind::open_round},
    Symbol{")", TokenKind::close_round},   Symbol{"[", TokenKind::open_square},
    Symbol{"]", TokenKind::close_square},  Symbol{",", TokenKind::comma},
    Symbol{".", TokenKind::dot},
};

std::string_view hint_for(char c) {
    switch (c) {
        case '=': return "`=` is no operator: write `==` to compare";
        case '&': return "`&` is no operator: write `&&`";
        case '|': return "`|` is no operator: write `||`";
        case '-':
            return "`-` is no operator; a name with a hyphen is written in brackets, as in "
                   "nodes['a-b']";
        case '+':
        case '*':
        case '/':
        case '%': return "there is no arithmetic in expressions";
        case '$':
        case '{':
        case '}': return "`${{ }}` must not stand inside an expression";
        default: return "this character has no meaning here";
    }
}

}  // namespace

Error expression_error(std::size_t offset, std::string_view why) {
    return fail(Problem::expression_invalid,
                "at byte " + std::to_string(offset) + ": " + std::string(why));
}

std::size_t literal_size(std::string_view text, std::size_t at) {
    ATTACCA_CHECK(at < text.size() && (text[at] == '\'' || text[at] == '"'));
    const char quote = text[at];
    std::size_t i = at + 1;
    while (i < text.size()) {
        if (text[i] == '\\' && quote == '"') {
            i += 2;
        } else if (text[i] != quote) {
            ++i;
        } else if (quote == '\'' && i + 1 < text.size() && text[i + 1] == quote) {
            i += 2;
        } else {
            return i + 1 - at;
        }
    }
    return std::string_view::npos;
}

Token ExpressionLexer::take(TokenKind kind, std::size_t size) {
    ATTACCA_CHECK(size <= text_.size() - at_);
    Token token{kind, at_, text_.substr(at_, size)};
    at_ += size;
    return token;
}

Result<Token> ExpressionLexer::next() {
    while (at_ < text_.size() && is_space(text_[at_])) {
        ++at_;
    }
    if (at_ == text_.size()) {
        return take(TokenKind::end, 0);
    }
    const char c = text_[at_];
    if (is_name_start(c)) {
        const auto begin = text_.begin() + static_cast<std::ptrdiff_t>(at_);
        const auto end = std::find_if_not(begin, text_.end(), is_name_part);
        return take(TokenKind::name, static_cast<std::size_t>(end - begin));
    }
    const bool is_negative = c == '-' && at_ + 1 < text_.size() && is_digit(text_[at_ + 1]);
    if (is_digit(c) || is_negative) {
        return read_integer();
    }
    if (c == '\'') {
        return read_raw_string();
    }
    if (c == '"') {
        return read_escaped_string();
    }
    return read_symbol();
}

Result<Token> ExpressionLexer::read_integer() {
    std::size_t end = at_ + 1;
    while (end < text_.size() && is_digit(text_[end])) {
        ++end;
    }
    const bool has_tail =
        end < text_.size() && (is_name_start(text_[end]) ||
                               (text_[end] == '.' && end + 1 < text_.size() &&
                                is_digit(text_[end + 1])));
    if (has_tail) {
        return expression_error(at_, "numbers are integers");
    }
    std::int64_t value = 0;
    const auto parsed = std::from_chars(text_.data() + at_, text_.data() + end, value);
    if (parsed.ec != std::errc{}) {
        return expression_error(at_, "the number does not fit into 64 bits");
    }
    Token token = take(TokenKind::integer, end - at_);
    token.integer = value;
    return token;
}

Result<Token> ExpressionLexer::read_raw_string() {
    const std::size_t size = literal_size(text_, at_);
    if (size == std::string_view::npos) {
        return expression_error(at_, "the string has no closing quote");
    }
    Token token = take(TokenKind::text, size);
    const std::string_view body = token.source.substr(1, size - 2);
    for (std::size_t i = 0; i < body.size(); ++i) {
        token.text += body[i];
        if (body[i] == '\'') {
            ++i;  // the second of a pair
        }
    }
    return token;
}

Result<Token> ExpressionLexer::read_escaped_string() {
    const std::size_t size = literal_size(text_, at_);
    if (size == std::string_view::npos) {
        return expression_error(at_, "the string has no closing quote");
    }
    Token token = take(TokenKind::text, size);
    auto parsed = parse_json(token.source);
    if (!parsed || !parsed->is_string()) {
        return expression_error(token.offset, "the string has an escape that JSON does not know");
    }
    token.text = parsed->as_string();
    return token;
}

Result<Token> ExpressionLexer::read_symbol() {
    for (const Symbol& symbol : symbols) {
        if (text_.substr(at_).starts_with(symbol.text)) {
            return take(symbol.kind, symbol.text.size());
        }
    }
    return expression_error(at_, hint_for(text_[at_]));
}

}  // namespace attacca::core
