// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "adapters/memory/memory_store.h"
#include "e2e/engine_harness.h"

// Jobs that wait for jobs, on the real engine.

namespace attacca::e2e {
namespace {

// Each parent fans out over ten child jobs, and joins them.
std::string fan_out() {
    return R"({"nodes":[
        {"id":"all","map":{"over":[0,1,2,3,4,5,6,7,8,9]},"job":{"params":{"n":"${{ item }}"},
         "definition":{"params":{"n":{"type":"integer"}},
            "nodes":[{"id":"a","noop":true},{"id":"b","noop":true,"needs":["a"]}]}}},
        {"id":"join","noop":true,"needs":["all"]}]})";
}

// Parents that held a slot while they wait would hold them all, and nothing would ever move.
TEST(ChildJobs, ThirtyParentsOnTwentySlotsFinish) {
    memory::MemoryStore store;
    HostHarness harness(store, nullptr, 20);
    std::vector<core::JobId> parents(30);
    for (core::JobId& parent : parents) {
        ASSERT_TRUE(harness.submit(fan_out(), &parent).has_value());
    }
    for (const core::JobId& parent : parents) {
        const ports::JobRow row = harness.wait_for(parent, core::JobState::completed);
        EXPECT_EQ(row.failed, 0U);
        ports::JobFilter filter;
        filter.tenant = "default";
        filter.parent = parent;
        const auto children = harness.host->reader().jobs(filter);
        ASSERT_TRUE(children.has_value());
        EXPECT_EQ(children->total, 10U);
    }
}

TEST(ChildJobs, AreNotMadeAgainByARestart) {
    constexpr std::string_view parent_dag =
        R"({"nodes":[{"id":"sub","job":{"definition":{"nodes":[{"id":"a","run":["x"]}]}}}]})";
    memory::MemoryStore store;
    core::JobId parent;
    core::JobId child;
    {
        HeldRunner runner;
        HostHarness harness(store, &runner);
        ASSERT_TRUE(harness.submit(parent_dag, &parent).has_value());
        child = runner.wait_for_start(1).job;
        EXPECT_NE(child, parent);
    }
    HeldRunner runner;
    HostHarness harness(store, &runner);
    const core::AttemptSpec again = runner.wait_for_start(1);
    EXPECT_EQ(again.job, child);
    core::AttemptReport report;
    report.job = again.job;
    report.instance = again.instance;
    report.fence = again.fence;
    harness.host->report(report);
    harness.wait_for(parent, core::JobState::completed);
    ports::JobFilter filter;
    filter.tenant = "default";
    EXPECT_EQ(harness.host->reader().jobs(filter)->total, 2U);
}

TEST(ChildJobs, WaitsForPeopleOutliveARestart) {
    memory::MemoryStore store;
    core::JobId id;
    {
        HostHarness harness(store);
        ASSERT_TRUE(harness.submit(R"({"nodes":[{"id":"ask","approve":{}}]})", &id).has_value());
        while (!(*harness.host->reader().job(id))->awaits_approval) {
            std::this_thread::yield();
        }
    }
    HostHarness harness(store);
    EXPECT_TRUE((*harness.host->reader().job(id))->awaits_approval);
    core::GiveApproval approval{id, "default", "usr:ann", "ask", std::nullopt,
                                core::Ruling::approved, ""};
    EXPECT_TRUE(harness.ask(approval).has_value());
    EXPECT_FALSE(harness.wait_for(id, core::JobState::completed).awaits_approval);
}

}  // namespace
}  // namespace attacca::e2e
