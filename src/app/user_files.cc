// SPDX-License-Identifier: Apache-2.0
#include "app/user_files.h"

#include <cerrno>

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include "adapters/system/files.h"

namespace attacca::app {
namespace {

constexpr std::size_t part_bytes = std::size_t{64} << 10U;

Error error_of(int error_number, std::string_view doing, const std::string& path) {
    if (error_number == ENOENT || error_number == ENOTDIR) {
        return fail(Problem::not_found, "there is no file " + quoted(path));
    }
    if (error_number == EISDIR) {
        return fail(Problem::not_found, quoted(path) + " is a directory, not a file");
    }
    if (error_number == EACCES || error_number == EPERM) {
        return fail(Problem::forbidden,
                    "cannot " + std::string(doing) + " " + quoted(path) + ": permission denied");
    }
    return fail(Problem::io_error, system::error_of(error_number, doing, path).detail);
}

Result<std::string> read_all(int fd, const std::string& path) {
    std::string text;
    for (;;) {
        const std::size_t had = text.size();
        text.resize(had + part_bytes);
        const ssize_t got = ::read(fd, text.data() + had, part_bytes);
        if (got < 0 && errno != EINTR) {
            return error_of(errno, "read", path);
        }
        text.resize(had + static_cast<std::size_t>(got < 0 ? 0 : got));
        if (text.size() > user_file_bytes_max) {
            return fail(Problem::body_too_large, quoted(path) + " is larger than 32 MiB");
        }
        if (got == 0) {
            return text;
        }
    }
}

}  // namespace

Result<std::string> read_user_file(const std::string& path) {
    if (path == "-") {
        return read_all(STDIN_FILENO, "standard input");
    }
    const system::Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY));
    if (!fd.is_open()) {
        return error_of(errno, "open", path);
    }
    return read_all(fd.get(), path);
}

Error creation_error(int error_number, const std::string& path) {
    if (error_number == ENOENT || error_number == ENOTDIR) {
        const std::string directory = path.substr(0, path.find_last_of('/'));
        return fail(Problem::not_found,
                    "there is no directory " + quoted(directory) + "; make it first");
    }
    return fail(Problem::io_error, system::error_of(error_number, "create", path).detail);
}

Result<void> write_user_file(const std::string& path, std::string_view text, bool is_replacing) {
    const int flags = O_WRONLY | O_CREAT | O_CLOEXEC | O_NOCTTY | (is_replacing ? O_TRUNC : O_EXCL);
    const system::Fd fd(::open(path.c_str(), flags, 0666));
    if (!fd.is_open()) {
        if (errno == EEXIST) {
            return fail(Problem::exists, "the file " + quoted(path) + " is there already");
        }
        return creation_error(errno, path);
    }
    if (Result<void> written = system::write_all(fd.get(), text, path); !written) {
        if (!is_replacing) {
            ::unlink(path.c_str());  // half a file would stand in the way of the next try
        }
        return fail(Problem::io_error, written.error().detail);
    }
    return {};
}

Written write_text(int fd, std::string_view text) {
    while (!text.empty()) {
        const ssize_t written = ::write(fd, text.data(), text.size());
        if (written >= 0) {
            text.remove_prefix(static_cast<std::size_t>(written));
        } else if (errno == EAGAIN) {
            // A terminal that another program made non-blocking: wait until it takes more.
            pollfd ready{fd, POLLOUT, 0};
            ::poll(&ready, 1, -1);
        } else if (errno != EINTR) {
            return errno == EPIPE ? Written::nobody_reads : Written::failed;
        }
    }
    return Written::all;
}

bool has_no_reader(int fd) {
    pollfd asked{fd, 0, 0};
    return ::poll(&asked, 1, 0) == 1 && (asked.revents & POLLERR) != 0;
}

}  // namespace attacca::app
