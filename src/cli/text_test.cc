// SPDX-License-Identifier: Apache-2.0
#include "cli/text.h"

#include <gtest/gtest.h>

namespace attacca::cli {
namespace {

TEST(Text, WidthCountsCodePoints) {
    EXPECT_EQ(width_of("✓ done"), 6U);
    EXPECT_EQ(padded("✗", 3), "✗  ");
    EXPECT_EQ(cut("abcdef", 4), "abc…");
    EXPECT_EQ(cut("äöüß", 3), "äö…");
    EXPECT_EQ(cut("abc", 3), "abc");
    EXPECT_EQ(cut("abc", 0), "");
}

TEST(Text, WrappingKeepsWordsWhole) {
    EXPECT_EQ(wrapped("one two three", 7), (std::vector<std::string>{"one two", "three"}));
    EXPECT_EQ(wrapped("extraordinary x", 4), (std::vector<std::string>{"extraordinary", "x"}));
    EXPECT_TRUE(wrapped("", 4).empty());
}

TEST(Text, NothingThatATerminalObeysIsPrinted) {
    EXPECT_EQ(printable("a\x1b[31mb"), "a\uFFFD[31mb");
    EXPECT_EQ(printable("a\tb\r\n"), "a b");
    EXPECT_EQ(printable("\xc2\x9b" "2J"), "\uFFFD2J");
    EXPECT_EQ(printable("\xff ok ✓"), "\uFFFD ok ✓");
}

TEST(Text, LinesEndWithOrWithoutCarriageReturns) {
    EXPECT_EQ(lines_of("a\r\nb\n\nc"), (std::vector<std::string_view>{"a", "b", "", "c"}));
    EXPECT_TRUE(lines_of("").empty());
    EXPECT_EQ(last_lines("a\nb\nc\n", 2), (std::vector<std::string_view>{"b", "c"}));
}

TEST(Text, TheNearestWordIsASlipAwayNotAnotherWord) {
    const std::vector<std::string> words = {"needs", "needs_when", "map", "retry"};
    EXPECT_EQ(nearest("need", words), "needs");
    EXPECT_EQ(nearest("need_when", words), "needs_when");
    EXPECT_EQ(nearest("rtery", words), "retry");
    EXPECT_EQ(nearest("retyr", words), "retry");
    EXPECT_EQ(nearest("retri", words), "retry");
    EXPECT_EQ(nearest("banana", words), std::nullopt);
}

TEST(Text, TablesAlignByTheWidestCell) {
    TextTable table({"ID", "STATUS"});
    table.add({"abc", "✓ completed"});
    table.add({"d", "◐ running"});
    EXPECT_EQ(table.text(true), "ID   STATUS\nabc  ✓ completed\nd    ◐ running\n");
    EXPECT_EQ(table.text(false), "abc  ✓ completed\nd    ◐ running\n");
}

TEST(Text, DurationsAgesAndSizesReadWell) {
    EXPECT_EQ(human_duration(milliseconds(340)), "340ms");
    EXPECT_EQ(human_duration(milliseconds(1450)), "1.4s");
    EXPECT_EQ(human_duration(seconds(134)), "2m 14s");
    EXPECT_EQ(human_duration(seconds(120)), "2m");
    EXPECT_EQ(human_duration(seconds(2 * 86400 + 3 * 3600 + 59)), "2d 3h");
    const WallTime now{1'000'000'000'000};
    EXPECT_EQ(human_age({now.us - 12'000'000}, now), "12s ago");
    EXPECT_EQ(human_age({now.us + 300'000'000}, now), "in 5m");
    EXPECT_EQ(human_age(now, now), "now");
    EXPECT_EQ(human_bytes(812), "812 B");
    EXPECT_EQ(human_bytes(4096), "4.0 KiB");
    EXPECT_EQ(human_bytes(1'500'000'000), "1.3 GiB");
}

TEST(Text, WithoutColourTextStaysAsItIs) {
    EXPECT_EQ(Style{false}(Colour::red, "x"), "x");
    EXPECT_EQ(Style{true}(Colour::red, "x"), "\x1b[31mx\x1b[0m");
    EXPECT_EQ(Style{true}(Colour::red, ""), "");
}

TEST(Text, NumbersAreRoundedForAnEye) {
    EXPECT_EQ(percent_text("0.964520"), "96 %");
    EXPECT_EQ(percent_text("1.000000"), "100 %");
    EXPECT_EQ(percent_text("0.004"), "0 %");
    EXPECT_EQ(percent_text("-"), "-");
    EXPECT_EQ(rounded_text("-0.040346"), "-0.04");
    EXPECT_EQ(rounded_text("-0.000346"), "0.00");
    EXPECT_EQ(rounded_text("1234"), "1234");
    EXPECT_EQ(rounded_text("-"), "-");
}

}  // namespace
}  // namespace attacca::cli
