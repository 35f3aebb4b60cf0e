// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <unistd.h>

#include <filesystem>
#include <string>

// A directory for one test, among the temporary ones, removed at the end. For tests only.

namespace attacca::sqlite {

class TestDirectory {
  public:
    TestDirectory()
        : path_(std::filesystem::temp_directory_path() /
                ("attacca_sqlite." + std::to_string(getpid()) + "." + std::to_string(count_++))) {
        std::filesystem::remove_all(path_);
        std::filesystem::create_directory(path_);
    }
    ~TestDirectory() { std::filesystem::remove_all(path_); }
    TestDirectory(const TestDirectory&) = delete;
    TestDirectory& operator=(const TestDirectory&) = delete;

    [[nodiscard]] std::string path() const { return path_.string(); }
    [[nodiscard]] std::string file() const { return path_.string() + "/attacca.db"; }

  private:
    inline static int count_ = 0;
    const std::filesystem::path path_;
};

}  // namespace attacca::sqlite
