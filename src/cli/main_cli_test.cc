// SPDX-License-Identifier: Apache-2.0
#include "cli/main_cli.h"

#include <gtest/gtest.h>

#include "cli/commands.h"
#include "cli/fake_environment.h"
#include "cli/help.h"

namespace attacca::cli {
namespace {

TEST(MainCli, EveryCommandOfTheTableHasAHandler) {
    for (const CommandSpec& command : commands()) {
        EXPECT_NE(handler_of(command.name), nullptr) << command.name;
    }
    EXPECT_EQ(handler_of("nothing"), nullptr);
}

TEST(MainCli, HelpIsDataAndSucceeds) {
    FakeEnvironment env;
    EXPECT_EQ(env.run({}), 0);
    EXPECT_EQ(env.out, overall_help());
    EXPECT_EQ(env.run({"run", "--help"}), 0);
    EXPECT_EQ(env.out, command_help(*find_command("run")));
    EXPECT_EQ(env.run({"help", "jobs", "list"}), 0);
    EXPECT_EQ(env.out, command_help(*find_command("jobs list")));
    EXPECT_EQ(env.run({"jobs", "-h"}), 0);
    EXPECT_EQ(env.out, prefix_help("jobs"));
    EXPECT_TRUE(env.err.empty());
}

TEST(MainCli, AWrongCommandLineEndsWith64AndSaysWhatWasMeant) {
    FakeEnvironment env;
    EXPECT_EQ(env.run({"rum"}), 64);
    EXPECT_TRUE(env.out.empty());
    EXPECT_NE(env.err.find("error[E_USAGE] unknown command \"rum\"; did you mean \"run\"?"),
              std::string::npos);
}

TEST(MainCli, AnUnknownSubjectOfHelpEndsWith66) {
    FakeEnvironment env;
    EXPECT_EQ(env.run({"help", "nonsense"}), 66);
}

TEST(MainCli, TheVersionHasTwoForms) {
    FakeEnvironment env;
    EXPECT_EQ(env.run({"--version"}), 0);
    EXPECT_EQ(env.out, "attacca " ATTACCA_VERSION "\n");
    EXPECT_EQ(env.run({"version", "-o", "jsonl"}), 0);
    EXPECT_EQ(env.out, "{\"version\":\"" ATTACCA_VERSION "\"}\n");
}

TEST(MainCli, CompletionGoesToStandardOutput) {
    FakeEnvironment env;
    EXPECT_EQ(env.run({"completion", "fish"}), 0);
    EXPECT_TRUE(env.out.starts_with("# attacca completion for fish\n"));
}

TEST(MainCli, ABrokenConfigurationStopsWorkButNotHelp) {
    FakeEnvironment env;
    env.files["attacca.yaml"] = "{";
    EXPECT_EQ(env.run({"doctor"}), 78);
    EXPECT_EQ(env.run({"version"}), 0);
    EXPECT_EQ(env.run({"help", "run"}), 0);
    EXPECT_EQ(env.run({"config", "check"}), 78);
}

}  // namespace
}  // namespace attacca::cli
