// SPDX-License-Identifier: Apache-2.0
#include "adapters/spawner/attempt_files.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "adapters/spawner/channel.h"
#include "adapters/spawner/child.h"

namespace attacca::spawner {
namespace {

constexpr unsigned long resolve_rules =
    RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS;

Error file_error(std::string_view doing, const std::string& path) {
    const int error_number = errno;
    const bool is_full = error_number == ENOSPC || error_number == EDQUOT;
    const char* const text = ::strerrordesc_np(error_number);
    return fail(is_full ? Problem::storage_full : Problem::io_error,
                "cannot " + std::string(doing) + " " + quoted(path) + ": " +
                    (text == nullptr ? "unknown error" : text));
}

Error open_error(const std::string& path) {
    switch (errno) {
        case ENOENT:
        case ENOTDIR:
            return fail(Problem::not_found, "there is no file " + quoted(path));
        case EXDEV:
        case ELOOP:
            return fail(Problem::invalid_value,
                        quoted(path) + " leaves the working directory or is a link");
        default:
            return file_error("open", path);
    }
}

Result<Fd> open_below(int directory, const std::string& path, std::uint64_t flags) {
    open_how how{};
    how.flags = flags | O_CLOEXEC;
    how.mode = (flags & O_CREAT) != 0 ? 0600 : 0;
    how.resolve = resolve_rules;
    const long fd = ::syscall(SYS_openat2, directory, path.c_str(), &how, sizeof how);
    if (fd < 0) {
        return open_error(path);
    }
    return Fd(static_cast<int>(fd));
}

Result<Fd> require_regular(Fd fd, const std::string& path) {
    struct stat found {};
    if (::fstat(fd.get(), &found) != 0) {
        return file_error("examine", path);
    }
    if (!S_ISREG(found.st_mode)) {
        return fail(Problem::invalid_value, quoted(path) + " is not a regular file");
    }
    return fd;
}

Result<void> write_text(int fd, std::string_view bytes, const std::string& path) {
    while (!bytes.empty()) {
        const ssize_t count = ::write(fd, bytes.data(), bytes.size());
        if (count < 0 && errno != EINTR) {
            return file_error("write", path);
        }
        bytes.remove_prefix(count < 0 ? 0 : static_cast<std::size_t>(count));
    }
    return {};
}

Result<void> create_plain(const std::string& path, std::string_view bytes) {
    const Fd fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (!fd.is_open()) {
        return file_error("create", path);
    }
    return write_text(fd.get(), bytes, path);
}

// One of spec.files. Its directories are made on the way, each opened before the next.
Result<void> create_beneath(const std::string& directory, const core::AttemptFile& file) {
    Fd at(::open(directory.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (!at.is_open()) {
        return file_error("open", directory);
    }
    std::string rest = file.path;
    for (std::size_t slash = rest.find('/'); slash != std::string::npos; slash = rest.find('/')) {
        const std::string name = rest.substr(0, slash);
        rest.erase(0, slash + 1);
        if (::mkdirat(at.get(), name.c_str(), 0700) != 0 && errno != EEXIST) {
            return file_error("make the directory", file.path);
        }
        Result<Fd> next = open_below(at.get(), name, O_PATH | O_DIRECTORY);
        if (!next) {
            return next.error();
        }
        at = std::move(*next);
    }
    Result<Fd> fd = open_below(at.get(), rest, O_WRONLY | O_CREAT | O_EXCL);
    if (!fd) {
        return fd.error();
    }
    return write_text(fd->get(), file.content, file.path);
}

bool has_zero(std::string_view text) {
    return text.find('\0') != std::string_view::npos;
}

Result<void> add_variable(std::vector<std::pair<std::string, std::string>>& env,
                          const std::string& name,
                          const std::string& value) {
    if (name.empty() || name.find('=') != std::string::npos || has_zero(name)) {
        return fail(Problem::invalid_value, quoted(name) + " cannot name an environment variable");
    }
    if (has_zero(value)) {
        return fail(Problem::invalid_value,
                    "the environment variable " + quoted(name) + " holds a zero byte");
    }
    const auto same = std::find_if(env.begin(), env.end(),
                                   [&name](const auto& entry) { return entry.first == name; });
    if (same != env.end()) {
        same->second = value;
    } else {
        env.emplace_back(name, value);
    }
    return {};
}

// The node may replace the first few; what identifies the attempt is always ours.
Result<std::vector<std::string>> environment_of(const AttemptPaths& paths,
                                                const core::AttemptSpec& spec) {
    std::vector<std::pair<std::string, std::string>> env = {
        {"PATH", search_path},
        {"LANG", "C.UTF-8"},
        {"HOME", paths.work},
        {"TMPDIR", paths.temporary_directory()},
        // As root it would take for granted the raw sockets that an attempt has no right to.
        {"NMAP_UNPRIVILEGED", "1"},
    };
    for (const auto& [name, value] : spec.env) {
        if (Result<void> added = add_variable(env, name, value); !added) {
            return added.error();
        }
    }
    const std::array<std::pair<std::string, std::string>, 6> ours = {{
        {"ATTACCA_OUTPUT", paths.output_file()},
        {"ATTACCA_HEARTBEAT", paths.heartbeat_file()},
        {"ATTACCA_JOB", spec.job.text()},
        {"ATTACCA_NODE", spec.node},
        {"ATTACCA_ATTEMPT", std::to_string(spec.attempt)},
        {"ATTACCA_FENCE", std::to_string(spec.fence.value)},
    }};
    for (const auto& [name, value] : ours) {
        if (Result<void> added = add_variable(env, name, value); !added) {
            return added.error();
        }
    }
    std::vector<std::string> lines;
    lines.reserve(env.size());
    for (const auto& [name, value] : env) {
        lines.push_back(name + "=" + value);
    }
    return lines;
}

}  // namespace

AttemptPaths paths_of(const AttemptRoots& roots, const core::AttemptSpec& spec) {
    const std::string name = std::to_string(spec.fence.value);
    AttemptPaths paths{roots.live + "/" + name, roots.work + "/" + name, spec.dir};
    if (paths.directory.empty()) {
        paths.directory = paths.work;
    }
    return paths;
}

Result<void> make_attempt_files(const AttemptPaths& paths, const core::AttemptSpec& spec) {
    for (const std::string& path : {paths.live, paths.work, paths.temporary_directory()}) {
        if (::mkdir(path.c_str(), 0700) != 0) {
            return file_error("make the directory", path);
        }
    }
    if (spec.is_shell) {
        if (Result<void> written = create_plain(paths.script_file(), spec.script); !written) {
            return written;
        }
    }
    for (const core::AttemptFile& file : spec.files) {
        if (Result<void> written = create_beneath(paths.work, file); !written) {
            return written;
        }
    }
    return {};
}

void remove_attempt_files(const AttemptRoots& roots, core::FenceToken fence) {
    // What cannot be removed now is removed at the next start.
    std::error_code ignored;
    std::filesystem::remove_all(roots.work + "/" + std::to_string(fence.value), ignored);
    std::filesystem::remove_all(roots.live + "/" + std::to_string(fence.value), ignored);
}

Result<SpawnRequest> spawn_request(const AttemptPaths& paths,
                                   const core::AttemptSpec& spec,
                                   std::vector<std::string> argv,
                                   std::uint64_t file_bytes_max) {
    SpawnRequest request;
    request.fence = spec.fence.value;
    request.argv = std::move(argv);
    if (request.argv.empty() || request.argv.front().empty()) {
        return fail(Problem::invalid_value, "there is no command to run");
    }
    if (std::any_of(request.argv.begin(), request.argv.end(), has_zero)) {
        return fail(Problem::invalid_value, "an argument of the command holds a zero byte");
    }
    ATTACCA_TRY(request.env, environment_of(paths, spec));
    request.directory = paths.directory;
    request.stdout_path = paths.stdout_file();
    request.stderr_path = paths.stderr_file();
    request.file_bytes_max = file_bytes_max;
    if (encode(Request(request)).size() > message_bytes_max) {
        return fail(Problem::invalid_value, "the arguments and the environment are too large");
    }
    return request;
}

Result<Fd> open_beneath(const std::string& directory, const std::string& path) {
    const Fd root(::open(directory.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (!root.is_open()) {
        return open_error(directory);
    }
    // Without O_NONBLOCK the open of a pipe would wait for its other end.
    ATTACCA_TRY(Fd fd, open_below(root.get(), path, O_RDONLY | O_NONBLOCK));
    return require_regular(std::move(fd), path);
}

Result<Fd> open_plain(const std::string& path) {
    Fd fd(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC));
    if (!fd.is_open()) {
        return open_error(path);
    }
    return require_regular(std::move(fd), path);
}

Result<std::string> read_up_to(const Fd& fd, std::uint64_t bytes_max) {
    struct stat found {};
    if (::fstat(fd.get(), &found) != 0) {
        return file_error("examine", "a file");
    }
    std::string bytes(std::min(bytes_max, static_cast<std::uint64_t>(found.st_size)), '\0');
    std::size_t done = 0;
    while (done < bytes.size()) {
        const ssize_t count = ::pread(fd.get(), bytes.data() + done, bytes.size() - done,
                                      static_cast<off_t>(done));
        if (count < 0 && errno != EINTR) {
            return file_error("read", "a file");
        }
        if (count == 0) {
            break;
        }
        done += count < 0 ? 0 : static_cast<std::size_t>(count);
    }
    bytes.resize(done);
    return bytes;
}

Result<std::uint64_t> copy_to(const Fd& from, const std::string& path, std::uint64_t bytes_max) {
    const Fd to(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (!to.is_open()) {
        return file_error("create", path);
    }
    std::string block(65536, '\0');
    std::uint64_t copied = 0;
    while (true) {
        const ssize_t count = ::read(from.get(), block.data(), block.size());
        if (count < 0 && errno != EINTR) {
            return file_error("read", path);
        }
        if (count == 0) {
            return copied;
        }
        const std::size_t size = count < 0 ? 0 : static_cast<std::size_t>(count);
        copied += size;
        if (copied > bytes_max) {
            return fail(Problem::invalid_value,
                        "it is larger than " + std::to_string(bytes_max) + " bytes");
        }
        if (Result<void> written = write_text(to.get(), {block.data(), size}, path); !written) {
            return written.error();
        }
    }
}

}  // namespace attacca::spawner
