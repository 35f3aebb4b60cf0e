// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "cli/diagnostic.h"

// On real files: tests/e2e/binary_test.py.

namespace attacca::cli {
namespace {

struct Shown {
    Spot spot;
    std::string marked;  // the bytes at the spot
};

// One member, whose value `raw` (and `value` once it is read) stands in line 2 and below.
Shown shown(const std::string& raw, const Json& value, Problem problem,
            const std::string& detail) {
    const std::string text = "a: 1\nkey: " + raw + "\nlast: 1\n";
    Located located;
    located.document = Json::object();
    located.document.set("key", value);
    located.positions = {{"", {1, 1}}, {"/key", {2, 1}}};
    located.values = {{"", {1, 1}}, {"/key", {2, 6}}};
    Shown out{spot_of({"/key", "", detail}, problem, located, text), ""};
    std::string_view line = lines_of(text).at(out.spot.position->line - 1);
    line.remove_prefix(out.spot.position->column - 1);
    out.marked = line.substr(0, out.spot.length);
    return out;
}

TEST(Caret, StandsUnderTheByteThatAnExpressionsErrorNames) {
    Shown found = shown("a ==", "a ==", Problem::expression_invalid,
                        "at byte 2: comparisons do not chain");
    EXPECT_EQ(found.marked, "=");
    EXPECT_EQ(found.spot.detail, "comparisons do not chain");
    found = shown("\"x ${{ lenght(a) }}\"", "x ${{ lenght(a) }}", Problem::expression_invalid,
                  "in `${{` at byte 2: at byte 1: there is no function `lenght`");
    EXPECT_EQ(found.marked, "lenght");
    EXPECT_EQ(found.spot.position, (Position{2, 13}));
    EXPECT_EQ(found.spot.detail, "there is no function `lenght`");
}

TEST(Caret, BehindAnEscapeTheByteIsStillTold) {
    const Shown found = shown("\"\\x41 ==\"", "A ==", Problem::expression_invalid,
                              "at byte 4: expected a value, found the end");
    EXPECT_EQ(found.spot.position, (Position{2, 6})) << "the value";
    EXPECT_EQ(found.spot.detail, "at byte 4: expected a value, found the end");
}

TEST(Caret, StandsUnderTheWordThatTheErrorNames) {
    Shown found = shown("[name is ${{ params.name }}]", "name is ${{ params.name }}",
                        Problem::expression_invalid, "the parameter `name` is not declared");
    EXPECT_EQ(found.marked, "name");
    EXPECT_EQ(found.spot.position, (Position{2, 26}));
    found = shown("\"${{ secrets.x }}\"", "${{ secrets.x }}", Problem::not_supported,
                  "`secrets` is not served yet");
    EXPECT_EQ(found.marked, "secrets");
}

TEST(Caret, InABlockItStandsInItsLine) {
    const Shown found = shown("|\n  echo\n  echo ${{ a }}", "echo\necho ${{ a }}\n",
                              Problem::expression_invalid, "`${{ a }}` would become a command");
    EXPECT_EQ(found.spot.position, (Position{4, 8}));
    EXPECT_EQ(found.marked, "${{ a }}");
}

TEST(Caret, NothingBehindTheValueIsTakenForIt) {
    const Shown found =
        shown("x", "x", Problem::expression_invalid, "`last` is not known here");
    EXPECT_EQ(found.spot.position, (Position{2, 6}));
}

TEST(Caret, AWrongValueIsMarkedAsAWhole) {
    EXPECT_EQ(shown("Bad Name", "Bad Name", Problem::invalid_value, "no").marked, "Bad Name");
    EXPECT_EQ(shown("'Bad Name'", "Bad Name", Problem::invalid_value, "no").marked,
              "'Bad Name'");
    EXPECT_EQ(shown("70", 70, Problem::out_of_range, "no").spot.position, (Position{2, 6}));
}

TEST(Caret, WhatIsAboutAKeyStandsUnderIt) {
    const Position key{2, 1};
    EXPECT_EQ(shown("x", "x", Problem::unknown_field, "no").spot.position, key);
    EXPECT_EQ(shown("", Json(), Problem::wrong_type, "no").spot.position, key) << "no value";
    EXPECT_EQ(shown("[1]", Json::array(), Problem::wrong_type, "no").spot.position, key);
}

}  // namespace
}  // namespace attacca::cli
