// SPDX-License-Identifier: Apache-2.0
#include "cli/table.h"

#include <gtest/gtest.h>

#include <set>

namespace attacca::cli {
namespace {

TEST(Table, EveryNameIsThereOnce) {
    std::set<std::string_view> names;
    for (const CommandSpec& command : commands()) {
        EXPECT_TRUE(names.insert(command.name).second) << command.name;
        std::set<std::string_view> flags;
        for (const FlagSpec& flag : command.flags) {
            EXPECT_TRUE(flags.insert(flag.name).second) << command.name << " " << flag.name;
        }
    }
}

TEST(Table, EveryCommandHasASummaryAndAnExample) {
    for (const CommandSpec& command : commands()) {
        EXPECT_FALSE(command.summary.empty()) << command.name;
        EXPECT_FALSE(command.examples.empty()) << command.name;
        EXPECT_FALSE(command.summary.ends_with('.')) << command.name;
    }
}

TEST(Table, OnlyTheLastArgumentRepeatsOrMayBeMissing) {
    for (const CommandSpec& command : commands()) {
        for (std::size_t i = 0; i + 1 < command.arguments.size(); ++i) {
            EXPECT_FALSE(command.arguments[i].is_repeated) << command.name;
            EXPECT_TRUE(command.arguments[i].is_required) << command.name;
        }
    }
}

}  // namespace
}  // namespace attacca::cli
