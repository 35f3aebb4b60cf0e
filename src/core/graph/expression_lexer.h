// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

// Cuts the text of an expression into tokens. Private to expression*.cc.
//
// String literals: 'raw', where '' is a quote, and "escaped" with the escapes of JSON.

namespace attacca::core {

enum class TokenKind : std::uint8_t {
    end,
    name,
    integer,
    text,
    open_round,
    close_round,
    open_square,
    close_square,
    comma,
    dot,
    bang,
    equal,
    not_equal,
    less,
    less_equal,
    greater,
    greater_equal,
    both,    // &&
    either,  // ||
};

struct Token {
    TokenKind kind = TokenKind::end;
    std::size_t offset = 0;
    std::string_view source;    // as it stands in the text
    std::string text = {};      // the value of a string literal
    std::int64_t integer = 0;
};

class ExpressionLexer {
  public:
    // `text` must outlive the lexer and its tokens.
    explicit ExpressionLexer(std::string_view text, std::size_t from = 0)
        : text_(text), at_(from) {}

    // Errors: expression_invalid. After an error or the end it is not to be called again.
    [[nodiscard]] Result<Token> next();

  private:
    [[nodiscard]] Result<Token> read_integer();
    [[nodiscard]] Result<Token> read_raw_string();
    [[nodiscard]] Result<Token> read_escaped_string();
    [[nodiscard]] Result<Token> read_symbol();
    [[nodiscard]] Token take(TokenKind kind, std::size_t size);

    std::string_view text_;
    std::size_t at_;
};

// An error at a byte of an expression.
[[nodiscard]] Error expression_error(std::size_t offset, std::string_view why);

// The size of the string literal that begins at `at`, quotes included; npos when it never ends.
[[nodiscard]] std::size_t literal_size(std::string_view text, std::size_t at);

}  // namespace attacca::core
