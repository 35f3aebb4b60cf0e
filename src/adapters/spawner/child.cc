// SPDX-License-Identifier: Apache-2.0
#include "adapters/spawner/child.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <string_view>
#include <vector>

#include <fcntl.h>
#include <linux/close_range.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "adapters/spawner/capabilities.h"

namespace attacca::spawner {
namespace {

constexpr int failure_fd = 3;
constexpr int child_failed = 127;
constexpr rlim_t open_files_max = 1024;
// Counts every process and thread of the user, so it must leave room for those that are not ours.
constexpr rlim_t processes_max = 16384;

struct Failure {
    StartStage stage = StartStage::fork;
    int error_number = 0;
};

// Everything the child needs, built before the fork: afterwards it only makes system calls.
struct Plan {
    std::vector<char*> argv;
    std::vector<char*> env;
    std::vector<std::string> programs;  // tried in order
    const SpawnRequest* request = nullptr;
    pid_t parent = 0;
};

// exec takes pointers to char that it does not change; `texts` outlives the exec.
std::vector<char*> pointers_to(std::vector<std::string>& texts) {
    std::vector<char*> pointers;
    pointers.reserve(texts.size() + 1);
    for (std::string& text : texts) {
        pointers.push_back(text.data());
    }
    pointers.push_back(nullptr);
    return pointers;
}

std::vector<std::string> programs_for(const std::string& name) {
    if (name.find('/') != std::string::npos) {
        return {name};
    }
    std::vector<std::string> programs;
    std::string_view rest = search_path;
    while (!rest.empty() && !name.empty()) {
        const std::string_view directory = rest.substr(0, rest.find(':'));
        rest.remove_prefix(std::min(rest.size(), directory.size() + 1));
        programs.push_back(std::string(directory) + "/" + name);
    }
    return programs;
}

[[noreturn]] void give_up(StartStage stage) {
    const Failure failure{stage, errno};
    // When even this write fails, the exit status alone tells that something is wrong.
    [[maybe_unused]] const ssize_t written = ::write(failure_fd, &failure, sizeof failure);
    ::_exit(child_failed);
}

void limit(int resource, rlim_t value) {
    rlimit current{};
    if (::getrlimit(resource, &current) != 0) {
        give_up(StartStage::prepare);
    }
    const rlim_t capped = std::min(value, current.rlim_max);
    const rlimit wanted{capped, capped};
    if (::setrlimit(resource, &wanted) != 0) {
        give_up(StartStage::prepare);
    }
}

void open_as(const char* path, int flags, int target) {
    const int fd = ::open(path, flags | O_NOCTTY | O_NOFOLLOW, 0600);
    if (fd < 0 || ::dup2(fd, target) < 0) {
        give_up(StartStage::output);
    }
    if (fd != target) {
        ::close(fd);
    }
}

void keep_failure_only(int failure) {
    const bool is_moved = failure == failure_fd || ::dup3(failure, failure_fd, O_CLOEXEC) >= 0;
    if (!is_moved || ::close_range(failure_fd + 1, ~0U, 0) != 0) {
        ::_exit(child_failed);
    }
}

void bind_to_parent(pid_t parent) {
    // The parent may have ended before the request for its death signal took effect.
    if (::setsid() < 0 || ::prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || ::getppid() != parent ||
        ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
        give_up(StartStage::prepare);
    }
}

void reset_signals() {
    struct sigaction standard {};
    standard.sa_handler = SIG_DFL;
    for (int signal = 1; signal < NSIG; ++signal) {
        ::sigaction(signal, &standard, nullptr);  // refused for KILL, STOP and what libc reserves
    }
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

[[noreturn]] void become(const Plan& plan, int failure) {
    keep_failure_only(failure);
    bind_to_parent(plan.parent);
    open_as("/dev/null", O_RDONLY, STDIN_FILENO);
    const int output_flags = O_WRONLY | O_CREAT | O_EXCL | O_APPEND;
    open_as(plan.request->stdout_path.c_str(), output_flags, STDOUT_FILENO);
    open_as(plan.request->stderr_path.c_str(), output_flags, STDERR_FILENO);
    ::umask(S_IRWXG | S_IRWXO);
    if (::chdir(plan.request->directory.c_str()) != 0) {
        give_up(StartStage::directory);
    }
    if (!drop_capabilities(plan.request->stdout_path.c_str())) {
        give_up(StartStage::prepare);
    }
    limit(RLIMIT_CORE, 0);
    limit(RLIMIT_FSIZE, plan.request->file_bytes_max);
    limit(RLIMIT_NOFILE, open_files_max);
    limit(RLIMIT_NPROC, processes_max);
    reset_signals();
    // As a shell does: a file that may not be executed is remembered, but the search goes on.
    int refused = ENOENT;
    for (const std::string& program : plan.programs) {
        ::execve(program.c_str(), plan.argv.data(), plan.env.data());
        if (errno == EACCES) {
            refused = EACCES;
        } else if (errno != ENOENT && errno != ENOTDIR) {
            refused = errno;
            break;
        } else if (plan.programs.size() == 1) {
            refused = errno;
        }
    }
    errno = refused;
    give_up(StartStage::execute);
}

}  // namespace

std::variant<StartedChild, NotStarted> start_child(const SpawnRequest& request) {
    std::vector<std::string> argv = request.argv;
    std::vector<std::string> env = request.env;
    if (argv.empty()) {
        return NotStarted{StartStage::execute, ENOENT};
    }
    const Plan plan{pointers_to(argv), pointers_to(env), programs_for(argv.front()), &request,
                    ::getpid()};
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) {
        return NotStarted{StartStage::fork, static_cast<std::uint32_t>(errno)};
    }
    Fd reader(ends[0]);
    const Fd writer(ends[1]);
    const pid_t pid = ::fork();
    if (pid < 0) {
        return NotStarted{StartStage::fork, static_cast<std::uint32_t>(errno)};
    }
    if (pid == 0) {
        become(plan, writer.get());
    }
    return StartedChild{pid, std::move(reader)};
}

std::optional<NotStarted> failure_of(const Fd& failure) {
    // A descendant that was forked before exec cannot exist, so the writing end is closed by now
    // and this read does not wait.
    Failure told;
    const ssize_t count = ::read(failure.get(), &told, sizeof told);
    if (count != sizeof told) {
        return std::nullopt;
    }
    return NotStarted{told.stage, static_cast<std::uint32_t>(told.error_number)};
}

}  // namespace attacca::spawner
