// SPDX-License-Identifier: Apache-2.0
#include "core/graph/expression_lexer.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace attacca::core {
namespace {

std::vector<Token> tokens_of(std::string_view text) {
    ExpressionLexer lexer(text);
    std::vector<Token> out;
    do {
        out.push_back(lexer.next().value());
    } while (out.back().kind != TokenKind::end);
    return out;
}

std::string lex_fault(std::string_view text) {
    ExpressionLexer lexer(text);
    while (true) {
        auto token = lexer.next();
        if (!token) {
            return token.error().detail;
        }
        if (token->kind == TokenKind::end) {
            return "";
        }
    }
}

TEST(ExpressionLexer, LongOperatorsAreNotCutInTwo) {
    const auto tokens = tokens_of("<= < == ! != && ||");
    ASSERT_EQ(tokens.size(), 8U);
    EXPECT_EQ(tokens[0].kind, TokenKind::less_equal);
    EXPECT_EQ(tokens[1].kind, TokenKind::less);
    EXPECT_EQ(tokens[2].kind, TokenKind::equal);
    EXPECT_EQ(tokens[3].kind, TokenKind::bang);
    EXPECT_EQ(tokens[4].kind, TokenKind::not_equal);
    EXPECT_EQ(tokens[5].kind, TokenKind::both);
    EXPECT_EQ(tokens[6].kind, TokenKind::either);
}

TEST(ExpressionLexer, IntegersReachBothEndsOf64Bits) {
    const auto tokens = tokens_of("-9223372036854775808 9223372036854775807");
    EXPECT_EQ(tokens[0].integer, INT64_MIN);
    EXPECT_EQ(tokens[1].integer, INT64_MAX);
    EXPECT_EQ(lex_fault("9223372036854775808"), "at byte 0: the number does not fit into 64 bits");
}

TEST(ExpressionLexer, OtherNumbersAreRefused) {
    EXPECT_EQ(lex_fault("1.5"), "at byte 0: numbers are integers");
    EXPECT_EQ(lex_fault("a == 1e3"), "at byte 5: numbers are integers");
    EXPECT_EQ(lex_fault("0x10"), "at byte 0: numbers are integers");
}

TEST(ExpressionLexer, ARawStringDoublesItsQuoteAndKeepsBackslashes) {
    EXPECT_EQ(tokens_of(R"('it''s \d+')")[0].text, R"(it's \d+)");
    EXPECT_EQ(tokens_of("''")[0].text, "");
}

TEST(ExpressionLexer, AnEscapedStringKnowsTheEscapesOfJson) {
    EXPECT_EQ(tokens_of(R"("a\n\"é")")[0].text, "a\n\"\xC3\xA9");
    EXPECT_EQ(lex_fault(R"("\q")"),
              "at byte 0: the string has an escape that JSON does not know");
    EXPECT_EQ(lex_fault(R"(  "\ud800")"),
              "at byte 2: the string has an escape that JSON does not know");
}

TEST(ExpressionLexer, AStringMustBeClosed) {
    EXPECT_EQ(lex_fault("'abc"), "at byte 0: the string has no closing quote");
    EXPECT_EQ(lex_fault("a == \"abc\\\""), "at byte 5: the string has no closing quote");
}

TEST(ExpressionLexer, AWrongOperatorIsAnsweredWithTheRightOne) {
    EXPECT_EQ(lex_fault("a = 1"), "at byte 2: `=` is no operator: write `==` to compare");
    EXPECT_EQ(lex_fault("a & b"), "at byte 2: `&` is no operator: write `&&`");
    EXPECT_EQ(lex_fault("a + 1"), "at byte 2: there is no arithmetic in expressions");
    EXPECT_NE(lex_fault("nodes.a-b.status").find("nodes['a-b']"), std::string::npos);
    EXPECT_EQ(lex_fault("a ; b"), "at byte 2: this character has no meaning here");
    EXPECT_EQ(lex_fault(std::string_view("a\0b", 3)),
              "at byte 1: this character has no meaning here");
}

}  // namespace
}  // namespace attacca::core
