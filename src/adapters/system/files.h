// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"

// Files and directories whose content is on the disk when a call returns. A new name is durable
// only when its directory is synced too, so every function that makes one syncs both.
//
// Errors of all: storage_full for lack of space, else io_error; not_found where stated.
// Safe from any thread.

namespace attacca::system {

// Owns a file descriptor; -1 means none.
class Fd {
  public:
    Fd() = default;
    explicit Fd(int fd) : fd_(fd) {}
    ~Fd() { reset(); }
    Fd(Fd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    Fd& operator=(Fd&& other) noexcept {
        if (this != &other) {
            reset();
            fd_ = std::exchange(other.fd_, -1);
        }
        return *this;
    }
    Fd(const Fd&) = delete;
    Fd& operator=(const Fd&) = delete;

    [[nodiscard]] int get() const { return fd_; }
    [[nodiscard]] bool is_open() const { return fd_ >= 0; }
    [[nodiscard]] int release() { return std::exchange(fd_, -1); }
    void reset();

  private:
    int fd_ = -1;
};

// The error of a failed system call on `path`.
[[nodiscard]] Error error_of(int error_number, std::string_view doing, std::string_view path);

// Makes the directory with mode 0700 when it is not there, parents included, each one synced.
[[nodiscard]] Result<void> make_directory(const std::string& path);
[[nodiscard]] Result<void> sync_directory(const std::string& path);
// Removes the file when it is there.
[[nodiscard]] Result<void> remove_file(const std::string& path);
// For secrets: `bytes` zeros reach the disk before the name goes. Errors: not_found.
[[nodiscard]] Result<void> overwrite_and_remove(const std::string& path, std::size_t bytes);
[[nodiscard]] bool file_exists(const std::string& path);

[[nodiscard]] Result<void> write_all(int fd, std::string_view bytes, std::string_view path);
// The whole file. Errors: not_found; io_error also when it is larger than `bytes_max`.
[[nodiscard]] Result<std::string> read_file(const std::string& path, std::size_t bytes_max);

// Replaces or creates the file with mode 0600: readers see the old content or the new, also after
// a crash.
[[nodiscard]] Result<void> write_file(const std::string& path, std::string_view bytes);
// The same, but fails with state_conflict when the file is already there.
[[nodiscard]] Result<void> create_file(const std::string& path, std::string_view bytes);

}  // namespace attacca::system
