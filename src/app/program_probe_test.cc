// SPDX-License-Identifier: Apache-2.0
#include "app/program_probe.h"

#include <fstream>

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "adapters/system/temporary_directory_for_test.h"

namespace attacca::app {
namespace {

TEST(ProgramProbe, AProgramIsFoundInTheFirstDirectoryThatHasIt) {
    const system::TemporaryDirectory dir;
    const std::string file = dir.path() + "/sh";
    EXPECT_EQ(find_program("sh", dir.path() + ":/bin"), "/bin/sh");
    std::ofstream(file) << "#!/bin/sh\n";
    EXPECT_EQ(find_program("sh", dir.path() + ":/bin"), "/bin/sh");  // not executable
    ASSERT_EQ(::chmod(file.c_str(), 0700), 0);
    EXPECT_EQ(find_program("sh", dir.path() + ":/bin"), file);
}

TEST(ProgramProbe, DirectoriesAndEmptyEntriesAreNoPrograms) {
    EXPECT_EQ(find_program("bin", "/usr"), std::nullopt);
    EXPECT_EQ(find_program("sh", "::"), std::nullopt);
    EXPECT_EQ(find_program("sh", ""), std::nullopt);
}

TEST(ProgramProbe, BothOutputsAreReadAndTheEnvironmentIsBare) {
    const auto out = output_of({"/bin/sh", "-c", "echo a; echo b >&2; env | sort"}, seconds(20));
    ASSERT_TRUE(out);
    EXPECT_EQ(out->substr(0, 4), "a\nb\n");
    EXPECT_NE(out->find("\nPATH=/usr/local/bin:/usr/bin:/bin\n"), std::string::npos);
    EXPECT_EQ(out->find("HOME="), std::string::npos);
}

TEST(ProgramProbe, AProgramThatDoesNotEndIsKilledWithItsChildren) {
    // The child holds the pipe open: were it alive, its parent's death would not end the reading.
    EXPECT_EQ(output_of({"/bin/sh", "-c", "/bin/sleep 3600 & wait"}, milliseconds(50)),
              std::nullopt);
}

TEST(ProgramProbe, WhatCannotStartHasNoOutput) {
    EXPECT_EQ(output_of({"/nonexistent"}, seconds(20)), std::nullopt);
    EXPECT_EQ(output_of({}, seconds(20)), std::nullopt);
}

TEST(ProgramProbe, AVersionIsFoundAmongOtherThings) {
    EXPECT_EQ(version_in("Nmap version 7.93 ( https://nmap.org )"), "7.93");
    EXPECT_EQ(version_in("\x1b[1;34m\t\t2.0.7\n\t\tOpenSSL 3.0.22"), "2.0.7");
    EXPECT_EQ(version_in("version 12, released 2024."), std::nullopt);
    EXPECT_EQ(version_in("ends with 1.2."), "1.2");
    EXPECT_EQ(version_in(""), std::nullopt);
}

}  // namespace
}  // namespace attacca::app
