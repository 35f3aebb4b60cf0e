// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "adapters/memory/memory_store.h"
#include "e2e/engine_harness.h"

// Leases of workers outside the server, over restarts and with a clock that the test moves.

namespace attacca::e2e {
namespace {

constexpr std::string_view one_task = R"({"nodes":[{"id":"a","task":{"lane":"gpu"}}]})";

core::Claim claim_of(Duration wait = Duration{0}) {
    core::Claim claim;
    claim.tenant = "default";
    claim.actor = "usr:test";
    claim.lanes = {"gpu"};
    claim.worker = "w1";
    claim.max = 10;
    claim.wait = wait;
    return claim;
}

std::vector<core::LeaseOffer> claim(HostHarness& harness, Duration wait = Duration{0}) {
    const core::Answer answer = harness.ask(claim_of(wait));
    ATTACCA_CHECK(answer.has_value());
    return std::get<core::Leased>(*answer).offers;
}

core::Answer complete(HostHarness& harness, const core::LeaseOffer& offer) {
    return harness.ask(core::ReportTask{offer.attempt, "default", "usr:test", {}, 0});
}

TEST(Workers, KeepTheirLeaseOverARestart) {
    memory::MemoryStore store;
    core::JobId id;
    core::LeaseOffer offer;
    {
        HostHarness harness(store);
        ASSERT_TRUE(harness.submit(one_task, &id).has_value());
        offer = claim(harness).at(0);
    }
    HostHarness harness(store);
    ASSERT_TRUE(harness.started.has_value());
    EXPECT_TRUE(claim(harness).empty()) << "the attempt was given away a second time";
    EXPECT_TRUE(harness.ask(core::Heartbeat{offer.attempt, "default"}).has_value());
    EXPECT_TRUE(complete(harness, offer).has_value());
    harness.wait_for(id, core::JobState::completed);
}

TEST(Workers, LoseTheirLeaseOneTtlAfterARestart) {
    memory::MemoryStore store;
    StandingClock clock;
    core::JobId id;
    core::LeaseOffer offer;
    {
        HostHarness harness(store, nullptr, 64, &clock);
        ASSERT_TRUE(harness.submit(one_task, &id).has_value());
        offer = claim(harness).at(0);
    }
    clock.advance(milliseconds(core::local_ttl_ms - 1));
    HostHarness harness(store, nullptr, 64, &clock);
    clock.advance(milliseconds(core::local_ttl_ms - 1));
    EXPECT_TRUE(claim(harness).empty());
    clock.advance(milliseconds(2));
    // The expiry and the retry without delay are due at once; the first answer may be before them.
    std::vector<core::LeaseOffer> again;
    while (again.empty()) {
        again = claim(harness);
    }
    EXPECT_EQ(again.at(0).attempt.attempt, 2U);
    EXPECT_GT(again.at(0).attempt.fence, offer.attempt.fence);
    const core::Answer late = complete(harness, offer);
    ASSERT_FALSE(late.has_value());
    EXPECT_EQ(late.error().problem, Problem::fenced);
    EXPECT_TRUE(complete(harness, again.at(0)).has_value());
    harness.wait_for(id, core::JobState::completed);
}

TEST(Workers, ThatWaitAreWokenByWhatMakesATaskReady) {
    memory::MemoryStore store;
    StandingClock clock;  // no time passes: nothing here is found by asking again
    HostHarness harness(store, nullptr, 64, &clock);
    std::mutex mutex;
    std::condition_variable changed;
    std::optional<core::Answer> answer;
    harness.host->submit(claim_of(seconds(60)), [&](core::Answer given) {
        const std::lock_guard lock(mutex);
        answer = std::move(given);
        changed.notify_one();
    });
    core::JobId id;
    ASSERT_TRUE(harness
                    .submit(R"({"nodes":[{"id":"b","noop":true},
                        {"id":"a","needs":["b"],"task":{"lane":"gpu"}}]})",
                            &id)
                    .has_value());
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return answer.has_value(); });
    ASSERT_TRUE(answer->has_value());
    EXPECT_EQ(std::get<core::Leased>(**answer).offers.at(0).attempt.job, id);
}

TEST(Workers, AreServedInTheOrderInWhichTheyCame) {
    memory::MemoryStore store;
    StandingClock clock;
    HostHarness harness(store, nullptr, 64, &clock);
    std::mutex mutex;
    std::condition_variable changed;
    std::vector<int> served;
    for (int i = 0; i < 3; ++i) {
        core::Claim one = claim_of(seconds(60));
        one.max = 1;
        harness.host->submit(one, [&, i](const core::Answer&) {
            const std::lock_guard lock(mutex);
            served.push_back(i);
            changed.notify_one();
        });
    }
    for (int i = 0; i < 3; ++i) {
        ASSERT_TRUE(harness.submit(one_task).has_value());
    }
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return served.size() == 3; });
    EXPECT_EQ(served, (std::vector{0, 1, 2}));
}

TEST(Workers, GetNoNewWorkWhileTheStoreIsFull) {
    memory::MemoryStore store;
    HostHarness harness(store);
    core::JobId id;
    ASSERT_TRUE(harness.submit(one_task, &id).has_value());
    store.fail_next_commit(ports::CommitOutcome::full);
    const core::Answer refused = harness.ask(claim_of());
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().problem, Problem::storage_full);
    const auto row = harness.host->reader().job(id);
    ASSERT_TRUE(row.has_value() && row->has_value());
    EXPECT_EQ((*row)->state, core::JobState::queued);
}

}  // namespace
}  // namespace attacca::e2e
