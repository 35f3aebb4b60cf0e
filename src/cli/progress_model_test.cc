// SPDX-License-Identifier: Apache-2.0
#include "cli/progress_model.h"

#include <gtest/gtest.h>

#include "cli/sample_events.h"

namespace attacca::cli {
namespace {

ProgressModel after(const std::vector<JobEvent>& events, std::size_t count) {
    ProgressModel model = sample_model();
    for (std::size_t i = 0; i < count && i < events.size(); ++i) {
        model.apply(events[i]);
    }
    return model;
}

TEST(ProgressModel, CountsTheItemsOfAMap) {
    const EventScript script = sample_scan();
    const ProgressModel model = after(script.events(), 7);
    const NodeProgress& checks = model.nodes()[1];
    EXPECT_EQ(checks.state, core::NodeState::running);
    EXPECT_EQ(checks.items.total, 3U);
    EXPECT_EQ(checks.items.succeeded, 1U);
    EXPECT_EQ(checks.items.running, 1U);
    EXPECT_EQ(checks.items.ended(), 1U);
}

TEST(ProgressModel, AMapFailsWithItsLastItemWhenOneFailed) {
    const ProgressModel model = after(sample_scan().events(), 100);
    EXPECT_EQ(model.nodes()[1].state, core::NodeState::failed);
    ASSERT_EQ(model.failures().size(), 1U);
    EXPECT_EQ(model.failures()[0].name, "checks[10.0.0.7]");
    EXPECT_EQ(model.failures()[0].reason, "exit 1 after 2 attempts: connection refused");
    EXPECT_EQ(model.failures()[0].attempt, 2);
}

TEST(ProgressModel, AnEventThatCameAlreadyChangesNothing) {
    const EventScript script = sample_scan();
    ProgressModel model = after(script.events(), 9);
    EXPECT_TRUE(model.apply(script.events()[6]).empty());
    EXPECT_EQ(model.nodes()[1].items.succeeded, 1U);
}

TEST(ProgressModel, TheExitStatusIsSaidOnce) {
    EventScript script("j");
    script.start(1, "a").end(
        2, "a", "failed", R"(,"attempt":1,"exit_code":3,"detail":"exit status 3")");
    ProgressModel model("x");
    for (const JobEvent& event : script.events()) {
        model.apply(event);
    }
    EXPECT_EQ(model.failures().at(0).reason, "exit 3");
}

TEST(ProgressModel, KnowsWithoutWhatTheJobWentOn) {
    EventScript script("j");
    script.add(0, "job_created", R"({"name":"x"})")
        .start(1, "a")
        .end(2, "a", "failed", R"(,"attempt":1)")
        .add(2, "recovery_taken", R"({"action":"skip_node","node":"a"})")
        .start(3, "b")
        .end(4, "b", "failed", R"(,"attempt":1)");
    ProgressModel model("x");
    for (const JobEvent& event : script.events()) {
        model.apply(event);
    }
    ASSERT_EQ(model.failures().size(), 2U);
    EXPECT_TRUE(model.failures()[0].is_left_out);
    EXPECT_FALSE(model.failures()[1].is_left_out);
    EXPECT_LT(model.failures()[0].at, model.failures()[1].at);
}

TEST(ProgressModel, KnowsWhatWaitsForAPerson) {
    EventScript script("j");
    script.add(0, "job_created", R"({"name":"x"})")
        .add(1, "attempt_started",
             R"({"attempt":1,"fence":1,"message":"Deploy?","node":"ask","ttl_ms":1,"worker":"w"})")
        .start(1, "a")
        .end(2, "a", "failed", R"(,"attempt":1)")
        .add(2, "recovery_taken", R"({"action":"escalate_manual","node":"a"})")
        .add(3, "approval_given", R"({"by":"usr:ann","decision":"rejected","node":"ask"})");
    ProgressModel model("x");
    std::vector<std::string> texts;
    std::vector<bool> is_up;
    for (const JobEvent& event : script.events()) {
        for (const Transition& change : model.apply(event)) {
            texts.push_back(change.text);
        }
        is_up.push_back(model.is_up_to_a_person());
    }
    EXPECT_EQ(texts.at(1), "waits for approval: Deploy?");
    EXPECT_EQ(texts.at(4), "waits for approval: go on without it?");
    EXPECT_EQ(texts.at(5), "rejected by usr:ann");
    EXPECT_EQ(is_up, (std::vector<bool>{false, true, false, true, true, true}));
    EXPECT_EQ(model.awaited(), std::vector<std::string>{"a"});
}

TEST(ProgressModel, ARetryIsNoFailure) {
    EventScript script("j");
    script.add(0, "job_created", R"({"name":"x"})")
        .start(1, "a")
        .end(2, "a", "timeout", R"(,"attempt":1,"retry_in_ms":0)");
    ProgressModel model("x");
    std::vector<Transition> last;
    for (const JobEvent& event : script.events()) {
        last = model.apply(event);
    }
    ASSERT_EQ(last.size(), 1U);
    EXPECT_EQ(last[0].text, "timeout; next attempt now");
    EXPECT_TRUE(model.failures().empty());
    EXPECT_EQ(model.nodes()[0].state, core::NodeState::retrying);
}

TEST(ProgressModel, AnEmptyMapHasSucceededAtOnce) {
    EventScript script("j");
    script.add(0, "job_created", R"({"name":"x"})")
        .add(1, "map_expanded", R"({"body":"00","count":0,"node":"m"})");
    ProgressModel model("x");
    for (const JobEvent& event : script.events()) {
        model.apply(event);
    }
    EXPECT_EQ(model.nodes()[0].state, core::NodeState::succeeded);
}

TEST(ProgressModel, TheEndTellsStateAndReason) {
    EventScript script("j");
    script.add(0, "job_created", R"({"name":"x"})")
        .add(5, "cancel_requested", R"({"cause":"deadline"})")
        .add(9, "job_ended", R"({"fin":true,"reason":"timeout","state":"failed"})");
    ProgressModel model("");
    for (const JobEvent& event : script.events()) {
        model.apply(event);
    }
    EXPECT_TRUE(model.is_over());
    EXPECT_TRUE(model.is_cancelling());
    EXPECT_EQ(model.reason(), core::JobReason::timeout);
    EXPECT_EQ(model.name(), "x");
    EXPECT_EQ((model.ended_at() - model.created_at()).ms(), 9);
}

TEST(ProgressModel, PauseAndResumeAreSeen) {
    EventScript script("j");
    script.add(0, "job_created", R"({"name":"x"})").add(1, "job_paused");
    ProgressModel model("x");
    for (const JobEvent& event : script.events()) {
        model.apply(event);
    }
    EXPECT_EQ(model.state(), core::JobState::paused);
    script.add(2, "job_resumed");
    model.apply(script.events().back());
    EXPECT_EQ(model.state(), core::JobState::running);
}

TEST(ProgressModel, ANodeThatNobodyNamedIsAdded) {
    EventScript script("j");
    script.start(1, "surprise");
    ProgressModel model("x");
    model.apply(script.events()[0]);
    ASSERT_EQ(model.nodes().size(), 1U);
    EXPECT_EQ(model.nodes()[0].id, "surprise");
}

}  // namespace
}  // namespace attacca::cli
