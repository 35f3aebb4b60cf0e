// SPDX-License-Identifier: Apache-2.0
#include "adapters/spawner/child.h"

#include <gtest/gtest.h>
#include <sys/wait.h>

#include "adapters/spawner/support_for_test.h"

namespace attacca::spawner {
namespace {

class ChildTest : public testing::Test {
  protected:
    ChildTest() {
        request_.directory = dir_.path();
        request_.stdout_path = dir_.path() + "/stdout";
        request_.stderr_path = dir_.path() + "/stderr";
        request_.file_bytes_max = 1 << 20U;
    }
    // The wait status, or -1 when it did not start; then `failure_` says why.
    int run(std::vector<std::string> argv) {
        request_.argv = std::move(argv);
        std::variant<StartedChild, NotStarted> result = start_child(request_);
        if (const auto* not_started = std::get_if<NotStarted>(&result)) {
            failure_ = *not_started;
            return -1;
        }
        const auto& child = std::get<StartedChild>(result);
        int status = 0;
        EXPECT_EQ(::waitpid(child.pid, &status, 0), child.pid);
        failure_ = failure_of(child.failure);
        return failure_ ? -1 : status;
    }
    [[nodiscard]] std::string out() const { return text_of(request_.stdout_path); }

    TemporaryDirectory dir_;
    SpawnRequest request_;
    std::optional<NotStarted> failure_;
};

TEST_F(ChildTest, ANameIsLookedUpInTheFixedPathAndArgumentsArePassedAsTheyAre) {
    EXPECT_EQ(run({"printf", "%s|", "a b", "$HOME", "*"}), 0);
    EXPECT_EQ(out(), "a b|$HOME|*|");
}

TEST_F(ChildTest, OnlyTheGivenEnvironmentIsThere) {
    request_.env = {"A=1", "B=two words"};
    EXPECT_EQ(run({"env"}), 0);
    EXPECT_EQ(out(), "A=1\nB=two words\n");
}

TEST_F(ChildTest, ItRunsInItsDirectoryWithClosedInputAndPrivateFiles) {
    EXPECT_EQ(run({"sh", "-c", "pwd; cat; umask; echo oops >&2; exit 3"}), 3 << 8);
    EXPECT_EQ(out(), dir_.path() + "\n0077\n");
    EXPECT_EQ(text_of(request_.stderr_path), "oops\n");
}

TEST_F(ChildTest, ItHasThreeDescriptorsAndNoMore) {
    const Fd leak(::open("/dev/null", O_RDONLY));
    ASSERT_TRUE(leak.is_open());
    EXPECT_EQ(run({"sh", "-c", "n=0; while [ $n -lt 64 ]; do [ ! -e /proc/$$/fd/$n ] || echo $n; "
                   "n=$((n + 1)); done"}),
              0);
    EXPECT_EQ(out(), "0\n1\n2\n");
}

TEST_F(ChildTest, ItLeadsItsSessionAndCannotGainPrivileges) {
    // Fields of stat: pid, name, state, parent, group, session.
    EXPECT_EQ(run({"sh", "-c",
                   "set -- $(cat /proc/$$/stat); [ $1 = $5 ] && [ $1 = $6 ] && "
                   "exec grep -E '^(NoNewPrivs|SigBlk|SigIgn)' /proc/self/status"}),
              0);
    EXPECT_EQ(out(), "SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\nNoNewPrivs:\t1\n");
}

TEST_F(ChildTest, ItsLimitsAreSet) {
    EXPECT_EQ(run({"sh", "-c", "ulimit -c; ulimit -f; ulimit -n"}), 0);
    EXPECT_EQ(out(), "0\n2048\n1024\n");
}

TEST_F(ChildTest, AFileBeyondTheLimitKillsTheWriter) {
    request_.file_bytes_max = 1000;
    const int status = run({"head", "-c", "5000", "/dev/zero"});
    ASSERT_TRUE(WIFSIGNALED(status));
    EXPECT_EQ(WTERMSIG(status), SIGXFSZ);
    EXPECT_EQ(out().size(), 1000U);
}

TEST_F(ChildTest, AMissingCommandIsToldWithItsError) {
    for (const char* name : {"attacca-no-such-command", "/no/such/file", ""}) {
        std::filesystem::remove(request_.stdout_path);
        std::filesystem::remove(request_.stderr_path);
        EXPECT_EQ(run({name}), -1);
        ASSERT_TRUE(failure_);
        EXPECT_EQ(*failure_, (NotStarted{StartStage::execute, ENOENT})) << name;
    }
    EXPECT_EQ(run({}), -1);
    EXPECT_EQ(*failure_, (NotStarted{StartStage::execute, ENOENT}));
}

TEST_F(ChildTest, AFileThatMayNotBeExecutedIsToldWithItsError) {
    std::ofstream(dir_.path() + "/plain") << "x";
    EXPECT_EQ(run({dir_.path() + "/plain"}), -1);
    EXPECT_EQ(*failure_, (NotStarted{StartStage::execute, EACCES}));
}

TEST_F(ChildTest, AMissingDirectoryIsToldAsSuch) {
    request_.directory = dir_.path() + "/none";
    EXPECT_EQ(run({"true"}), -1);
    EXPECT_EQ(*failure_, (NotStarted{StartStage::directory, ENOENT}));
}

TEST_F(ChildTest, OutputNeverGoesToAFileThatIsThereAlready) {
    std::ofstream(request_.stdout_path) << "precious";
    EXPECT_EQ(run({"echo", "x"}), -1);
    EXPECT_EQ(*failure_, (NotStarted{StartStage::output, EEXIST}));
    EXPECT_EQ(out(), "precious");
}

}  // namespace
}  // namespace attacca::spawner
