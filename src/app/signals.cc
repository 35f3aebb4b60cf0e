// SPDX-License-Identifier: Apache-2.0
#include "app/signals.h"

#include <atomic>
#include <cerrno>
#include <cstdint>

#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/check.h"

namespace attacca::app {
namespace {

// A handler can reach nothing but what stands in static memory.
std::atomic<int> caught{0};
std::atomic<bool> is_terminated{false};
std::atomic<int> wake_fd{-1};

static_assert(std::atomic<int>::is_always_lock_free);

extern "C" void note_signal(int number) {
    const int saved = errno;
    caught.fetch_add(1);
    if (number == SIGTERM) {
        is_terminated = true;
    }
    const std::uint64_t one = 1;
    // It fails only when the counter is full of signals that nobody has looked at.
    [[maybe_unused]] const ssize_t written = ::write(wake_fd.load(), &one, sizeof(one));
    errno = saved;
}

void handle(int number, void (*handler)(int)) {
    struct sigaction action {};
    action.sa_handler = handler;
    action.sa_flags = SA_RESTART;
    sigemptyset(&action.sa_mask);
    ATTACCA_CHECK(::sigaction(number, &action, nullptr) == 0);
}

}  // namespace

void catch_signals() {
    static const bool is_caught = [] {
        wake_fd = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
        handle(SIGINT, note_signal);
        handle(SIGTERM, note_signal);
        return true;
    }();
    ATTACCA_CHECK(is_caught);
}

int caught_signals() { return caught.load(); }

bool was_terminate_caught() { return is_terminated.load(); }

void sleep_until_signal(Duration duration) {
    // poll() leaves out a negative descriptor, so this also waits while nothing is caught.
    pollfd wake{wake_fd.load(), POLLIN, 0};
    const timespec timeout{duration.us / 1'000'000, duration.us % 1'000'000 * 1000};
    if (::ppoll(&wake, 1, duration.us < 0 ? nullptr : &timeout, nullptr) > 0) {
        std::uint64_t count = 0;
        [[maybe_unused]] const ssize_t taken = ::read(wake.fd, &count, sizeof(count));
    }
}

void ignore_broken_pipes() { handle(SIGPIPE, SIG_IGN); }

}  // namespace attacca::app
