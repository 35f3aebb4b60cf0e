// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <mutex>
#include <string>
#include <system_error>

#include <csignal>
#include <fcntl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "adapters/spawner/fd.h"
#include "base/digest.h"
#include "ports/clock.h"
#include "ports/content.h"

// What the tests of this folder share: a directory, real time, content in memory, and a pipe by
// which a command tells the test that it has come so far.

namespace attacca::spawner {

class TemporaryDirectory {
  public:
    TemporaryDirectory() {
        std::string name = (std::filesystem::temp_directory_path() / "attacca-XXXXXX").string();
        path_ = ::mkdtemp(name.data()) == nullptr ? std::string{} : name;
    }
    ~TemporaryDirectory() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    TemporaryDirectory(const TemporaryDirectory&) = delete;
    TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
    [[nodiscard]] const std::string& path() const { return path_; }

  private:
    std::string path_;
};

class RealClock final : public ports::Clock {
  public:
    [[nodiscard]] Now now() const override { return {{us(CLOCK_REALTIME)}, {us(CLOCK_MONOTONIC)}}; }

  private:
    static std::int64_t us(clockid_t clock) {
        timespec at{};
        ::clock_gettime(clock, &at);
        return std::int64_t{at.tv_sec} * 1'000'000 + at.tv_nsec / 1000;
    }
};

inline std::string text_of(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

class MapContent final : public ports::Content {
  public:
    Result<Sha256> put(std::string_view bytes) override {
        const std::scoped_lock lock(mutex_);
        if (is_full) {
            return fail(Problem::storage_full, "no space");
        }
        const Sha256 digest = sha256(bytes);
        content_.emplace(digest, bytes);
        return digest;
    }
    Result<Sha256> adopt(const std::string& path) override {
        Result<Sha256> digest = put(text_of(path));
        if (digest) {
            std::filesystem::remove(path);
        }
        return digest;
    }
    Result<std::uint64_t> size(const Sha256& digest) const override {
        const std::scoped_lock lock(mutex_);
        return std::uint64_t{content_.at(digest).size()};
    }
    Result<std::string> read(const Sha256& digest,
                             std::uint64_t offset,
                             std::uint64_t length) const override {
        const std::scoped_lock lock(mutex_);
        return content_.at(digest).substr(offset, length);
    }

    bool is_full = false;

  private:
    mutable std::mutex mutex_;
    std::map<Sha256, std::string> content_;
};

// A named pipe: a command writes a line to path(), read_line() waits for it.
class Signpost {
  public:
    explicit Signpost(const std::string& path) : path_(path) {
        is_made_ = ::mkfifo(path.c_str(), 0600) == 0;
        // Opened for both, so that neither side waits for the other at open.
        fd_ = Fd(::open(path.c_str(), O_RDWR | O_CLOEXEC));
    }
    [[nodiscard]] const std::string& path() const { return path_; }
    [[nodiscard]] std::string read_line() const {
        std::string line;
        char c = 0;
        while (::read(fd_.get(), &c, 1) == 1 && c != '\n') {
            line += c;
        }
        return line;
    }
    void write_line() const {
        [[maybe_unused]] const ssize_t written = ::write(fd_.get(), "\n", 1);
    }
    [[nodiscard]] pid_t read_pid() const { return std::atoi(read_line().c_str()); }

  private:
    std::string path_;
    bool is_made_ = false;
    Fd fd_;
};

inline bool is_gone(pid_t pid) {
    return pid > 1 && ::kill(pid, 0) != 0 && errno == ESRCH;
}

}  // namespace attacca::spawner
