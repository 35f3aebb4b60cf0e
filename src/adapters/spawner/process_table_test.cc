// SPDX-License-Identifier: Apache-2.0
#include "adapters/spawner/process_table.h"

#include <algorithm>
#include <csignal>

#include <gtest/gtest.h>
#include <sys/prctl.h>

#include "adapters/spawner/process_tree.h"
#include "adapters/spawner/support_for_test.h"

namespace attacca::spawner {
namespace {

constexpr MonoTime table_start_at{1'000'000'000};

// The test process takes the spawner's part: a subreaper that waits for SIGCHLD.
class ProcessTableTest : public testing::Test {
  protected:
    void SetUp() override {
        ASSERT_EQ(::prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0), 0);
        ::sigemptyset(&child_ended_);
        ::sigaddset(&child_ended_, SIGCHLD);
        ASSERT_EQ(::sigprocmask(SIG_BLOCK, &child_ended_, &former_), 0);
    }
    void TearDown() override {
        table_.kill_all();
        ::sigprocmask(SIG_SETMASK, &former_, nullptr);
        ::prctl(PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0);
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
        table_.start(request);
    }
    // Reaps until `count` attempts have ended.
    std::vector<Ended> wait_for(std::size_t count) {
        std::vector<Ended> all = table_.take_ended();
        while (all.size() < count) {
            wait_for_child();
            for (const Ended& ended : table_.take_ended()) {
                all.push_back(ended);
            }
        }
        return all;
    }
    // Waits for a child or for the table's next deadline, whichever comes first.
    void wait_for_child() {
        const timespec pause{0, 10'000'000};
        if (!table_.next_deadline()) {
            ::sigwaitinfo(&child_ended_, nullptr);
        } else if (::sigtimedwait(&child_ended_, nullptr, &pause) < 0) {
            now_ = now_ + milliseconds(10);
        }
        table_.reap(now_);
        table_.expire(now_);
    }

    TemporaryDirectory dir_;
    Signpost ready_{dir_.path() + "/ready"};
    sigset_t child_ended_{};
    sigset_t former_{};
    MonoTime now_ = table_start_at;
    ProcessTable table_;
};

TEST_F(ProcessTableTest, EachAttemptEndsOnceWithItsStatus) {
    start(1, "exit 0");
    start(2, "exit 7");
    start(3, "kill -9 $$");
    std::vector<Ended> ended = wait_for(3);
    std::sort(ended.begin(), ended.end(),
              [](const Ended& a, const Ended& b) { return a.fence < b.fence; });
    ASSERT_EQ(ended.size(), 3U);
    EXPECT_EQ(ended[0], (Ended{1, Exited{0}}));
    EXPECT_EQ(ended[1], (Ended{2, Exited{7}}));
    EXPECT_EQ(ended[2], (Ended{3, Signalled{SIGKILL}}));
    EXPECT_TRUE(table_.take_ended().empty());
}

TEST_F(ProcessTableTest, TheRestOfTheGroupIsKilledWhenTheMainChildEnds) {
    start(1, "sleep 1000 & echo $! > $READY; exit 0");
    const pid_t left = ready_.read_pid();
    EXPECT_EQ(wait_for(1)[0], (Ended{1, Exited{0}}));
    EXPECT_TRUE(is_gone(left));
}

TEST_F(ProcessTableTest, ADaemonThatLeftItsSessionIsKilledToo) {
    start(1, "setsid sh -c 'sleep 1000 & echo $! > $READY' & wait; exit 5");
    const pid_t daemon = ready_.read_pid();
    EXPECT_EQ(wait_for(1)[0], (Ended{1, Exited{5}}));
    EXPECT_TRUE(is_gone(daemon));
}

TEST_F(ProcessTableTest, ADaemonOfARunningAttemptIsLeftAlone) {
    start(1, "setsid sh -c 'sleep 1000 & echo $! > $READY'; exec sleep 1000");
    const pid_t daemon = ready_.read_pid();
    start(2, "exit 0");
    EXPECT_EQ(wait_for(1)[0], (Ended{2, Exited{0}}));
    EXPECT_FALSE(is_gone(daemon));
    table_.stop({1, 0}, now_);
    table_.expire(now_);
    EXPECT_EQ(wait_for(1)[0].fence, 1U);
    EXPECT_TRUE(is_gone(daemon));
}

TEST_F(ProcessTableTest, ADaemonThatHidesItsEnvironmentIsKilled) {
    const Signpost go(dir_.path() + "/go");
    start(1, "setsid sh -c 'env -i sleep 1000 & echo $! > $READY'; read line < ./go; exit 0");
    const pid_t daemon = ready_.read_pid();
    const std::string name_file = "/proc/" + std::to_string(daemon) + "/comm";
    while (text_of(name_file) != "sleep\n" || environment_mark(daemon).is_readable) {
        // Until `env` and then `sleep` are executed.
    }
    go.write_line();
    wait_for(1);
    EXPECT_TRUE(is_gone(daemon));
    EXPECT_EQ(table_.next_deadline(), std::nullopt);
}

// A shell loses a signal that comes between the fork and the exec of a child, so a script says that
// it is ready only from a child that was executed.
TEST_F(ProcessTableTest, StopAsksFirst) {
    start(1, "trap 'exit 42' TERM; sh -c 'echo up > $READY; exec sleep 1000' & wait");
    EXPECT_EQ(ready_.read_line(), "up");
    table_.stop({1, 10'000}, now_);
    EXPECT_EQ(wait_for(1)[0], (Ended{1, Exited{42}}));
}

TEST_F(ProcessTableTest, TheGroupKeepsItsGraceWhenTheMainChildEndsFirst) {
    // The other one ends in its own time; without grace it would be killed before it says so.
    std::ofstream(dir_.path() + "/other")
        << "trap 'echo tidy > $READY; exit 0' TERM\n"
           "sh -c 'echo up > $READY; exec sleep 1000' & wait\n";
    start(1, "trap 'exit 3' TERM; sh ./other & wait");
    EXPECT_EQ(ready_.read_line(), "up");
    table_.stop({1, 10'000}, now_);
    EXPECT_EQ(ready_.read_line(), "tidy");
    EXPECT_EQ(wait_for(1)[0], (Ended{1, Exited{3}}));
}

TEST_F(ProcessTableTest, WhoIgnoresTheRequestIsKilledAfterItsGrace) {
    start(1, "trap '' TERM; echo up > $READY; while :; do sleep 1000; done");
    EXPECT_EQ(ready_.read_line(), "up");
    table_.stop({1, 10'000}, now_);
    ASSERT_EQ(table_.next_deadline(), now_ + seconds(10));
    now_ = now_ + seconds(9);
    table_.expire(now_);
    EXPECT_TRUE(table_.take_ended().empty());
    now_ = now_ + seconds(1);
    table_.expire(now_);
    EXPECT_EQ(table_.next_deadline(), std::nullopt);
    EXPECT_EQ(wait_for(1)[0], (Ended{1, Signalled{SIGKILL}}));
}

TEST_F(ProcessTableTest, AStopBeforeExecIsNotLost) {
    start(1, "exec sleep 1000");
    table_.stop({1, 10'000}, now_);
    EXPECT_EQ(wait_for(1)[0], (Ended{1, Signalled{SIGTERM}}));
}

TEST_F(ProcessTableTest, ACommandThatCannotStartEndsWithItsError) {
    SpawnRequest request;
    request.fence = 5;
    request.argv = {"/no/such/file"};
    request.directory = dir_.path();
    request.stdout_path = dir_.path() + "/o";
    request.stderr_path = dir_.path() + "/e";
    table_.start(request);
    EXPECT_EQ(wait_for(1)[0], (Ended{5, NotStarted{StartStage::execute, ENOENT}}));
}

TEST_F(ProcessTableTest, KillAllLeavesNothing) {
    start(1, "setsid sh -c 'sleep 1000 & echo $! > $READY'; exec sleep 1000");
    const pid_t daemon = ready_.read_pid();
    start(2, "trap '' TERM; echo $$ > $READY; while :; do sleep 1000; done");
    const pid_t stubborn = ready_.read_pid();
    table_.kill_all();
    EXPECT_TRUE(is_gone(daemon));
    EXPECT_TRUE(is_gone(stubborn));
}

TEST_F(ProcessTableTest, AnUnknownFenceCannotBeStopped) {
    table_.stop({99, 0}, now_);
    EXPECT_EQ(table_.next_deadline(), std::nullopt);
}

}  // namespace
}  // namespace attacca::spawner
