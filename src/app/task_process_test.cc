// SPDX-License-Identifier: Apache-2.0
#include "app/task_process.h"

#include <csignal>

#include <gtest/gtest.h>

namespace attacca::app {
namespace {

TaskEnd run(TaskCommand command) {
    const auto process = TaskProcess::start(command);
    EXPECT_TRUE(process);
    while (process && !(*process)->wait(seconds(10))) {
    }
    return process ? (*process)->end() : TaskEnd{};
}

TEST(TaskProcess, GetsItsInputAndGivesItsOutput) {
    const std::string large(300000, 'x');
    const TaskEnd end = run({{"cat"}, {}, large});
    EXPECT_EQ(end.exit_code, 0);
    EXPECT_EQ(end.output, large);
    EXPECT_FALSE(end.is_cut);
}

TEST(TaskProcess, NeedNotReadItsInput) {
    EXPECT_EQ(run({{"true"}, {}, std::string(300000, 'x')}).exit_code, 0);
}

TEST(TaskProcess, SeesItsVariablesAndTheWorkersOwn) {
    const TaskEnd end = run({{"sh", "-c", "echo \"$ONE ${PATH:+path}\""}, {{"ONE", "1"}}, {}});
    EXPECT_EQ(end.output, "1 path\n");
}

TEST(TaskProcess, TellsItsExitStatus) {
    EXPECT_EQ(run({{"sh", "-c", "exit 3"}, {}, {}}).exit_code, 3);
}

TEST(TaskProcess, TellsTheSignalThatEndedIt) {
    const TaskEnd end = run({{"sh", "-c", "kill -KILL $$"}, {}, {}});
    EXPECT_FALSE(end.exit_code);
    EXPECT_EQ(end.signal, SIGKILL);
}

TEST(TaskProcess, IsCutWhereItSaysTooMuch) {
    const TaskEnd end = run({{"sh", "-c", "head -c 2000000 /dev/zero"}, {}, {}});
    EXPECT_EQ(end.exit_code, 0);
    EXPECT_EQ(end.output.size(), task_output_bytes_max);
    EXPECT_TRUE(end.is_cut);
}

TEST(TaskProcess, StopsWithWhatItStarted) {
    const auto process =
        TaskProcess::start({{"sh", "-c", "sleep 600 & echo on; wait"}, {}, {}});
    ASSERT_TRUE(process);
    (*process)->stop(false);
    while (!(*process)->wait(seconds(10))) {
    }
    EXPECT_EQ((*process)->end().signal, SIGTERM);
}

TEST(TaskProcess, IsAnErrorWhenThereIsNoSuchProgram) {
    const auto process = TaskProcess::start({{"/no/such/program"}, {}, {}});
    ASSERT_FALSE(process);
    EXPECT_EQ(process.error().problem, Problem::not_found);
}

}  // namespace
}  // namespace attacca::app
