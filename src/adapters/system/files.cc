// SPDX-License-Identifier: Apache-2.0
#include "adapters/system/files.h"

#include <array>
#include <atomic>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstring>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace attacca::system {
namespace {

std::string parent_of(const std::string& path) {
    const std::size_t slash = path.find_last_of('/');
    if (slash == std::string::npos) {
        return ".";
    }
    return slash == 0 ? "/" : path.substr(0, slash);
}

// Unique in this process; another process cannot write here, because it lacks the lock.
std::string temporary_name(const std::string& path) {
    static std::atomic<std::uint64_t> counter{0};
    return path + ".tmp" + std::to_string(::getpid()) + "-" + std::to_string(counter.fetch_add(1));
}

Result<void> write_temporary(const std::string& path, std::string_view bytes) {
    const Fd fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!fd.is_open()) {
        return error_of(errno, "create", path);
    }
    if (Result<void> written = write_all(fd.get(), bytes, path); !written) {
        return written;
    }
    if (::fsync(fd.get()) != 0) {
        return error_of(errno, "sync", path);
    }
    return {};
}

Result<void> place(const std::string& path, std::string_view bytes, bool may_replace) {
    const std::string temporary = temporary_name(path);
    if (Result<void> written = write_temporary(temporary, bytes); !written) {
        ::unlink(temporary.c_str());
        return written;
    }
    const unsigned flags = may_replace ? 0U : unsigned{RENAME_NOREPLACE};
    if (::renameat2(AT_FDCWD, temporary.c_str(), AT_FDCWD, path.c_str(), flags) != 0) {
        const int error_number = errno;
        ::unlink(temporary.c_str());
        if (error_number == EEXIST) {
            return fail(Problem::state_conflict, "the file " + quoted(path) + " is there already");
        }
        return error_of(error_number, "rename", path);
    }
    return sync_directory(parent_of(path));
}

}  // namespace

void Fd::reset() {
    if (fd_ >= 0) {
        ::close(fd_);
        fd_ = -1;
    }
}

Error error_of(int error_number, std::string_view doing, std::string_view path) {
    const bool is_full = error_number == ENOSPC || error_number == EDQUOT;
    const char* const text = ::strerrordesc_np(error_number);
    return fail(is_full ? Problem::storage_full : Problem::io_error,
                "cannot " + std::string(doing) + " " + quoted(path) + ": " +
                    (text == nullptr ? "unknown error" : text));
}

Result<void> make_directory(const std::string& path) {
    for (std::size_t slash = path.find('/', 1);; slash = path.find('/', slash + 1)) {
        const std::string prefix = path.substr(0, slash);
        if (::mkdir(prefix.c_str(), 0700) == 0) {
            if (Result<void> synced = sync_directory(parent_of(prefix)); !synced) {
                return synced;
            }
        } else if (errno != EEXIST) {
            return error_of(errno, "make the directory", path);
        }
        if (slash == std::string::npos) {
            break;
        }
    }
    struct stat found {};
    if (::stat(path.c_str(), &found) != 0 || !S_ISDIR(found.st_mode)) {
        return error_of(ENOTDIR, "use", path);
    }
    return {};
}

Result<void> sync_directory(const std::string& path) {
    const Fd fd(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!fd.is_open() || ::fsync(fd.get()) != 0) {
        return error_of(errno, "sync the directory", path);
    }
    return {};
}

Result<void> remove_file(const std::string& path) {
    if (::unlink(path.c_str()) == 0) {
        return sync_directory(parent_of(path));
    }
    if (errno != ENOENT) {
        return error_of(errno, "remove", path);
    }
    return {};
}

Result<void> overwrite_and_remove(const std::string& path, std::size_t bytes) {
    {
        const Fd fd(::open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NOFOLLOW));
        if (!fd.is_open()) {
            return error_of(errno, "open", path);
        }
        const std::string zeros(bytes, '\0');
        if (Result<void> written = write_all(fd.get(), zeros, path); !written) {
            return written;
        }
        if (::fdatasync(fd.get()) != 0) {
            return error_of(errno, "sync", path);
        }
    }
    return remove_file(path);
}

bool file_exists(const std::string& path) {
    struct stat found {};
    return ::lstat(path.c_str(), &found) == 0;
}

Result<void> write_all(int fd, std::string_view bytes, std::string_view path) {
    while (!bytes.empty()) {
        const ssize_t written = ::write(fd, bytes.data(), bytes.size());
        if (written < 0) {
            if (errno == EINTR) {
                continue;
            }
            return error_of(errno, "write", path);
        }
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return {};
}

Result<std::string> read_file(const std::string& path, std::size_t bytes_max) {
    const Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!fd.is_open()) {
        if (errno == ENOENT) {
            return fail(Problem::not_found, "there is no file " + quoted(path));
        }
        return error_of(errno, "open", path);
    }
    std::string bytes;
    std::array<char, 16384> block;
    while (true) {
        const ssize_t count = ::read(fd.get(), block.data(), block.size());
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count < 0) {
            return error_of(errno, "read", path);
        }
        if (count == 0) {
            return bytes;
        }
        bytes.append(block.data(), static_cast<std::size_t>(count));
        if (bytes.size() > bytes_max) {
            return error_of(EFBIG, "read", path);
        }
    }
}

Result<void> write_file(const std::string& path, std::string_view bytes) {
    return place(path, bytes, true);
}

Result<void> create_file(const std::string& path, std::string_view bytes) {
    return place(path, bytes, false);
}

}  // namespace attacca::system
