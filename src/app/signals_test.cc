// SPDX-License-Identifier: Apache-2.0
#include "app/signals.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

namespace attacca::app {
namespace {

// What is caught is the whole process's, so each case has a process of its own.
template <typename Body>
int status_of(Body body) {
    const pid_t child = ::fork();
    if (child == 0) {
        ::_exit(body() ? 0 : 1);
    }
    int status = 0;
    EXPECT_EQ(::waitpid(child, &status, 0), child);
    return status;
}

TEST(Signals, AreCountedAndATerminateIsTold) {
    EXPECT_EQ(status_of([] {
                  catch_signals();
                  bool is_right = caught_signals() == 0;
                  ::raise(SIGINT);
                  is_right = is_right && caught_signals() == 1 && !was_terminate_caught();
                  ::raise(SIGTERM);
                  return is_right && caught_signals() == 2 && was_terminate_caught();
              }),
              0);
}

TEST(Signals, ASleepEndsAtOnceWhenASignalCameBefore) {
    EXPECT_EQ(status_of([] {
                  ::alarm(20);  // ends the process if the sleep does not end
                  catch_signals();
                  ::raise(SIGINT);
                  sleep_until_signal(seconds(3600));
                  return caught_signals() == 1;
              }),
              0);
}

TEST(Signals, ASleepEndsWhenASignalComes) {
    EXPECT_EQ(status_of([] {
                  ::alarm(20);
                  catch_signals();
                  const pid_t waiting = ::getpid();
                  if (::fork() == 0) {
                      ::kill(waiting, SIGTERM);
                      ::_exit(0);
                  }
                  sleep_until_signal(Duration{-1});
                  return was_terminate_caught();
              }),
              0);
}

TEST(Signals, ASignalIsSleptOverOnlyOnce) {
    EXPECT_EQ(status_of([] {
                  catch_signals();
                  ::raise(SIGINT);
                  sleep_until_signal(seconds(3600));
                  sleep_until_signal(milliseconds(1));  // ends by its own length
                  return true;
              }),
              0);
}

TEST(Signals, UncaughtTheyEndTheProcess) {
    const int status = status_of([] {
        ::raise(SIGTERM);
        return true;
    });
    EXPECT_TRUE(WIFSIGNALED(status));
}

TEST(Signals, ABrokenPipeIsAnErrorOnceIgnored) {
    EXPECT_EQ(status_of([] {
                  ignore_broken_pipes();
                  int ends[2] = {-1, -1};
                  if (::pipe(ends) != 0) {
                      return false;
                  }
                  ::close(ends[0]);
                  return ::write(ends[1], "x", 1) == -1;
              }),
              0);
}

}  // namespace
}  // namespace attacca::app
