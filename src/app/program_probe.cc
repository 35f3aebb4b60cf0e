// SPDX-License-Identifier: Apache-2.0
#include "app/program_probe.h"

#include <array>
#include <cerrno>
#include <cstddef>

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "adapters/system/files.h"
#include "adapters/system/system_clock.h"

namespace attacca::app {
namespace {

constexpr std::size_t output_bytes_max = std::size_t{64} << 10U;

bool is_program(const std::string& path) {
    struct stat found {};
    return ::stat(path.c_str(), &found) == 0 && S_ISREG(found.st_mode) &&
           ::access(path.c_str(), X_OK) == 0;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Starts the program in a group of its own, so that what it starts can be ended with it.
std::optional<pid_t> start(const std::vector<std::string>& argv, int out) {
    std::vector<std::string> words = argv;
    std::vector<char*> pointers;
    for (std::string& word : words) {
        pointers.push_back(word.data());
    }
    pointers.push_back(nullptr);
    std::string search = "PATH=/usr/local/bin:/usr/bin:/bin";
    std::string locale = "LC_ALL=C";
    std::array<char*, 3> environment{search.data(), locale.data(), nullptr};

    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    if (::posix_spawn_file_actions_init(&files) != 0) {
        return std::nullopt;
    }
    ::posix_spawnattr_init(&attributes);
    sigset_t defaults;
    sigemptyset(&defaults);
    sigaddset(&defaults, SIGPIPE);
    ::posix_spawnattr_setsigdefault(&attributes, &defaults);
    ::posix_spawnattr_setpgroup(&attributes, 0);
    ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF);
    ::posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    ::posix_spawn_file_actions_adddup2(&files, out, STDOUT_FILENO);
    ::posix_spawn_file_actions_adddup2(&files, out, STDERR_FILENO);
    pid_t child = 0;
    const int failed = ::posix_spawn(&child, argv[0].c_str(), &files, &attributes, pointers.data(),
                                     environment.data());
    ::posix_spawn_file_actions_destroy(&files);
    ::posix_spawnattr_destroy(&attributes);
    return failed == 0 ? std::optional(child) : std::nullopt;
}

// Until the end of the output; false when `until` comes first.
bool read_until(int fd, MonoTime until, std::string& out) {
    const system::SystemClock clock;
    std::array<char, 4096> part{};
    for (;;) {
        const Duration left = until - clock.now().mono;
        pollfd ready{fd, POLLIN, 0};
        if (left.us <= 0 || ::poll(&ready, 1, static_cast<int>(left.ms()) + 1) == 0) {
            return false;
        }
        const ssize_t got = ::read(fd, part.data(), part.size());
        if (got == 0 || (got < 0 && errno != EINTR)) {
            return got == 0;
        }
        if (got > 0 && out.size() < output_bytes_max) {
            out.append(part.data(), static_cast<std::size_t>(got));
        }
    }
}

}  // namespace

std::optional<std::string> find_program(std::string_view name, std::string_view path) {
    while (!path.empty()) {
        const std::size_t colon = path.find(':');
        const std::string_view directory = path.substr(0, colon);
        // An empty entry means the working directory, where no scanner of ours belongs.
        if (!directory.empty()) {
            std::string found = std::string(directory) + "/" + std::string(name);
            if (is_program(found)) {
                return found;
            }
        }
        path = colon == std::string_view::npos ? std::string_view{} : path.substr(colon + 1);
    }
    return std::nullopt;
}

std::optional<std::string> output_of(const std::vector<std::string>& argv, Duration limit) {
    std::array<int, 2> ends{-1, -1};
    if (argv.empty() || ::pipe2(ends.data(), O_CLOEXEC) != 0) {
        return std::nullopt;
    }
    const system::Fd from(ends[0]);
    system::Fd into(ends[1]);
    const std::optional<pid_t> child = start(argv, into.get());
    into.reset();
    if (!child) {
        return std::nullopt;
    }
    std::string out;
    const bool is_whole = read_until(from.get(), system::SystemClock().now().mono + limit, out);
    if (!is_whole) {
        ::kill(-*child, SIGKILL);
    }
    int status = 0;
    while (::waitpid(*child, &status, 0) < 0 && errno == EINTR) {
    }
    if (!is_whole) {
        return std::nullopt;
    }
    return out;
}

std::optional<std::string> version_in(std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
        if (!is_digit(text[at])) {
            ++at;
            continue;
        }
        std::size_t end = at;
        bool has_dot = false;
        while (end < text.size() &&
               (is_digit(text[end]) ||
                (text[end] == '.' && end + 1 < text.size() && is_digit(text[end + 1])))) {
            has_dot = has_dot || text[end] == '.';
            ++end;
        }
        if (has_dot) {
            return std::string(text.substr(at, end - at));
        }
        at = end;
    }
    return std::nullopt;
}

}  // namespace attacca::app
