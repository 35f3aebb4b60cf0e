// SPDX-License-Identifier: Apache-2.0
#include "cli/help.h"

#include <gtest/gtest.h>

#include "cli/golden.h"
#include "cli/text.h"

namespace attacca::cli {
namespace {

std::string file_name(std::string_view command) {
    std::string name{command};
    for (char& byte : name) {
        byte = byte == ' ' ? '_' : byte;
    }
    return name;
}

void expect_narrow(const std::string& text) {
    for (const std::string_view line : lines_of(text)) {
        EXPECT_LE(width_of(line), 80U) << line;
    }
}

TEST(Help, EveryCommandHasItsKeptTextWithinEightyColumns) {
    for (const CommandSpec& command : commands()) {
        const std::string text = command_help(command);
        expect_narrow(text);
        expect_golden("help_" + file_name(command.name) + ".txt", text);
    }
}

TEST(Help, TheOverviewNamesEveryCommandAndTopic) {
    const std::string text = overall_help();
    expect_narrow(text);
    expect_golden("help.txt", text);
    for (const CommandSpec& command : commands()) {
        EXPECT_NE(text.find("  " + std::string{command.name} + " "), std::string::npos);
    }
    for (const Topic& topic : topics()) {
        EXPECT_NE(text.find("  " + std::string{topic.name} + " "), std::string::npos);
    }
}

TEST(Help, TopicsHaveTheirKeptText) {
    for (const Topic& topic : topics()) {
        const Result<std::string> text = subject_help(topic.name);
        ASSERT_TRUE(text);
        expect_narrow(*text);
        expect_golden("topic_" + std::string{topic.name} + ".txt", *text);
    }
    expect_golden("topic_jobs.txt", *subject_help("jobs"));
    expect_golden("topic_error.txt", *subject_help("E_DAG_CYCLE"));
}

TEST(Help, AnErrorThatNoServerSendsHasNoStatusOfHttp) {
    EXPECT_EQ(subject_help("E_USAGE")->find("HTTP"), std::string::npos);
    EXPECT_NE(subject_help("E_USAGE")->find("Exit code 64.\n"), std::string::npos);
    EXPECT_NE(subject_help("E_NOT_FOUND")->find("HTTP status 404, exit code 66.\n"),
              std::string::npos);
}

TEST(Help, AnUnknownSubjectIsNotFoundAndSuggestsTheNearest) {
    const Result<std::string> text = subject_help("exit-code");
    ASSERT_FALSE(text);
    EXPECT_EQ(text.error().problem, Problem::not_found);
    EXPECT_EQ(text.error().detail,
              "there is no help about \"exit-code\"; did you mean \"exit-codes\"?");
}

}  // namespace
}  // namespace attacca::cli
