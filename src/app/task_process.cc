// SPDX-License-Identifier: Apache-2.0
#include "app/task_process.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <system_error>

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/check.h"

namespace attacca::app {
namespace {

using spawner::Fd;

Error error_of(int number, const std::string& what) {
    const Problem problem = number == ENOENT                      ? Problem::not_found
                            : number == EACCES || number == EPERM ? Problem::forbidden
                                                                  : Problem::io_error;
    return fail(problem, what + ": " + std::generic_category().message(number));
}

// A file in memory: unlike a pipe it never makes the writer wait for a reader.
Result<Fd> input_of(const std::string& text) {
    Fd file(::memfd_create("spec", MFD_CLOEXEC));
    std::size_t at = 0;
    while (file.is_open() && at < text.size()) {
        const ssize_t count = ::write(file.get(), text.data() + at, text.size() - at);
        if (count < 0 && errno != EINTR) {
            return error_of(errno, "the task's input");
        }
        at += count > 0 ? static_cast<std::size_t>(count) : 0;
    }
    if (!file.is_open() || ::lseek(file.get(), 0, SEEK_SET) != 0) {
        return error_of(errno, "the task's input");
    }
    return file;
}

// The worker's own environment with the task's entries, which win.
std::vector<std::string> environment_of(const TaskCommand& command) {
    std::vector<std::string> out;
    for (const auto& [name, value] : command.env) {
        out.push_back(name + "=" + value);
    }
    for (char** entry = ::environ; *entry != nullptr; ++entry) {
        const std::string_view text = *entry;
        const std::string_view name = text.substr(0, text.find('='));
        const bool is_replaced = std::any_of(command.env.begin(), command.env.end(),
                                             [&](const auto& own) { return own.first == name; });
        if (!is_replaced) {
            out.emplace_back(text);
        }
    }
    return out;
}

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
    std::vector<char*> out;
    out.reserve(texts.size() + 1);
    for (std::string& text : texts) {
        out.push_back(text.data());
    }
    out.push_back(nullptr);
    return out;
}

struct Attributes {
    Attributes() {
        sigset_t none;
        sigset_t all;
        ::sigemptyset(&none);
        ::sigfillset(&all);
        ::posix_spawnattr_init(&value);
        ::posix_spawnattr_setsigmask(&value, &none);
        ::posix_spawnattr_setsigdefault(&value, &all);
        ::posix_spawnattr_setpgroup(&value, 0);
        ::posix_spawnattr_setflags(&value, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF |
                                               POSIX_SPAWN_SETPGROUP);
    }
    ~Attributes() { ::posix_spawnattr_destroy(&value); }
    Attributes(const Attributes&) = delete;
    Attributes& operator=(const Attributes&) = delete;
    posix_spawnattr_t value{};
};

struct Actions {
    Actions(int input, int output) {
        ::posix_spawn_file_actions_init(&value);
        ::posix_spawn_file_actions_adddup2(&value, input, STDIN_FILENO);
        ::posix_spawn_file_actions_adddup2(&value, output, STDOUT_FILENO);
    }
    ~Actions() { ::posix_spawn_file_actions_destroy(&value); }
    Actions(const Actions&) = delete;
    Actions& operator=(const Actions&) = delete;
    posix_spawn_file_actions_t value{};
};

}  // namespace

Result<std::unique_ptr<TaskProcess>> TaskProcess::start(const TaskCommand& command) {
    ATTACCA_TRY(const Fd input, input_of(command.input));
    int ends[2] = {-1, -1};
    if (::pipe2(ends, O_CLOEXEC) != 0) {
        return error_of(errno, "a pipe");
    }
    std::unique_ptr<TaskProcess> process(new TaskProcess);
    process->output_ = Fd(ends[0]);
    const Fd output(ends[1]);
    ::fcntl(ends[0], F_SETFL, O_NONBLOCK);
    std::vector<std::string> argv = command.argv;
    std::vector<std::string> env = environment_of(command);
    const Attributes attributes;
    const Actions actions(input.get(), output.get());
    pid_t pid = -1;
    const int failure = ::posix_spawnp(&pid, argv.front().c_str(), &actions.value,
                                       &attributes.value, pointers_to(argv).data(),
                                       pointers_to(env).data());
    if (failure != 0) {
        return error_of(failure, quoted(argv.front()));
    }
    process->pid_ = pid;
    process->exit_ = Fd(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
    ATTACCA_CHECK(process->exit_.is_open());
    return process;
}

TaskProcess::~TaskProcess() {
    if (pid_ < 0) {
        return;
    }
    stop(true);
    if (!has_ended_) {
        while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
        }
    }
}

void TaskProcess::stop(bool is_hard) const {
    ::kill(-pid_, is_hard ? SIGKILL : SIGTERM);
}

bool TaskProcess::read_some() {
    std::array<char, 16384> bytes{};
    const ssize_t count = ::read(output_.get(), bytes.data(), bytes.size());
    if (count < 0) {
        return errno == EINTR;
    }
    const std::size_t room = task_output_bytes_max - end_.output.size();
    const auto size = static_cast<std::size_t>(count);
    end_.output.append(bytes.data(), std::min(size, room));
    end_.is_cut = end_.is_cut || size > room;
    return count > 0;
}

bool TaskProcess::wait(Duration length) {
    if (has_ended_) {
        return true;
    }
    std::array<pollfd, 2> waited{pollfd{exit_.get(), POLLIN, 0},
                                 pollfd{output_.get(), POLLIN, 0}};
    const int timeout = static_cast<int>(std::clamp<std::int64_t>(length.ms(), 0, 60000));
    if (::poll(waited.data(), waited.size(), timeout) <= 0) {
        return false;
    }
    if (waited[1].revents != 0 && !read_some()) {
        output_.reset();  // poll() leaves out what is closed
    }
    if (waited[0].revents == 0) {
        return false;
    }
    while (output_.is_open() && read_some()) {
    }
    int status = 0;
    while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    has_ended_ = true;
    if (WIFEXITED(status)) {
        end_.exit_code = WEXITSTATUS(status);
    } else {
        end_.signal = WTERMSIG(status);
    }
    return true;
}

TaskEnd TaskProcess::end() {
    ATTACCA_CHECK(has_ended_);
    return std::move(end_);
}

}  // namespace attacca::app
