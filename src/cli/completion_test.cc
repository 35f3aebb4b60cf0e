// SPDX-License-Identifier: Apache-2.0
#include "cli/completion.h"

#include <gtest/gtest.h>

#include "cli/golden.h"
#include "cli/table.h"

namespace attacca::cli {
namespace {

TEST(Completion, ScriptsOfAllShellsAreKept) {
    for (const char* shell : {"bash", "zsh", "fish"}) {
        expect_golden(std::string{"completion."} + shell, completion_script(shell));
    }
}

TEST(Completion, EveryCommandAndFlagIsInEveryScript) {
    for (const char* shell : {"bash", "zsh", "fish"}) {
        const std::string script = completion_script(shell);
        for (const CommandSpec& command : commands()) {
            const std::size_t space = command.name.find(' ');
            const std::string last{
                command.name.substr(space == std::string_view::npos ? 0 : space + 1)};
            EXPECT_NE(script.find(last), std::string::npos) << shell << " " << last;
            for (const FlagSpec& flag : command.flags) {
                EXPECT_NE(script.find(flag.name), std::string::npos) << shell << " " << flag.name;
            }
        }
    }
}

}  // namespace
}  // namespace attacca::cli
