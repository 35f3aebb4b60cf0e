// SPDX-License-Identifier: Apache-2.0
#include "adapters/spawner/spawner_process.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <linux/close_range.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "adapters/spawner/channel.h"
#include "adapters/spawner/message.h"
#include "adapters/spawner/process_table.h"
#include "base/check.h"

namespace attacca::spawner {
namespace {

constexpr int socket_place = 3;
constexpr int lock_place = 4;
constexpr int bad_environment = 71;  // sysexits: an operating system error

Error system_error(std::string_view what) {
    const char* const text = ::strerrordesc_np(errno);
    return fail(Problem::io_error,
                std::string(what) + ": " + (text == nullptr ? "unknown error" : text));
}

// Leaves only the socket, the lock and standard error open, each in a known place.
bool arrange_descriptors(int socket_fd, int lock_fd) {
    // First out of the way of both places, so that neither overwrites the other.
    const int socket_copy = ::fcntl(socket_fd, F_DUPFD_CLOEXEC, lock_place + 1);
    const int lock_copy = lock_fd < 0 ? -1 : ::fcntl(lock_fd, F_DUPFD_CLOEXEC, lock_place + 1);
    if (socket_copy < 0 || ::dup3(socket_copy, socket_place, O_CLOEXEC) < 0 ||
        (lock_fd >= 0 && ::dup3(lock_copy, lock_place, O_CLOEXEC) < 0)) {
        return false;
    }
    const int null = ::open("/dev/null", O_RDWR | O_CLOEXEC);
    if (null < 0 || ::dup2(null, STDIN_FILENO) < 0 || ::dup2(null, STDOUT_FILENO) < 0) {
        return false;
    }
    const unsigned first = static_cast<unsigned>(lock_fd < 0 ? lock_place : lock_place + 1);
    return ::close_range(first, ~0U, 0) == 0;
}

bool prepare_process() {
    // Every running attempt holds a descriptor here.
    rlimit files{};
    if (::getrlimit(RLIMIT_NOFILE, &files) == 0) {
        files.rlim_cur = files.rlim_max;
        ::setrlimit(RLIMIT_NOFILE, &files);
    }
    ::prctl(PR_SET_NAME, "attacca-spawner");
    return ::prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0;
}

// All but those that report our own faults.
sigset_t requests() {
    sigset_t all;
    ::sigfillset(&all);
    for (const int fault : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP, SIGSYS}) {
        ::sigdelset(&all, fault);
    }
    return all;
}

Fd block_signals() {
    sigset_t child_ended;
    ::sigemptyset(&child_ended);
    ::sigaddset(&child_ended, SIGCHLD);
    const sigset_t all = requests();
    if (::sigprocmask(SIG_SETMASK, &all, nullptr) != 0) {
        return {};
    }
    // An inherited "ignore" would make the kernel reap the children by itself.
    struct sigaction standard {};
    standard.sa_handler = SIG_DFL;
    ::sigaction(SIGCHLD, &standard, nullptr);
    return Fd(::signalfd(-1, &child_ended, SFD_NONBLOCK | SFD_CLOEXEC));
}

int poll_timeout(const ProcessTable& table, MonoTime now) {
    const std::optional<MonoTime> next = table.next_deadline();
    if (!next) {
        return -1;
    }
    // Rounded up, so that the deadline has passed when poll returns.
    const std::int64_t ms = (std::max(*next, now) - now).us / 1000 + 1;
    return static_cast<int>(std::min<std::int64_t>(ms, 60'000));
}

void carry_out(ProcessTable& table, const std::vector<std::string>& messages, MonoTime now) {
    for (const std::string& message : messages) {
        const std::optional<Request> request = decode_request(message);
        ATTACCA_CHECK(request.has_value());
        if (const auto* spawn = std::get_if<SpawnRequest>(&*request)) {
            table.start(*spawn);
        } else {
            table.stop(std::get<StopRequest>(*request), now);
        }
    }
}

void drain(int signal_fd) {
    std::array<signalfd_siginfo, 16> block;
    while (::read(signal_fd, block.data(), sizeof block) > 0) {
    }
}

void serve(Channel& channel, int signal_fd, ProcessTable& table, const ports::Clock& clock) {
    while (true) {
        std::array<pollfd, 2> wanted{};
        wanted[0].fd = channel.fd();
        wanted[0].events = static_cast<short>(channel.has_unsent() ? POLLIN | POLLOUT : POLLIN);
        wanted[1].fd = signal_fd;
        wanted[1].events = POLLIN;
        ::poll(wanted.data(), wanted.size(), poll_timeout(table, clock.now().mono));
        std::vector<std::string> messages;
        if (wanted[0].revents != 0 && !channel.receive(messages)) {
            return;
        }
        carry_out(table, messages, clock.now().mono);
        if (wanted[1].revents != 0) {
            drain(signal_fd);
            table.reap(clock.now().mono);
        }
        table.expire(clock.now().mono);
        for (const Ended& ended : table.take_ended()) {
            channel.send(encode(ended));
        }
        if (!channel.flush()) {
            return;
        }
    }
}

}  // namespace

int run_spawner(Fd socket, const ports::Clock& clock) {
    const Fd signals = block_signals();
    if (!signals.is_open() || !prepare_process()) {
        return bad_environment;
    }
    Channel channel(std::move(socket));
    ProcessTable table;
    serve(channel, signals.get(), table, clock);
    table.kill_all();
    return 0;
}

Result<SpawnerHandle> launch_spawner(int lock_fd, const ports::Clock& clock) {
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
        return system_error("cannot make a socket for the spawner");
    }
    Fd ours(ends[0]);
    const Fd theirs(ends[1]);
    // Blocked before the fork, so that no signal finds the child unprepared.
    const sigset_t all = requests();
    sigset_t former;
    ::sigprocmask(SIG_SETMASK, &all, &former);
    const pid_t pid = ::fork();
    if (pid == 0) {
        ::setsid();
        const bool is_ready = arrange_descriptors(theirs.get(), lock_fd);
        ::_exit(is_ready ? run_spawner(Fd(socket_place), clock) : bad_environment);
    }
    const int error_number = errno;
    ::sigprocmask(SIG_SETMASK, &former, nullptr);
    if (pid < 0) {
        errno = error_number;
        return system_error("cannot fork the spawner");
    }
    return SpawnerHandle{std::move(ours), pid};
}

void wait_for_spawner(pid_t pid) {
    while (::waitpid(pid, nullptr, 0) < 0 && errno == EINTR) {
    }
}

}  // namespace attacca::spawner
