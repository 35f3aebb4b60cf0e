// SPDX-License-Identifier: Apache-2.0
#include "base/error.h"

#include <algorithm>
#include <iomanip>
#include <set>
#include <vector>

#include <gtest/gtest.h>

#include "base/bytes.h"

namespace attacca {
namespace {

using namespace std::string_view_literals;

const std::vector<Problem>& all_problems() {
    static const std::vector<Problem> problems = {
#define PROBLEM(name, slug, error_class, title) Problem::name,
#include "base/problems.def"
#undef PROBLEM
    };
    return problems;
}

TEST(Problem, HasASlugOfItsOwn) {
    std::set<std::string_view> seen;
    for (const Problem problem : all_problems()) {
        const std::string_view slug = slug_of(problem);
        EXPECT_TRUE(seen.insert(slug).second) << slug;
        EXPECT_TRUE(std::all_of(slug.begin(), slug.end(), [](char c) {
            return (c >= 'a' && c <= 'z') || c == '-';
        })) << slug;
    }
}

TEST(Problem, IsFoundByItsSlug) {
    for (const Problem problem : all_problems()) {
        EXPECT_EQ(problem_of_slug(slug_of(problem)), problem);
    }
}

TEST(Problem, OfAnUnknownSlugIsInternal) {
    EXPECT_EQ(problem_of_slug("no-such-slug"), Problem::internal);
    EXPECT_EQ(problem_of_slug(""), Problem::internal);
}

TEST(Problem, HasATitleThatIsOneSentenceWithoutAStop) {
    for (const Problem problem : all_problems()) {
        const std::string_view title = title_of(problem);
        ASSERT_FALSE(title.empty());
        EXPECT_TRUE(title.front() >= 'A' && title.front() <= 'Z') << title;
        EXPECT_NE(title.back(), '.') << title;
    }
}

TEST(Problem, HasAnHttpStatusAndAnExitStatusOfFailure) {
    for (const Problem problem : all_problems()) {
        const int http = http_status_of(class_of(problem));
        const int exit = exit_status_of(class_of(problem));
        EXPECT_GE(http, 400);
        EXPECT_LT(http, 600);
        EXPECT_TRUE(exit == 4 || (exit >= 64 && exit <= 78)) << exit;
    }
}

TEST(Problem, AnswersAsPromised) {
    EXPECT_EQ(http_status_of(class_of(Problem::json_depth)), 400);
    EXPECT_EQ(http_status_of(class_of(Problem::wrong_type)), 422);
    EXPECT_EQ(http_status_of(class_of(Problem::fenced)), 409);
    EXPECT_EQ(http_status_of(class_of(Problem::rate_limited)), 429);
    EXPECT_EQ(http_status_of(class_of(Problem::storage_full)), 503);
    EXPECT_EQ(exit_status_of(class_of(Problem::usage)), 64);
    EXPECT_EQ(exit_status_of(class_of(Problem::not_found)), 66);
    EXPECT_EQ(exit_status_of(class_of(Problem::unreachable)), 69);
    EXPECT_EQ(exit_status_of(class_of(Problem::locked)), 73);
    EXPECT_EQ(exit_status_of(class_of(Problem::overloaded)), 75);
    EXPECT_EQ(exit_status_of(class_of(Problem::bad_configuration)), 78);
    EXPECT_EQ(exit_status_of(class_of(Problem::rolled_back)), 4);
}

TEST(Error, ReadsAsTitleThenDetail) {
    EXPECT_EQ((Error{Problem::not_found, "no job 7"}).text(),
              "There is no such resource: no job 7");
    EXPECT_EQ((Error{Problem::not_found, ""}).text(), "There is no such resource");
}

TEST(Quoted, LeavesPlainTextAlone) {
    EXPECT_EQ(quoted(""), "");
    EXPECT_EQ(quoted("plain text, \"é€😀\""), "plain text, \"é€😀\"");
}

TEST(Quoted, IsOursWhateverTheArgument) {
    std::string text = "a\"b";
    const std::string constant = text;
    EXPECT_EQ(quoted(text), "a\"b");
    EXPECT_EQ(quoted(constant), "a\"b");
    EXPECT_EQ(quoted(std::string_view(text)), "a\"b");
    EXPECT_EQ(quoted(std::string("a\"b")), "a\"b");
}

TEST(Quoted, EscapesControlCharacters) {
    EXPECT_EQ(quoted("a\nb\tc"), "a\\x0ab\\x09c");
    EXPECT_EQ(quoted("\x1b[31m\x7f"sv), "\\x1b[31m\\x7f");
    EXPECT_EQ(quoted("\0"sv), "\\x00");
    EXPECT_EQ(quoted("\u009b31m\u00a0"), "\\xc2\\x9b31m\u00a0");
}

TEST(Quoted, EscapesWhatIsNotUtf8) {
    EXPECT_EQ(quoted("a\xff"
                     "b\xc3"),
              "a\\xffb\\xc3");
    EXPECT_EQ(quoted("\xed\xa0\x80"), "\\xed\\xa0\\x80");
    EXPECT_TRUE(is_utf8(quoted(std::string(1000, '\x80'))));
}

TEST(Quoted, CutsOnACharacterBorder) {
    EXPECT_EQ(quoted(std::string(256, 'a')), std::string(256, 'a'));
    EXPECT_EQ(quoted(std::string(257, 'a')), std::string(256, 'a') + "…");
    EXPECT_EQ(quoted(std::string(255, 'a') + "é"), std::string(255, 'a') + "…");
    EXPECT_EQ(quoted(std::string(254, 'a') + "é"), std::string(254, 'a') + "é");
}

}  // namespace
}  // namespace attacca
