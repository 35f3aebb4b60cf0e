// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <string>

#include "core/graph/expression.h"

namespace attacca::core {
namespace {

std::string why_of(std::string_view text) {
    const auto parsed = Expression::parse(text);
    if (parsed) {
        return "";
    }
    EXPECT_EQ(parsed.error().problem, Problem::expression_invalid);
    return parsed.error().detail;
}

std::string repeated(std::string_view text, std::size_t count) {
    std::string out;
    for (std::size_t i = 0; i < count; ++i) {
        out += text;
    }
    return out;
}

TEST(ExpressionParse, EveryConstructOfTheGrammarIsAccepted) {
    for (const char* text :
         {"params.top_ports", "nodes.ports.outputs.hosts[0]", "nodes['a-b'].status",
          "host.address", "12", "-3", "'text'", "\"text\"", "true", "false", "null", "[1, 2]", "[]",
          "a == b", "a != b", "a < b", "a <= b", "a > b", "a >= b", "a && b || !c", "!(a || b)",
          "length(a)", "contains(a, b)", "starts_with(a, b)", "matches(a, '^x$')",
          "default(a, b)", "to_json(a)", "from_json(a)", "join(a, ',')", "succeeded()",
          "failed()", "always()", "  ${{ a }}\n", "a[b['c']].d", "'}}' == a", "${{ '}}' == a }}"}) {
        EXPECT_EQ(why_of(text), "") << text;
    }
}

TEST(ExpressionParse, WhatIsLeftOutOrTooMuchIsNamed) {
    EXPECT_EQ(why_of(""), "at byte 0: expected a value, found the end");
    EXPECT_EQ(why_of("a b"), "at byte 2: expected an operator or the end, found `b`");
    EXPECT_EQ(why_of("(a"), "at byte 2: expected `)`, found the end");
    EXPECT_EQ(why_of("[1, 2"), "at byte 5: expected `,` or `]`, found the end");
    EXPECT_EQ(why_of("a &&"), "at byte 4: expected a value, found the end");
    EXPECT_EQ(why_of("a."),
              "at byte 2: expected a name after `.` (an index is written as in list[0]), found "
              "the end");
    EXPECT_EQ(why_of("a == b == c"),
              "at byte 7: comparisons do not chain; use parentheses or `&&`");
    EXPECT_NE(why_of("nodes.a-1.status"), "");
    EXPECT_NE(why_of("[,]"), "");
    EXPECT_NE(why_of("[1,]"), "");
}

TEST(ExpressionParse, OffsetsCountFromTheStartOfTheWholeText) {
    EXPECT_EQ(why_of("  ${{ a = b }}"),
              "at byte 8: `=` is no operator: write `==` to compare");
    EXPECT_EQ(why_of("${{ a"), "at byte 3: `${{` must be closed by `}}` at the end");
    EXPECT_EQ(why_of("${{ a }} && ${{ b }}"),
              "at byte 3: `${{` must be closed by `}}` at the end");
}

TEST(ExpressionParse, AnUnknownFunctionIsAnsweredWithTheNearestOne) {
    EXPECT_EQ(why_of("lenght(a)"),
              "at byte 0: there is no function `lenght`; did you mean `length`?");
    EXPECT_EQ(why_of("system(a)"), "at byte 0: there is no function `system`");
}

TEST(ExpressionParse, TheNumberOfValuesOfAFunctionIsChecked) {
    EXPECT_EQ(why_of("length()"), "at byte 0: length() takes 1 values, not 0");
    EXPECT_EQ(why_of("join(a)"), "at byte 0: join() takes 2 values, not 1");
}

TEST(ExpressionParse, APatternInTheTextIsCheckedAtOnce) {
    EXPECT_NE(why_of("matches(a, '(')").find("not a regular expression"), std::string::npos);
    EXPECT_NE(why_of("matches(a, '" + std::string(1025, 'x') + "')"), "");
    EXPECT_NE(why_of("matches(a, 3)"), "");
}

TEST(ExpressionParse, NodesAreNamedInTheText) {
    EXPECT_NE(why_of("length(nodes)"), "");
    EXPECT_NE(why_of("nodes[params.which].status"), "");
    EXPECT_EQ(why_of("nodes['a'].status"), "");
}

TEST(ExpressionParse, NestingAndSizeAreBounded) {
    EXPECT_EQ(why_of(repeated("(", 63) + "a" + repeated(")", 63)), "");
    EXPECT_EQ(why_of(repeated("(", 64) + "a" + repeated(")", 64)),
              "at byte 64: nested more than 64 deep");
    EXPECT_NE(why_of(repeated("[", 30000)), "");
    EXPECT_NE(why_of(repeated("!", 65) + "a"), "");
    EXPECT_EQ(why_of(repeated("!", 64) + "a"), "");
    EXPECT_NE(why_of("a" + repeated("[a", 100) + repeated("]", 100)), "");
    EXPECT_NE(why_of("a" + repeated("||a", 5000)), "");
    EXPECT_EQ(why_of("a" + repeated(" ", 65535)), "");
    EXPECT_EQ(why_of("a" + repeated(" ", 65536)), "an expression has at most 65536 bytes");
}

TEST(ExpressionParse, ReferencesNameRootMemberAndField) {
    const auto parsed = Expression::parse(
        "length(nodes.ports.outputs.hosts) > 0 && nodes['a-b'].status == params['x'] || item[0]");
    ASSERT_TRUE(parsed);
    const std::vector<Reference> expected = {
        {"nodes", "ports", "outputs"}, {"nodes", "a-b", "status"}, {"params", "x", ""},
        {"item", "", ""}};
    EXPECT_EQ(parsed->references(), expected);
}

TEST(ExpressionParse, RandomTextsNeitherCrashNorHang) {
    const std::string_view pieces[] = {"a",  "nodes", ".",  "[",  "]",   "(",  ")",  "'",   "\"",
                                       "==", "<",     "&&", "||", "!",   ",",  "1",  "-2",  "${{",
                                       "}}", "join",  " ",  "\\", "\xFF", "length(", "null", "'x'"};
    std::uint64_t seed = 1;
    const auto draw = [&seed](std::uint64_t below) {
        seed = seed * 6364136223846793005U + 1442695040888963407U;
        return (seed >> 33U) % below;
    };
    std::size_t good = 0;
    for (int i = 0; i < 100000; ++i) {
        std::string text;
        for (std::uint64_t left = draw(12); left > 0; --left) {
            text += pieces[draw(std::size(pieces))];
        }
        good += Expression::parse(text) ? 1U : 0U;
        (void)Template::parse(text);
    }
    EXPECT_GT(good, 1000U);
}

}  // namespace
}  // namespace attacca::core
