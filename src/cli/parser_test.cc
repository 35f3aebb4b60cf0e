// SPDX-License-Identifier: Apache-2.0
#include "cli/parser.h"

#include <gtest/gtest.h>

#include "cli/golden.h"

namespace attacca::cli {
namespace {

Result<Invocation> parsed(std::vector<std::string> words) {
    return parse_words(words);
}

std::string refusal(std::vector<std::string> words) {
    const Result<Invocation> result = parse_words(words);
    if (result) {
        return "accepted";
    }
    EXPECT_EQ(result.error().problem, Problem::usage);
    return result.error().detail;
}

TEST(Parser, ValuesComeInEveryForm) {
    for (const std::vector<std::string>& words :
         {std::vector<std::string>{"run", "--data", "d", "f"}, {"run", "--data=d", "f"},
          {"--data", "d", "run", "f"}, {"run", "f", "--data", "d"}}) {
        const auto result = parsed(words);
        ASSERT_TRUE(result);
        EXPECT_EQ(result->value("data"), "d");
        EXPECT_EQ(result->arguments, std::vector<std::string>{"f"});
    }
    for (const std::vector<std::string>& words :
         {std::vector<std::string>{"doctor", "-o", "json"}, {"doctor", "-ojson"},
          {"doctor", "-o=json"}, {"doctor", "--output=json"}, {"doctor", "-qvo", "json"}}) {
        const auto result = parsed(words);
        ASSERT_TRUE(result);
        EXPECT_EQ(result->value("output"), "json");
    }
}

TEST(Parser, RepeatedFlagsKeepTheirOrder) {
    const auto result = parsed({"run", "f", "-p", "a=1", "--param=b=2", "-pc=3"});
    ASSERT_TRUE(result);
    EXPECT_EQ(result->values("param"), (std::vector<std::string>{"a=1", "b=2", "c=3"}));
}

TEST(Parser, AfterTwoDashesEverythingIsAnArgument) {
    const auto result = parsed({"validate", "--", "--data", "-q"});
    ASSERT_TRUE(result);
    EXPECT_EQ(result->arguments, (std::vector<std::string>{"--data", "-q"}));
}

TEST(Parser, ADashAloneIsAnArgument) {
    const auto result = parsed({"run", "-"});
    ASSERT_TRUE(result);
    EXPECT_EQ(result->arguments, std::vector<std::string>{"-"});
}

TEST(Parser, TwoWordsNameACommand) {
    const auto result = parsed({"jobs", "list", "--status", "failed"});
    ASSERT_TRUE(result);
    EXPECT_EQ(result->command->name, "jobs list");
}

TEST(Parser, HelpNeedsNoArguments) {
    for (const std::vector<std::string>& words :
         {std::vector<std::string>{"run", "--help"}, {"run", "-h"}, {"-h", "run"}}) {
        const auto result = parsed(words);
        ASSERT_TRUE(result);
        EXPECT_TRUE(result->wants_help);
        EXPECT_EQ(result->command->name, "run");
    }
    EXPECT_TRUE(parsed({})->wants_help);
    EXPECT_EQ(parsed({"jobs", "-h"})->prefix, "jobs");
}

TEST(Parser, ACommandsOwnFlagHidesTheGlobalOne) {
    EXPECT_EQ(parsed({"graph", "f", "-o", "svg"})->value("output"), "svg");
    EXPECT_EQ(refusal({"doctor", "-o", "svg"}),
              "--output does not know \"svg\", only human|json|jsonl");
}

TEST(Parser, NumbersAndDurationsAreChecked) {
    const auto result = parsed({"run", "f", "--slots", "x", "--wait", "5"});
    ASSERT_TRUE(result);
    EXPECT_EQ(result->number("slots", 1, 9).error().detail,
              "--slots needs a number from 1 to 9, not \"x\"");
    EXPECT_EQ(result->duration("wait").error().detail,
              "--wait needs a duration such as 1m30s, not \"5\"");
    EXPECT_FALSE(result->number("absent", 1, 9)->has_value());
}

TEST(Parser, RefusalsAreWordedAsKept) {
    const std::vector<std::vector<std::string>> lines = {
        {"rum"},
        {"jobs"},
        {"jobs", "lst"},
        {"xyzzy"},
        {"run"},
        {"run", "a", "b"},
        {"run", "f", "--detatch"},
        {"--nope", "run"},
        {"run", "f", "-Z"},
        {"run", "f", "--wait"},
        {"run", "f", "--detach=yes"},
        {"jobs", "list", "--status", "fialed"},
        {"bench", "lifecycles"},
        {"completion", "tcsh"},
        {"run", "\x1b[31m", "\x1b[31m"},
    };
    std::string text;
    for (const std::vector<std::string>& words : lines) {
        text += "attacca";
        for (const std::string& word : words) {
            text += " " + (word.starts_with('\x1b') ? "<escape>" : word);
        }
        text += "\n  " + refusal(words) + "\n";
    }
    expect_golden("refusals.txt", text);
}

}  // namespace
}  // namespace attacca::cli
