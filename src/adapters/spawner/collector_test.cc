// SPDX-License-Identifier: Apache-2.0
#include "adapters/spawner/collector.h"

#include <gtest/gtest.h>

#include "adapters/spawner/support_for_test.h"

namespace attacca::spawner {
namespace {

constexpr std::uint64_t limit = 100'000;

class CollectorTest : public testing::Test {
  protected:
    CollectorTest() {
        std::filesystem::create_directories(paths_.live);
        std::filesystem::create_directories(paths_.work);
        std::ofstream{paths_.stdout_file()};
        std::ofstream{paths_.stderr_file()};
        attempt_.spec = spec();
        attempt_.end = Exited{0};
    }
    static core::AttemptSpec spec() {
        core::AttemptSpec spec;
        spec.fence = {7};
        spec.instance = 2;
        spec.kind = core::NodeKind::run;
        spec.argv = {"tool"};
        return spec;
    }
    void declare(const std::string& name, core::OutputSource source, core::OutputFormat format) {
        core::OutputDef output;
        output.name = name;
        output.source = source;
        output.format = format;
        output.file = "result";
        attempt_.spec.outputs.push_back(output);
    }
    core::AttemptReport collect() { return collector_.collect(attempt_); }
    std::string content(const core::Artifact& artifact) {
        return *content_.read(artifact.digest, 0, artifact.bytes);
    }

    TemporaryDirectory dir_;
    AttemptRoots roots_{dir_.path() + "/live", dir_.path() + "/work"};
    AttemptPaths paths_ = paths_of(roots_, spec());
    MapContent content_;
    Collector collector_{roots_, limit, content_};
    FinishedAttempt attempt_;
};

TEST_F(CollectorTest, SuccessWithoutOutputIsAnEmptyReport) {
    const core::AttemptReport report = collect();
    EXPECT_EQ(report.outcome, core::Outcome::succeeded);
    EXPECT_EQ(report.fence.value, 7U);
    EXPECT_EQ(report.instance, 2U);
    EXPECT_EQ(report.exit_code, 0);
    EXPECT_EQ(report.output, "");
    EXPECT_EQ(report.detail, "");
    EXPECT_TRUE(report.artifacts.empty());
}

TEST_F(CollectorTest, StreamsAreKeptAndStayWhereReadersFollowThem) {
    std::ofstream(paths_.stdout_file()) << "out";
    std::ofstream(paths_.stderr_file()) << "oops";
    attempt_.end = Exited{3};
    const core::AttemptReport report = collect();
    EXPECT_EQ(report.outcome, core::Outcome::failed);
    EXPECT_FALSE(report.is_transient);
    EXPECT_EQ(report.exit_code, 3);
    EXPECT_EQ(report.detail, "exit status 3");
    ASSERT_EQ(report.artifacts.size(), 2U);
    EXPECT_EQ(report.artifacts[0].name, "stdout");
    EXPECT_EQ(content(report.artifacts[0]), "out");
    EXPECT_EQ(report.artifacts[1].name, "stderr");
    EXPECT_EQ(content(report.artifacts[1]), "oops");
    EXPECT_EQ(text_of(paths_.stdout_file()), "out");
}

TEST_F(CollectorTest, ASignalIsToldAsAShellDoes) {
    attempt_.end = Signalled{9};
    const core::AttemptReport report = collect();
    EXPECT_EQ(report.outcome, core::Outcome::failed);
    EXPECT_EQ(report.exit_code, 137);
    EXPECT_EQ(report.detail, "killed by signal 9 (SIGKILL)");
}

TEST_F(CollectorTest, AMissingCommandIsAPermanentErrorAndLackOfMemoryIsNot) {
    attempt_.end = NotStarted{StartStage::execute, ENOENT};
    core::AttemptReport report = collect();
    EXPECT_EQ(report.outcome, core::Outcome::error);
    EXPECT_FALSE(report.is_transient);
    EXPECT_EQ(report.exit_code, std::nullopt);
    EXPECT_EQ(report.detail, "tool cannot be executed: No such file or directory");
    attempt_.end = NotStarted{StartStage::execute, EACCES};
    EXPECT_FALSE(collect().is_transient);
    attempt_.end = NotStarted{StartStage::fork, EAGAIN};
    report = collect();
    EXPECT_EQ(report.outcome, core::Outcome::error);
    EXPECT_TRUE(report.is_transient);
}

TEST_F(CollectorTest, TheReasonOfAStopIsTheOutcome) {
    attempt_.stop = StopReason{core::Outcome::timeout, "not done after 1s"};
    attempt_.end = Signalled{15};
    const core::AttemptReport report = collect();
    EXPECT_EQ(report.outcome, core::Outcome::timeout);
    EXPECT_EQ(report.detail, "not done after 1s");
    EXPECT_TRUE(report.is_transient);
    attempt_.stop = StopReason{};
    EXPECT_EQ(collect().outcome, core::Outcome::cancelled);
}

TEST_F(CollectorTest, OutputAtTheLimitIsNeverASuccess) {
    std::ofstream(paths_.stdout_file()) << std::string(limit, 'x');
    const core::AttemptReport report = collect();
    EXPECT_EQ(report.outcome, core::Outcome::failed);
    EXPECT_EQ(report.detail, "output limit: stdout reached 100000 bytes");
    ASSERT_EQ(report.artifacts.size(), 1U);
    EXPECT_TRUE(report.artifacts[0].is_truncated);
}

TEST_F(CollectorTest, OutputsComeFromStreamsFilesAndTheOutputFile) {
    std::ofstream(paths_.stdout_file()) << "hello\n";
    std::ofstream(paths_.stderr_file()) << "a\nb\n";
    std::ofstream(paths_.work + "/result") << "{\"n\": 3}";
    std::ofstream(paths_.output_file()) << "key=value\nout=lost\n";
    declare("out", core::OutputSource::standard_output, core::OutputFormat::text);
    declare("err", core::OutputSource::standard_error, core::OutputFormat::lines);
    declare("res", core::OutputSource::file, core::OutputFormat::json);
    const core::AttemptReport report = collect();
    EXPECT_EQ(report.outcome, core::Outcome::succeeded) << report.detail;
    EXPECT_EQ(report.output, R"({"key":"value","out":"hello","err":["a","b"],"res":{"n":3}})");
}

TEST_F(CollectorTest, AnOutputThatIsMissingOrUnreadableFailsTheAttempt) {
    declare("res", core::OutputSource::file, core::OutputFormat::json);
    core::AttemptReport report = collect();
    EXPECT_EQ(report.outcome, core::Outcome::failed);
    EXPECT_EQ(report.detail, "output res: there is no file result");
    std::ofstream(paths_.work + "/result") << "{";
    report = collect();
    EXPECT_EQ(report.outcome, core::Outcome::failed);
    EXPECT_EQ(report.output, "");
    std::filesystem::remove(paths_.work + "/result");
    std::filesystem::create_symlink("/etc/passwd", paths_.work + "/result");
    EXPECT_EQ(collect().outcome, core::Outcome::failed);
}

TEST_F(CollectorTest, AnOutputBeyondItsLimitFailsTheAttempt) {
    std::ofstream(paths_.stdout_file()) << std::string(65'537, 'x');
    declare("out", core::OutputSource::standard_output, core::OutputFormat::text);
    attempt_.spec.outputs.back().max_bytes = 65'536;
    const core::AttemptReport report = collect();
    EXPECT_EQ(report.outcome, core::Outcome::failed);
    EXPECT_EQ(report.detail, "output out: it is larger than 65536 bytes");
}

TEST_F(CollectorTest, LargeOutputsBecomeAFile) {
    std::ofstream(paths_.stdout_file()) << std::string(65'530, 'x');
    declare("out", core::OutputSource::standard_output, core::OutputFormat::text);
    const core::AttemptReport report = collect();
    EXPECT_EQ(report.outcome, core::Outcome::succeeded);
    EXPECT_EQ(report.output, "");
    ASSERT_TRUE(report.output_file);
    EXPECT_EQ(content(*report.output_file), R"({"out":")" + std::string(65'530, 'x') + "\"}");
}

TEST_F(CollectorTest, ArtifactsAreCopiedWithTheirType) {
    std::filesystem::create_directory(paths_.work + "/out");
    std::ofstream(paths_.work + "/out/report.md") << "# Report";
    attempt_.spec.artifacts = {"out/report.md"};
    const core::AttemptReport report = collect();
    EXPECT_EQ(report.outcome, core::Outcome::succeeded) << report.detail;
    ASSERT_EQ(report.artifacts.size(), 1U);
    EXPECT_EQ(report.artifacts[0].name, "out/report.md");
    EXPECT_EQ(report.artifacts[0].media_type, "text/markdown");
    EXPECT_EQ(content(report.artifacts[0]), "# Report");
    EXPECT_TRUE(std::filesystem::exists(paths_.work + "/out/report.md"));
}

TEST_F(CollectorTest, AMissingOrEscapingArtifactFailsTheAttemptAndTheOthersAreKept) {
    std::ofstream(paths_.work + "/good.txt") << "x";
    for (const char* path : {"none", "../../live/7/stdout", "/etc/passwd"}) {
        attempt_.spec.artifacts = {path, "good.txt"};
        const core::AttemptReport report = collect();
        EXPECT_EQ(report.outcome, core::Outcome::failed) << path;
        ASSERT_EQ(report.artifacts.size(), 1U);
        EXPECT_EQ(report.artifacts[0].name, "good.txt");
        std::filesystem::remove(paths_.live + "/copy0");
    }
}

TEST_F(CollectorTest, ContentThatCannotBeStoredIsATransientError) {
    std::ofstream(paths_.stdout_file()) << "out";
    content_.is_full = true;
    const core::AttemptReport report = collect();
    EXPECT_EQ(report.outcome, core::Outcome::error);
    EXPECT_TRUE(report.is_transient);
}

TEST_F(CollectorTest, ARefusalIsAnErrorWithItsReason) {
    core::AttemptReport report =
        Collector::refuse(spec(), fail(Problem::not_supported, std::string(300, 'x')));
    EXPECT_EQ(report.outcome, core::Outcome::error);
    EXPECT_FALSE(report.is_transient);
    EXPECT_EQ(report.detail, std::string(256, 'x'));
    EXPECT_TRUE(Collector::refuse(spec(), fail(Problem::storage_full, "x")).is_transient);
}

class ScanTool final : public ports::Tool {
  public:
    [[nodiscard]] std::string_view name() const override { return "probe"; }
    [[nodiscard]] Result<ports::ToolCommand> command(const core::AttemptSpec&) const override {
        return ports::ToolCommand{{"probe"}, "probe.xml", "application/xml"};
    }
    [[nodiscard]] ports::ToolVerdict judge(const core::AttemptSpec&,
                                           const ports::ToolRun& run) const override {
        ports::ToolVerdict verdict;
        verdict.outputs = Json::object();
        verdict.outputs.set("seen", run.result ? Json(*run.result) : Json());
        const bool is_complete = run.result == "complete" && !run.was_stopped;
        verdict.outcome = is_complete ? core::Outcome::succeeded : core::Outcome::failed;
        verdict.detail = is_complete ? "" : "not covered";
        return verdict;
    }
};

TEST_F(CollectorTest, AScanIsJudgedByItsResultNotByItsExitStatus) {
    const ScanTool tool;
    attempt_.tool = &tool;
    std::ofstream(paths_.work + "/probe.xml") << "partial";
    core::AttemptReport report = collect();
    EXPECT_EQ(report.outcome, core::Outcome::failed);
    EXPECT_EQ(report.detail, "not covered");
    EXPECT_EQ(report.output, R"({"seen":"partial"})");
    ASSERT_EQ(report.artifacts.size(), 1U);
    EXPECT_EQ(report.artifacts[0].name, "probe.xml");
    EXPECT_EQ(report.artifacts[0].media_type, "application/xml");

    std::filesystem::remove(paths_.live + "/copy0");
    std::ofstream(paths_.work + "/probe.xml") << "complete";
    EXPECT_EQ(collect().outcome, core::Outcome::succeeded);
    attempt_.end = Exited{1};
    report = collect();
    EXPECT_EQ(report.outcome, core::Outcome::failed);
    EXPECT_EQ(report.detail, "exit status 1");
    attempt_.stop = StopReason{core::Outcome::timeout, "late"};
    report = collect();
    EXPECT_EQ(report.outcome, core::Outcome::timeout);
    EXPECT_EQ(report.output, R"({"seen":"complete"})");
}

TEST_F(CollectorTest, AMissingToolIsNamed) {
    const ScanTool tool;
    attempt_.tool = &tool;
    attempt_.spec.kind = core::NodeKind::scan;
    attempt_.end = NotStarted{StartStage::execute, ENOENT};
    const core::AttemptReport report = collect();
    EXPECT_EQ(report.outcome, core::Outcome::error);
    EXPECT_FALSE(report.is_transient);
    EXPECT_EQ(report.detail, "probe is not installed: No such file or directory");
}

}  // namespace
}  // namespace attacca::spawner
