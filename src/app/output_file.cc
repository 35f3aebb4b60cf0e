// SPDX-License-Identifier: Apache-2.0
#include "app/output_file.h"

#include <cerrno>
#include <utility>

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "adapters/system/files.h"
#include "app/user_files.h"

namespace attacca::app {
namespace {

Error exists(const std::string& path) {
    return fail(Problem::exists, "the file " + quoted(path) + " is there already");
}

class UserOutputFile final : public cli::OutputFile {
  public:
    UserOutputFile(system::Fd fd, std::string path, std::string part, bool is_replacing)
        : fd_(std::move(fd)),
          path_(std::move(path)),
          part_(std::move(part)),
          is_replacing_(is_replacing) {}
    ~UserOutputFile() override {
        if (!is_committed_) {
            ::unlink(part_.c_str());
        }
    }
    UserOutputFile(const UserOutputFile&) = delete;
    UserOutputFile& operator=(const UserOutputFile&) = delete;

    Result<void> write(std::string_view bytes) override {
        return system::write_all(fd_.get(), bytes, part_);
    }
    Result<void> commit() override {
        if (::fsync(fd_.get()) != 0) {
            return system::error_of(errno, "sync", part_);
        }
        const unsigned int flags = is_replacing_ ? 0 : RENAME_NOREPLACE;
        if (::renameat2(AT_FDCWD, part_.c_str(), AT_FDCWD, path_.c_str(), flags) != 0) {
            return errno == EEXIST ? exists(path_) : system::error_of(errno, "rename", part_);
        }
        is_committed_ = true;
        return {};
    }

  private:
    system::Fd fd_;
    std::string path_;
    std::string part_;
    bool is_replacing_;
    bool is_committed_ = false;
};

}  // namespace

Result<std::unique_ptr<cli::OutputFile>> create_user_file(const std::string& path,
                                                          bool is_replacing) {
    struct stat found {};
    if (!is_replacing && ::lstat(path.c_str(), &found) == 0) {
        return exists(path);
    }
    const std::string part = path + ".part";
    const int flags = O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOCTTY | O_NOFOLLOW;
    system::Fd fd(::open(part.c_str(), flags, 0666));
    if (!fd.is_open()) {
        return creation_error(errno, part);
    }
    return std::unique_ptr<cli::OutputFile>(
        std::make_unique<UserOutputFile>(std::move(fd), path, part, is_replacing));
}

}  // namespace attacca::app
