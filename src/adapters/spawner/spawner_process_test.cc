// SPDX-License-Identifier: Apache-2.0
#include "adapters/spawner/spawner_process.h"

#include <csignal>

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "adapters/spawner/channel.h"
#include "adapters/spawner/message.h"
#include "adapters/spawner/support_for_test.h"

namespace attacca::spawner {
namespace {

class SpawnerProcessTest : public testing::Test {
  protected:
    void launch(int lock_fd = -1) {
        Result<SpawnerHandle> handle = launch_spawner(lock_fd, clock_);
        ASSERT_TRUE(handle);
        pid_ = handle->pid;
        channel_.emplace(std::move(handle->socket));
    }
    void start(std::uint64_t fence, const std::string& script) {
        SpawnRequest request;
        request.fence = fence;
        request.argv = {"sh", "-c", script};
        request.env = {"READY=" + ready_.path(), "ATTACCA_FENCE=" + std::to_string(fence)};
        request.directory = dir_.path();
        request.stdout_path = dir_.path() + "/stdout" + std::to_string(fence);
        request.stderr_path = dir_.path() + "/stderr" + std::to_string(fence);
        request.file_bytes_max = 1 << 20U;
        channel_->send(encode(Request(request)));
        ASSERT_TRUE(channel_->flush());
    }
    Ended next_ended() {
        std::vector<std::string> messages;
        bool is_alive = true;
        while (is_alive && messages.empty()) {
            pollfd wanted{channel_->fd(), POLLIN, 0};
            EXPECT_EQ(::poll(&wanted, 1, -1), 1);
            is_alive = channel_->receive(messages);
        }
        EXPECT_TRUE(is_alive);
        return messages.empty() ? Ended{} : decode_ended(messages.front()).value_or(Ended{});
    }
    int close_and_wait() {
        channel_.reset();
        int status = -1;
        EXPECT_EQ(::waitpid(pid_, &status, 0), pid_);
        return status;
    }

    TemporaryDirectory dir_;
    Signpost ready_{dir_.path() + "/ready"};
    RealClock clock_;
    pid_t pid_ = 0;
    std::optional<Channel> channel_;
};

TEST_F(SpawnerProcessTest, RunsCommandsAndTellsTheirEnds) {
    launch();
    start(1, "echo hello; exit 4");
    EXPECT_EQ(next_ended(), (Ended{1, Exited{4}}));
    EXPECT_EQ(text_of(dir_.path() + "/stdout1"), "hello\n");
    EXPECT_EQ(close_and_wait(), 0);
}

TEST_F(SpawnerProcessTest, WhenTheServerGoesEveryProcessGoes) {
    launch();
    start(1, "setsid sh -c 'sleep 1000 & echo $! > $READY'; exec sleep 1000");
    const pid_t daemon = ready_.read_pid();
    start(2, "trap '' TERM HUP; echo $$ > $READY; while :; do sleep 1000; done");
    const pid_t stubborn = ready_.read_pid();
    EXPECT_EQ(close_and_wait(), 0);
    EXPECT_TRUE(is_gone(daemon));
    EXPECT_TRUE(is_gone(stubborn));
}

TEST_F(SpawnerProcessTest, TheLockIsHeldUntilTheSpawnerHasEnded) {
    const std::string path = dir_.path() + "/LOCK";
    Fd lock(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    ASSERT_EQ(::flock(lock.get(), LOCK_EX | LOCK_NB), 0);
    launch(lock.get());
    start(1, "echo $$ > $READY; exec sleep 1000");
    const pid_t child = ready_.read_pid();
    lock.reset();

    const Fd other(::open(path.c_str(), O_RDWR | O_CLOEXEC));
    EXPECT_NE(::flock(other.get(), LOCK_EX | LOCK_NB), 0);
    // The child has no copy of it: killing the spawner alone would free the lock.
    EXPECT_FALSE(std::filesystem::exists("/proc/" + std::to_string(child) + "/fd/4"));
    EXPECT_EQ(close_and_wait(), 0);
    EXPECT_EQ(::flock(other.get(), LOCK_EX | LOCK_NB), 0);
}

TEST_F(SpawnerProcessTest, RequestsToEndItAreIgnored) {
    launch();
    for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE, SIGUSR1}) {
        ASSERT_EQ(::kill(pid_, signal), 0);
    }
    start(1, "exit 0");
    EXPECT_EQ(next_ended(), (Ended{1, Exited{0}}));
    EXPECT_EQ(::getsid(pid_), pid_);
    EXPECT_EQ(close_and_wait(), 0);
}

TEST_F(SpawnerProcessTest, ChildrenDieWithASpawnerThatIsKilled) {
    launch();
    start(1, "echo $$ > $READY; exec sleep 1000");
    const pid_t child = ready_.read_pid();
    const Fd watch(static_cast<int>(::syscall(SYS_pidfd_open, child, 0)));
    ASSERT_TRUE(watch.is_open());
    ASSERT_EQ(::kill(pid_, SIGKILL), 0);
    EXPECT_EQ(close_and_wait(), SIGKILL);
    pollfd ended{watch.get(), POLLIN, 0};
    EXPECT_EQ(::poll(&ended, 1, -1), 1);
}

TEST_F(SpawnerProcessTest, AStopIsCarriedOutWithinItsGrace) {
    launch();
    start(1, "trap '' TERM; echo up > $READY; while :; do sleep 1000; done");
    EXPECT_EQ(ready_.read_line(), "up");
    channel_->send(encode(Request(StopRequest{1, 1})));
    ASSERT_TRUE(channel_->flush());
    EXPECT_EQ(next_ended(), (Ended{1, Signalled{SIGKILL}}));
    EXPECT_EQ(close_and_wait(), 0);
}

}  // namespace
}  // namespace attacca::spawner
