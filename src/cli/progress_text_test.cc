// SPDX-License-Identifier: Apache-2.0
#include "cli/progress_text.h"

#include <gtest/gtest.h>

#include "cli/golden.h"
#include "cli/sample_events.h"

namespace attacca::cli {
namespace {

std::string plain_lines(const std::vector<JobEvent>& events) {
    ProgressModel model = sample_model();
    std::string text;
    for (const JobEvent& event : events) {
        for (const Transition& change : model.apply(event)) {
            if (change.weight == Transition::Weight::node) {
                text += transition_line(change, model.created_at());
            }
        }
    }
    return text;
}

ProgressModel after(std::size_t count) {
    ProgressModel model = sample_model();
    const EventScript script = sample_scan();
    for (std::size_t i = 0; i < count && i < script.events().size(); ++i) {
        model.apply(script.events()[i]);
    }
    return model;
}

std::string frame(const ProgressModel& model, std::int64_t at_ms, std::size_t width,
                  std::string_view log, bool has_colour = false) {
    std::string text;
    for (const std::string& line :
         progress_frame(model, WallTime{sample_start_us + at_ms * 1000}, width, log,
                        Style{has_colour})) {
        text += line + "\n";
    }
    return text;
}

TEST(PlainProgress, HasOneLinePerTransitionAndNoEscapes) {
    const std::string text = plain_lines(sample_scan().events());
    EXPECT_EQ(text.find('\x1b'), std::string::npos);
    expect_golden("progress_plain.txt", text);
}

TEST(ProgressFrame, ShowsWhatRunsAndWhatFailed) {
    expect_golden("frame_ports.txt", frame(after(2), 4'000, 80, ""));
    expect_golden("frame_checks.txt", frame(after(8), 9'200, 80, ""));
    expect_golden("frame_failed.txt", frame(after(13), 12'500, 80,
                                            "trying 10.0.0.7\nconnection refused\n"));
}

TEST(ProgressFrame, NoLineIsWiderThanTheTerminal) {
    for (const std::size_t width : {10U, 20U, 40U}) {
        for (const std::string& line :
             progress_frame(after(13), WallTime{sample_start_us}, width,
                            "a very long line of a log that goes on and on", Style{false})) {
            EXPECT_LE(width_of(line), width);
        }
    }
}

TEST(ProgressFrame, HasAtMostTwentyLinesHoweverManyNodesRun) {
    ProgressModel model("wide");
    EventScript script("j");
    script.add(0, "job_created", R"({"name":"wide"})");
    for (int i = 0; i < 100; ++i) {
        script.start(1, "n" + std::to_string(i));
    }
    for (const JobEvent& event : script.events()) {
        model.apply(event);
    }
    const auto lines =
        progress_frame(model, WallTime{sample_start_us}, 80, "", Style{false});
    EXPECT_LE(lines.size(), 20U);
    EXPECT_EQ(lines.back(), "    and 88 more");
}

TEST(ProgressFrame, HostileLogsAreHarmless) {
    const std::string text = frame(after(13), 12'500, 80, "\x1b[2Jgone\n");
    EXPECT_EQ(text.find('\x1b'), std::string::npos);
}

TEST(Verdict, NamesTheFailureTheLogsAndTheWayOn) {
    ProgressModel model = after(100);
    expect_golden("verdict_failed.txt",
                  verdict_text(model, {"attacca jobs logs ID", "attacca run scan.yaml"},
                               Style{false}));
}

TEST(Verdict, ACompletedJobHasOneLine) {
    EventScript script("j");
    script.add(0, "job_created", R"({"name":"hello"})")
        .start(3, "hi")
        .end(40, "hi", "succeeded", R"(,"attempt":1)")
        .add(41, "job_ended", R"({"fin":true,"state":"completed"})");
    ProgressModel model("hello");
    for (const JobEvent& event : script.events()) {
        model.apply(event);
    }
    EXPECT_EQ(verdict_text(model, {"l", "a"}, Style{false}),
              "✓ hello completed in 41ms   hi ✓\n");
}

TEST(Verdict, OfManyNodesThoseThatFailedAreNamedFirst) {
    ProgressModel model("wide");
    EventScript script("j");
    script.add(0, "job_created", R"({"name":"wide"})");
    for (int i = 0; i < 9; ++i) {
        script.end(1, "n" + std::to_string(i), i == 8 ? "failed" : "succeeded",
                   R"(,"attempt":1,"exit_code":1)");
    }
    script.add(2, "job_ended", R"({"fin":true,"state":"failed"})");
    for (const JobEvent& event : script.events()) {
        model.apply(event);
    }
    EXPECT_TRUE(verdict_text(model, {}, Style{false})
                    .starts_with("✗ wide failed in 2ms   n8 ✗, n0 ✓, n1 ✓, n2 ✓, n3 ✓, n4 ✓ "
                                 "and 3 more\n"));
}

TEST(Verdict, SkippedNodesAreToldByTheJobsOwnView) {
    ProgressModel model = after(100);
    model.settle("report", core::NodeState::skipped);
    EXPECT_NE(verdict_text(model, {}, Style{false}).find("report »"), std::string::npos);
}

TEST(ExitStatus, FollowsStateAndReason) {
    using core::JobReason;
    using core::JobState;
    EXPECT_EQ(exit_status_of(JobState::completed, JobReason::none), 0);
    EXPECT_EQ(exit_status_of(JobState::failed, JobReason::node_failed), 1);
    EXPECT_EQ(exit_status_of(JobState::cancelled, JobReason::user), 2);
    EXPECT_EQ(exit_status_of(JobState::failed, JobReason::timeout), 5);
    EXPECT_DEATH(static_cast<void>(exit_status_of(JobState::running, JobReason::none)), "check");
}

TEST(ShellWord, IsQuotedOnlyWhereItMustBe) {
    EXPECT_EQ(shell_word("a-b/c.yaml"), "a-b/c.yaml");
    EXPECT_EQ(shell_word("checks[10.0.0.7]"), "'checks[10.0.0.7]'");
    EXPECT_EQ(shell_word("it's"), "'it'\\''s'");
    EXPECT_EQ(shell_word(""), "''");
}

TEST(FanOut, IsOneLine) {
    NodeProgress node;
    node.id = "checks";
    node.items = {400, 198, 3, 0, 11};
    EXPECT_EQ(fan_out_text(node), "checks 201/400 ✓198 ✗3 ◐11");
}

}  // namespace
}  // namespace attacca::cli
