// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <gtest/gtest.h>

#include "adapters/memory/memory_store.h"
#include "e2e/engine_harness.h"
#include "engine/history.h"

namespace attacca::e2e {
namespace {

constexpr std::string_view two_nodes =
    R"({"nodes":[{"id":"a","noop":true},{"id":"b","noop":true,"needs":["a"]}]})";
constexpr std::string_view one_run = R"({"nodes":[{"id":"a","run":["x"]}]})";

TEST(Host, RunsAJobToItsEnd) {
    memory::MemoryStore store;
    HostHarness harness(store);
    ASSERT_TRUE(harness.started.has_value());
    core::JobId id;
    ASSERT_TRUE(harness.submit(two_nodes, &id).has_value());
    const ports::JobRow row = harness.wait_for(id, core::JobState::completed);
    EXPECT_EQ(row.done, 2U);
    EXPECT_EQ(row.eseq, 5U);
    const auto history = engine::entity_history(harness.host->reader(), row.last_gseq);
    ASSERT_TRUE(history.has_value());
    ASSERT_EQ(history->size(), 6U);
    EXPECT_EQ(core::type_name_of(history->front().record.payload), "job_created");
    EXPECT_EQ(core::type_name_of(history->back().record.payload), "job_ended");
}

TEST(Host, AnswersOnlyWhatIsInTheStore) {
    memory::MemoryStore store;
    HostHarness harness(store);
    for (int i = 0; i < 200; ++i) {
        core::JobId id;
        ASSERT_TRUE(harness.submit(two_nodes, &id).has_value());
        const auto row = harness.host->reader().job(id);
        ASSERT_TRUE(row.has_value());
        EXPECT_TRUE(row->has_value()) << "acknowledged, but not stored";
    }
}

TEST(Host, TakesUpTheWorkOfAFormerOne) {
    memory::MemoryStore store;
    core::JobId id;
    std::uint64_t fence = 0;
    {
        HeldRunner runner;
        HostHarness harness(store, &runner);
        ASSERT_TRUE(harness.submit(one_run, &id).has_value());
        fence = runner.wait_for_start(1).fence.value;
    }
    HeldRunner runner;
    HostHarness harness(store, &runner);
    ASSERT_TRUE(harness.started.has_value());
    const core::AttemptSpec again = runner.wait_for_start(1);
    EXPECT_EQ(again.job, id);
    EXPECT_EQ(again.attempt, 2U);
    EXPECT_GT(again.fence.value, fence);
    core::AttemptReport report;
    report.job = id;
    report.instance = again.instance;
    report.fence = again.fence;
    harness.host->report(report);
    EXPECT_EQ(harness.wait_for(id, core::JobState::completed).done, 1U);
}

core::AttemptReport success_of(const core::AttemptSpec& spec) {
    core::AttemptReport report;
    report.job = spec.job;
    report.instance = spec.instance;
    report.fence = spec.fence;
    return report;
}

TEST(Host, StoresAnEndThatNobodyWaitsForTogetherWithTheNextSubmission) {
    memory::MemoryStore store;
    HeldRunner runner;
    StandingClock clock;
    HostHarness harness(store, &runner, 64, &clock);
    core::JobId first;
    ASSERT_TRUE(harness.submit(one_run, &first).has_value());
    const core::AttemptReport ended = success_of(runner.wait_for_start(1));
    const std::uint64_t before = harness.host->reader().tail()->size;
    harness.host->report(ended);
    while (harness.host->status().running_nodes > 0) {
        std::this_thread::yield();
    }
    ASSERT_TRUE(harness.submit(one_run).has_value());
    // The ends of the attempt and of its job, and the job that was made meanwhile.
    const auto batch = harness.host->reader().batch_of(before);
    ASSERT_TRUE(batch.has_value());
    EXPECT_EQ((*batch)->first_gseq, before);
    EXPECT_GE((*batch)->count, 3U);
    const auto row = harness.host->reader().job(first);
    ASSERT_TRUE(row.has_value() && row->has_value());
    EXPECT_EQ((*row)->state, core::JobState::completed);
}

TEST(Host, StoresAnEndByItselfWhenNothingElseComes) {
    memory::MemoryStore store;
    HeldRunner runner;
    StandingClock clock;
    HostHarness harness(store, &runner, 64, &clock);
    core::JobId id;
    ASSERT_TRUE(harness.submit(one_run, &id).has_value());
    harness.host->report(success_of(runner.wait_for_start(1)));
    clock.advance(seconds(1));
    // The end may be decided only after the clock was moved; then it lingers from there.
    std::optional<ports::JobRow> row;
    while (!row || row->state != core::JobState::completed) {
        clock.advance(milliseconds(1));
        row = harness.host->reader().job(id).value();
    }
    EXPECT_EQ(row->done, 1U);
}

TEST(Host, RefusesTheReportOfAnAttemptThatAnotherTookOver) {
    memory::MemoryStore store;
    core::JobId id;
    core::AttemptSpec first;
    {
        HeldRunner runner;
        HostHarness harness(store, &runner);
        ASSERT_TRUE(harness.submit(one_run, &id).has_value());
        first = runner.wait_for_start(1);
    }
    HeldRunner runner;
    HostHarness harness(store, &runner);
    (void)runner.wait_for_start(1);
    core::AttemptReport late;
    late.job = id;
    late.fence = first.fence;
    const core::Answer answer = harness.ask(core::ReportAttempt{late, 0});
    ASSERT_FALSE(answer.has_value());
    EXPECT_EQ(answer.error().problem, Problem::fenced);
}

TEST(Host, StopsWhatRunsWhenAJobIsCancelled) {
    memory::MemoryStore store;
    HeldRunner runner;
    HostHarness harness(store, &runner);
    core::JobId id;
    ASSERT_TRUE(harness.submit(one_run, &id).has_value());
    const core::AttemptSpec spec = runner.wait_for_start(1);
    ASSERT_TRUE(harness.ask(core::CancelJob{id, "default", "usr:test"}).has_value());
    runner.wait_for_stop();
    core::AttemptReport report;
    report.job = id;
    report.fence = spec.fence;
    report.outcome = core::Outcome::cancelled;
    harness.host->report(report);
    EXPECT_EQ(harness.wait_for(id, core::JobState::cancelled).reason, core::JobReason::user);
}

TEST(Host, RefusesSubmissionsOnAFullStoreAndGoesOnWhenThereIsSpace) {
    memory::MemoryStore store;
    HostHarness harness(store);
    core::JobId before;
    ASSERT_TRUE(harness.submit(two_nodes, &before).has_value());
    harness.wait_for(before, core::JobState::completed);
    harness.reserve.is_available = false;
    store.fail_next_commit(ports::CommitOutcome::full);
    const core::Answer refused = harness.submit(two_nodes);
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().problem, Problem::storage_full);
    EXPECT_EQ(harness.reserve.released, 1);
    EXPECT_FALSE(harness.host->status().is_ready);
    harness.reserve.is_available = true;
    while (!harness.host->status().is_ready) {
        std::this_thread::yield();
    }
    core::JobId after;
    ASSERT_TRUE(harness.submit(two_nodes, &after).has_value());
    harness.wait_for(after, core::JobState::completed);
}

// What the ledger's own records say, from the oldest to the newest.
std::vector<std::string> notes_of(ports::StoreReader& reader) {
    std::vector<std::string> notes;
    // Named, because a loop does not keep what a temporary result holds.
    const auto entities = reader.entities().value();
    for (const ports::EntityHead& entity : entities) {
        const auto history = engine::entity_history(reader, entity.last_gseq).value();
        for (const auto& stored : history) {
            notes.emplace_back(core::type_name_of(stored.record.payload));
        }
    }
    return notes;
}

TEST(Host, NotesItsStartAgainWhenThereWasNoSpaceForIt) {
    memory::MemoryStore store;
    core::JobId bad;
    {
        HeldRunner runner;
        HostHarness harness(store, &runner);
        ASSERT_TRUE(harness.submit(one_run, &bad).has_value());
    }
    const std::size_t before = notes_of(store.reader()).size();
    store.poison_job(bad);
    store.fail_next_commit(ports::CommitOutcome::full);
    {
        HostHarness harness(store);
        core::JobId id;
        while (!harness.submit(two_nodes, &id).has_value()) {
            std::this_thread::yield();
        }
        harness.wait_for(id, core::JobState::completed);
    }
    const std::vector<std::string> notes = notes_of(store.reader());
    ASSERT_GE(notes.size(), before + 2);
    EXPECT_EQ(notes[before], "ledger_started");
    EXPECT_EQ(notes[before + 1], "quarantined");
    EXPECT_EQ(std::count(notes.begin(), notes.end(), "quarantined"), 1);
    EXPECT_EQ(std::count(notes.begin(), notes.end(), "ledger_started"), 2);
}

TEST(Host, NeverAnswersSuccessAfterAnUnknownOutcome) {
    memory::MemoryStore store;
    HostHarness harness(store);
    core::JobId before;
    ASSERT_TRUE(harness.submit(two_nodes, &before).has_value());
    harness.wait_for(before, core::JobState::completed);
    store.fail_next_commit(ports::CommitOutcome::unknown, true);
    EXPECT_FALSE(harness.submit(two_nodes).has_value());
}

TEST(Host, SetsAsideARowThatCannotBeDecodedAndServesTheRest) {
    memory::MemoryStore store;
    core::JobId bad;
    core::JobId good;
    {
        HeldRunner runner;
        HostHarness harness(store, &runner);
        ASSERT_TRUE(harness.submit(one_run, &bad).has_value());
        ASSERT_TRUE(harness.submit(one_run, &good).has_value());
        (void)runner.wait_for_start(2);
    }
    store.poison_job(bad);
    HeldRunner runner;
    HostHarness harness(store, &runner);
    ASSERT_TRUE(harness.started.has_value());
    EXPECT_EQ(runner.wait_for_start(1).job, good);
}

}  // namespace
}  // namespace attacca::e2e
