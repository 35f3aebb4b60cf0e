// SPDX-License-Identifier: Apache-2.0
#include "adapters/spawner/process_runner.h"

#include <memory>

#include <gtest/gtest.h>

#include "adapters/spawner/support_for_test.h"

namespace attacca::spawner {
namespace {

class ProcessRunnerTest : public testing::Test {
  protected:
    void SetUp() override {
        std::filesystem::create_directory(roots_.live);
        std::filesystem::create_directory(roots_.work);
        Result<SpawnerHandle> spawner = launch_spawner(-1, clock_);
        ASSERT_TRUE(spawner);
        spawner_pid_ = spawner->pid;
        ProcessRunnerOptions options;
        options.roots = roots_;
        options.output_bytes_max = 20U << 20U;
        options.stop_grace = seconds(5);
        runner_ = std::make_unique<ProcessRunner>(
            std::move(*spawner), options, clock_, content_, std::vector<const ports::Tool*>{},
            [this](core::AttemptReport report) {
                const std::scoped_lock lock(mutex_);
                arrived_.push_back(std::move(report));
                has_arrived_.notify_one();
            });
    }
    core::AttemptSpec command(std::uint64_t fence, std::vector<std::string> argv) {
        core::AttemptSpec spec;
        spec.fence = {fence};
        spec.kind = core::NodeKind::run;
        spec.node = "a";
        spec.argv = std::move(argv);
        spec.env = {{"READY", ready_.path()}};
        return spec;
    }
    core::AttemptSpec script(std::uint64_t fence, std::string text) {
        core::AttemptSpec spec = command(fence, {});
        spec.is_shell = true;
        spec.script = std::move(text);
        return spec;
    }
    core::AttemptReport next() {
        std::unique_lock lock(mutex_);
        has_arrived_.wait(lock, [this] { return !arrived_.empty(); });
        core::AttemptReport report = std::move(arrived_.front());
        arrived_.erase(arrived_.begin());
        return report;
    }
    core::AttemptReport run(core::AttemptSpec spec) {
        runner_->start(std::move(spec));
        return next();
    }
    std::string content(const core::Artifact& artifact) {
        return *content_.read(artifact.digest, 0, artifact.bytes);
    }

    TemporaryDirectory dir_;
    AttemptRoots roots_{dir_.path() + "/live", dir_.path() + "/work"};
    Signpost ready_{dir_.path() + "/ready"};
    RealClock clock_;
    MapContent content_;
    pid_t spawner_pid_ = 0;
    std::mutex mutex_;
    std::condition_variable has_arrived_;
    std::vector<core::AttemptReport> arrived_;
    std::unique_ptr<ProcessRunner> runner_;
};

TEST_F(ProcessRunnerTest, ACommandRunsAndItsOutputIsKept) {
    const core::AttemptReport report = run(command(1, {"echo", "hello", "$HOME"}));
    EXPECT_EQ(report.outcome, core::Outcome::succeeded) << report.detail;
    EXPECT_EQ(report.exit_code, 0);
    ASSERT_EQ(report.artifacts.size(), 1U);
    EXPECT_EQ(content(report.artifacts[0]), "hello $HOME\n");
}

TEST_F(ProcessRunnerTest, AScriptStopsAtItsFirstErrorAndKnowsItsAttempt) {
    const core::AttemptReport report =
        run(script(7, "echo $ATTACCA_FENCE > n; cat n; false; echo unreachable\n"));
    EXPECT_EQ(report.outcome, core::Outcome::failed);
    EXPECT_EQ(report.exit_code, 1);
    ASSERT_EQ(report.artifacts.size(), 1U);
    EXPECT_EQ(content(report.artifacts[0]), "7\n");
    EXPECT_TRUE(std::filesystem::exists(roots_.work + "/7/n"));
}

TEST_F(ProcessRunnerTest, OutputsArriveInTheReport) {
    const core::AttemptReport report =
        run(script(1, "echo 'answer=42' >> \"$ATTACCA_OUTPUT\"\n"));
    EXPECT_EQ(report.output, R"({"answer":"42"})") << report.detail;
}

TEST_F(ProcessRunnerTest, ManyMegabytesAreKeptWhole) {
    const core::AttemptReport report = run(command(1, {"head", "-c", "10000000", "/dev/zero"}));
    EXPECT_EQ(report.outcome, core::Outcome::succeeded) << report.detail;
    ASSERT_EQ(report.artifacts.size(), 1U);
    EXPECT_EQ(report.artifacts[0].bytes, 10'000'000U);
    EXPECT_FALSE(report.artifacts[0].is_truncated);
}

TEST_F(ProcessRunnerTest, OutputBeyondTheLimitFails) {
    const core::AttemptReport report = run(script(1, "cat /dev/zero\n"));
    EXPECT_EQ(report.outcome, core::Outcome::failed);
    EXPECT_NE(report.detail.find("output limit"), std::string::npos) << report.detail;
    ASSERT_FALSE(report.artifacts.empty());
    EXPECT_TRUE(report.artifacts[0].is_truncated);
    EXPECT_EQ(report.artifacts[0].bytes, 20U << 20U);
}

TEST_F(ProcessRunnerTest, ATimeOutEndsTheWholeGroup) {
    // A machine under load may take long to come to the second command; then there is no file.
    core::AttemptSpec spec = script(1, "sleep 1000 & echo $! > child; wait\n");
    spec.timeout = milliseconds(500);
    const core::AttemptReport report = run(std::move(spec));
    EXPECT_EQ(report.outcome, core::Outcome::timeout);
    EXPECT_EQ(report.detail, "not done after 500ms");
    const std::string child = text_of(roots_.work + "/1/child");
    EXPECT_TRUE(child.empty() || is_gone(std::atoi(child.c_str())));
}

TEST_F(ProcessRunnerTest, SilenceBeyondTheHeartbeatEndsTheAttempt) {
    core::AttemptSpec spec = command(1, {"sleep", "1000"});
    spec.heartbeat = milliseconds(100);
    const core::AttemptReport report = run(std::move(spec));
    EXPECT_EQ(report.outcome, core::Outcome::timeout);
    EXPECT_EQ(report.detail, "silent for 100ms");
}

TEST_F(ProcessRunnerTest, AStoppedAttemptReportsThatItWasCancelled) {
    runner_->start(script(1, "echo up > $READY; exec sleep 1000\n"));
    EXPECT_EQ(ready_.read_line(), "up");
    runner_->stop({1});
    runner_->stop({1});
    runner_->stop({99});
    EXPECT_EQ(next().outcome, core::Outcome::cancelled);
}

TEST_F(ProcessRunnerTest, AStopRightAfterTheStartIsNotLost) {
    runner_->start(command(1, {"sleep", "1000"}));
    runner_->stop({1});
    EXPECT_EQ(next().outcome, core::Outcome::cancelled);
}

TEST_F(ProcessRunnerTest, AMissingCommandIsAPermanentError) {
    const core::AttemptReport report = run(command(1, {"attacca-no-such-command"}));
    EXPECT_EQ(report.outcome, core::Outcome::error);
    EXPECT_FALSE(report.is_transient);
}

TEST_F(ProcessRunnerTest, ACommandThatCannotBePassedIsReportedToo) {
    EXPECT_EQ(run(command(1, {})).outcome, core::Outcome::error);
    EXPECT_EQ(run(command(2, {"echo", std::string("a\0b", 3)})).outcome, core::Outcome::error);
    EXPECT_EQ(run(command(3, {"echo", std::string(3U << 20U, 'x')})).outcome,
              core::Outcome::error);
    core::AttemptSpec scan = command(4, {});
    scan.kind = core::NodeKind::scan;
    scan.tool = "none";
    EXPECT_EQ(run(std::move(scan)).detail, "there is no tool none");
    core::AttemptSpec lost = command(5, {"true"});
    lost.dir = "/no/such/directory";
    EXPECT_EQ(run(std::move(lost)).detail,
              "the directory /no/such/directory cannot be used: No such file or directory");
}

TEST_F(ProcessRunnerTest, AReportIsKeptUntilItIsAcknowledged) {
    const core::AttemptReport first = run(command(1, {"echo", "x"}));
    runner_->start(script(2, "echo up > $READY; exec sleep 1000\n"));
    EXPECT_EQ(ready_.read_line(), "up");
    EXPECT_EQ(runner_->report_again(), std::vector<core::FenceToken>{{2}});
    EXPECT_EQ(next(), first);
    EXPECT_TRUE(std::filesystem::exists(roots_.live + "/1/stdout"));
    runner_->acknowledge({1});
    runner_->acknowledge({1});
    EXPECT_EQ(runner_->report_again(), std::vector<core::FenceToken>{{2}});
    runner_->stop({2});
    EXPECT_EQ(next().fence.value, 2U);
    // The same thread removes and collects, in order: the directories are gone by now.
    EXPECT_FALSE(std::filesystem::exists(roots_.live + "/1"));
    EXPECT_FALSE(std::filesystem::exists(roots_.work + "/1"));
}

TEST_F(ProcessRunnerTest, ManyAttemptsRunAtOnceAndEachIsReportedOnce) {
    constexpr std::uint64_t count = 200;
    for (std::uint64_t fence = 1; fence <= count; ++fence) {
        runner_->start(command(fence, {"echo", std::to_string(fence)}));
    }
    std::set<core::FenceToken> seen;
    for (std::uint64_t i = 0; i < count; ++i) {
        const core::AttemptReport report = next();
        EXPECT_EQ(report.outcome, core::Outcome::succeeded) << report.detail;
        ASSERT_EQ(report.artifacts.size(), 1U);
        EXPECT_EQ(content(report.artifacts[0]), std::to_string(report.fence.value) + "\n");
        seen.insert(report.fence);
    }
    EXPECT_EQ(seen.size(), count);
    EXPECT_TRUE(runner_->is_healthy());
}

// Whoever asks is_healthy() ends the process, and the next start finds the attempts lost.
TEST_F(ProcessRunnerTest, WhenTheSpawnerDiesNoAttemptIsReportedAnyMore) {
    runner_->start(script(1, "echo up > $READY; exec sleep 1000\n"));
    EXPECT_EQ(ready_.read_line(), "up");
    ASSERT_EQ(::kill(spawner_pid_, SIGKILL), 0);
    while (runner_->is_healthy()) {
        std::this_thread::yield();
    }
    runner_->start(command(2, {"true"}));
    runner_.reset();  // what could still be reported has been
    EXPECT_TRUE(arrived_.empty());
}

TEST_F(ProcessRunnerTest, DestructionEndsWhatStillRuns) {
    runner_->start(script(1, "setsid sh -c 'sleep 1000 & echo $! > $READY'; exec sleep 1000\n"));
    const pid_t daemon = ready_.read_pid();
    runner_.reset();
    EXPECT_TRUE(is_gone(daemon));
    EXPECT_TRUE(is_gone(spawner_pid_));
}

}  // namespace
}  // namespace attacca::spawner
