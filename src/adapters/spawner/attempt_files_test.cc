// SPDX-License-Identifier: Apache-2.0
#include "adapters/spawner/attempt_files.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "adapters/spawner/support_for_test.h"

namespace attacca::spawner {
namespace {

class AttemptFilesTest : public testing::Test {
  protected:
    AttemptFilesTest() {
        std::filesystem::create_directory(roots_.live);
        std::filesystem::create_directory(roots_.work);
        spec_.fence = {7};
    }
    TemporaryDirectory dir_;
    AttemptRoots roots_{dir_.path() + "/live", dir_.path() + "/work"};
    core::AttemptSpec spec_;
};

TEST_F(AttemptFilesTest, DirectoriesAreNamedByTheFenceAndRemovedByIt) {
    const AttemptPaths paths = paths_of(roots_, spec_);
    EXPECT_EQ(paths.stdout_file(), dir_.path() + "/live/7/stdout");
    EXPECT_EQ(paths.directory, roots_.work + "/7");
    spec_.is_shell = true;
    spec_.script = "echo hi";
    spec_.files = {{"in.txt", "one"}, {"deep/er/in.txt", "two"}};
    ASSERT_TRUE(make_attempt_files(paths, spec_));
    EXPECT_EQ(text_of(paths.script_file()), "echo hi");
    EXPECT_EQ(text_of(paths.work + "/in.txt"), "one");
    EXPECT_EQ(text_of(paths.work + "/deep/er/in.txt"), "two");
    EXPECT_FALSE(make_attempt_files(paths, spec_));
    remove_attempt_files(roots_, {7});
    EXPECT_FALSE(std::filesystem::exists(paths.work));
    EXPECT_FALSE(std::filesystem::exists(paths.live));
}

TEST_F(AttemptFilesTest, FilesNeverLeaveTheWorkingDirectory) {
    for (const char* path : {"../out", "/tmp/attacca-out", "a/../../out", "a//../x", ""}) {
        const AttemptPaths paths = paths_of(roots_, spec_);
        spec_.files = {{path, "x"}};
        EXPECT_FALSE(make_attempt_files(paths, spec_)) << path;
        EXPECT_FALSE(std::filesystem::exists(roots_.work + "/out")) << path;
        remove_attempt_files(roots_, {7});
    }
}

TEST_F(AttemptFilesTest, OnlyRegularFilesBelowAreOpened) {
    const std::string below = roots_.work;
    std::ofstream(below + "/good") << "text";
    std::ofstream(dir_.path() + "/secret") << "secret";
    std::filesystem::create_directory(below + "/sub");
    std::ofstream(below + "/sub/good") << "more";
    std::filesystem::create_symlink(dir_.path() + "/secret", below + "/link");
    std::filesystem::create_directory_symlink(dir_.path(), below + "/way");
    ASSERT_EQ(::mkfifo((below + "/pipe").c_str(), 0600), 0);

    EXPECT_EQ(*read_up_to(*open_beneath(below, "good"), 100), "text");
    EXPECT_EQ(*read_up_to(*open_beneath(below, "sub/good"), 2), "mo");
    EXPECT_EQ(open_beneath(below, "none").error().problem, Problem::not_found);
    for (const char* path : {"../secret", "link", "way/secret", "/etc/passwd", "pipe", "sub"}) {
        const Result<Fd> opened = open_beneath(below, path);
        ASSERT_FALSE(opened) << path;
        EXPECT_EQ(opened.error().problem, Problem::invalid_value) << path;
    }
    EXPECT_FALSE(open_plain(below + "/link"));
    EXPECT_FALSE(open_plain(below + "/pipe"));
}

TEST_F(AttemptFilesTest, ACopyStopsAtTheLimit) {
    std::ofstream(dir_.path() + "/from") << std::string(100'000, 'x');
    const Fd from(::open((dir_.path() + "/from").c_str(), O_RDONLY));
    EXPECT_FALSE(copy_to(from, dir_.path() + "/short", 99'999));
    ::lseek(from.get(), 0, SEEK_SET);
    EXPECT_EQ(*copy_to(from, dir_.path() + "/whole", 100'000), 100'000U);
    EXPECT_EQ(text_of(dir_.path() + "/whole"), std::string(100'000, 'x'));
    EXPECT_FALSE(copy_to(from, dir_.path() + "/whole", 100'000));
}

bool has(const std::vector<std::string>& env, const std::string& entry) {
    return std::count(env.begin(), env.end(), entry) == 1;
}

TEST_F(AttemptFilesTest, TheEnvironmentIsOursAndTheNodes) {
    spec_.node = "build";
    spec_.attempt = 3;
    spec_.env = {{"MODE", "fast mode"}, {"PATH", "/opt"}, {"ATTACCA_FENCE", "1"}};
    const AttemptPaths paths = paths_of(roots_, spec_);
    const Result<SpawnRequest> request = spawn_request(paths, spec_, {"tool", "-x"}, 5);
    ASSERT_TRUE(request);
    EXPECT_EQ(request->argv, (std::vector<std::string>{"tool", "-x"}));
    EXPECT_EQ(request->file_bytes_max, 5U);
    for (const std::string& entry :
         {std::string("MODE=fast mode"), std::string("PATH=/opt"), std::string("ATTACCA_FENCE=7"),
          std::string("ATTACCA_ATTEMPT=3"), std::string("ATTACCA_NODE=build"),
          std::string("LANG=C.UTF-8"), std::string("NMAP_UNPRIVILEGED=1"), "HOME=" + paths.work,
          "TMPDIR=" + paths.work + "/.tmp",
          "ATTACCA_OUTPUT=" + paths.live + "/output",
          "ATTACCA_HEARTBEAT=" + paths.live + "/heartbeat",
          "ATTACCA_JOB=" + spec_.job.text()}) {
        EXPECT_TRUE(has(request->env, entry)) << entry;
    }
    EXPECT_EQ(request->env.size(), 12U);
}

TEST_F(AttemptFilesTest, WhatCannotBePassedToAProcessIsRefused) {
    const AttemptPaths paths = paths_of(roots_, spec_);
    EXPECT_FALSE(spawn_request(paths, spec_, {}, 5));
    EXPECT_FALSE(spawn_request(paths, spec_, {""}, 5));
    EXPECT_FALSE(spawn_request(paths, spec_, {"echo", std::string("a\0b", 3)}, 5));
    EXPECT_FALSE(spawn_request(paths, spec_, {"echo", std::string(9U << 20U, 'x')}, 5));
    for (const auto& [name, value] : {std::pair<std::string, std::string>{"", "x"},
                                      {"A=B", "x"},
                                      {std::string("A\0", 2), "x"},
                                      {"A", std::string("\0", 1)}}) {
        spec_.env = {{name, value}};
        EXPECT_FALSE(spawn_request(paths, spec_, {"echo"}, 5));
    }
}

}  // namespace
}  // namespace attacca::spawner
