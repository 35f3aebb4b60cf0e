// SPDX-License-Identifier: Apache-2.0
#include "base/pattern.h"

#include <utility>

#include <gtest/gtest.h>

#include "base/bytes.h"

namespace attacca {
namespace {

Pattern compiled(std::string_view text) {
    auto pattern = Pattern::compile(text);
    EXPECT_TRUE(pattern.has_value()) << text;
    return std::move(pattern).value();
}

TEST(Pattern, MatchesTheWholeTextOrAPart) {
    const Pattern pattern = compiled("[a-z]+[0-9]?");
    EXPECT_TRUE(pattern.matches_whole("abc1"));
    EXPECT_FALSE(pattern.matches_whole("abc12"));
    EXPECT_FALSE(pattern.matches_whole(" abc1"));
    EXPECT_TRUE(pattern.matches_part("-- abc12 --"));
    EXPECT_FALSE(pattern.matches_part("-- 12 --"));
}

TEST(Pattern, KeepsTheBordersOfAlternatives) {
    const Pattern pattern = compiled("a|b");
    EXPECT_TRUE(pattern.matches_whole("b"));
    EXPECT_FALSE(pattern.matches_whole("ab"));
}

TEST(Pattern, CountsCharactersNotBytes) {
    EXPECT_TRUE(compiled("..").matches_whole("é€"));
    EXPECT_FALSE(compiled("..").matches_whole("é"));
}

TEST(Pattern, MatchesEmptyTextAndTextWithZeros) {
    EXPECT_TRUE(compiled("").matches_whole(""));
    EXPECT_TRUE(compiled("").matches_part("abc"));
    EXPECT_TRUE(compiled("a.b").matches_whole(std::string_view("a\0b", 3)));
}

TEST(Pattern, IsLinearWhereBacktrackingIsExponential) {
    const Pattern pattern = compiled("(a*)*(a*)*(a*)*b");
    EXPECT_FALSE(pattern.matches_whole(std::string(20'000, 'a')));
}

TEST(Pattern, RefusesAMalformedExpressionWithAMessage) {
    for (const auto text : {"(", "a)", "[z-a]", "*", "a{2,1}", "\\", "(?<=a)b", "(a)\\1", "[["}) {
        const auto pattern = Pattern::compile(text);
        ASSERT_FALSE(pattern.has_value()) << text;
        EXPECT_EQ(pattern.error().problem, Problem::invalid_value);
        EXPECT_NE(pattern.error().detail, "not a regular expression: ");
    }
}

TEST(Pattern, RefusesWhatWouldTakeTooMuchMemory) {
    EXPECT_FALSE(Pattern::compile("((a{100}){100}){100}").has_value());
    EXPECT_FALSE(Pattern::compile("(((a{30}){30}){30}){30}").has_value());
}

TEST(Pattern, DoesNotEchoInvalidBytes) {
    const auto pattern = Pattern::compile("(\xff[");
    ASSERT_FALSE(pattern.has_value());
    EXPECT_TRUE(is_utf8(pattern.error().detail));
}

TEST(Pattern, CanBeMoved) {
    Pattern first = compiled("a");
    Pattern second = std::move(first);
    EXPECT_TRUE(second.matches_whole("a"));
    second = compiled("b");
    EXPECT_TRUE(second.matches_whole("b"));
}

}  // namespace
}  // namespace attacca
