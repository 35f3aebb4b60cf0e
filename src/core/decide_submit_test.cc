// SPDX-License-Identifier: Apache-2.0
#include "core/decide.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/digest.h"
#include "core/definition_for_test.h"

namespace attacca::core {
namespace {

using testing::ElementsAre;

TEST(Idempotency, TheSameKeyReplaysTheFirstAnswer) {
    BenchForTest bench;
    SubmitJobs command{"default", "usr:test", {}, IdempotencyKey{sha256("k"), sha256("r"), 0}};
    NewJob job;
    job.id = bench.next_id();
    job.definition = definition_for_test(R"({"nodes":[{"id":"n","noop":true}]})");
    bench.know(job.definition);
    command.jobs.push_back(job);
    ASSERT_TRUE(bench.run(command).has_value());
    command.jobs[0].id = bench.next_id();
    const Answer again = bench.run(command);
    ASSERT_TRUE(again.has_value());
    const auto& submitted = std::get<Submitted>(*again);
    EXPECT_TRUE(submitted.is_replayed);
    EXPECT_THAT(submitted.ids, ElementsAre(job.id));
    command.key->request_hash = sha256("other");
    const Answer mismatch = bench.run(command);
    ASSERT_FALSE(mismatch.has_value());
    EXPECT_EQ(mismatch.error().problem, Problem::idempotency_mismatch);
}

TEST(Idempotency, ALookUpThatSawEveryDroppedKeyIsEnough) {
    BenchForTest bench(0);
    SubmitJobs command{"default", "usr:test", {NewJob{}}, {}};
    NewJob& job = command.jobs[0];
    job.definition = definition_for_test(R"({"nodes":[{"id":"n","noop":true}]})");
    bench.know(job.definition);
    const auto use = [&](std::size_t number, std::uint64_t looked_up_at) {
        job.id = bench.next_id();
        command.key = IdempotencyKey{sha256(std::to_string(number)), sha256("r"), looked_up_at};
        return bench.run(command, false);
    };
    for (std::size_t number = 0; number <= hot_keys_max; ++number) {
        ASSERT_TRUE(use(number, 0).has_value());
    }
    // The first key fell out, and stands in the store since the ledger's size was 1.
    const Answer blind = use(0, 0);
    ASSERT_FALSE(blind.has_value());
    EXPECT_EQ(blind.error().problem, Problem::idempotency_in_progress);
    // Keys that others used since the look-up are hot: they ask for no second one.
    EXPECT_TRUE(use(hot_keys_max + 1, 1).has_value());
}

// A key of a batch names up to 10,000 jobs: 65,536 of those would be gigabytes.
TEST(Idempotency, KeysOfManyJobsFallOutSooner) {
    BenchForTest bench(0);
    SubmitJobs command{"default", "usr:test", {NewJob{}}, {}};
    NewJob& job = command.jobs[0];
    job.definition = definition_for_test(R"({"nodes":[{"id":"n","noop":true}]})");
    bench.know(job.definition);
    const auto use = [&](std::string_view key, std::uint64_t looked_up_at) {
        job.id = bench.next_id();
        command.key = IdempotencyKey{sha256(key), sha256("r"), looked_up_at};
        return bench.run(command, false);
    };
    ASSERT_TRUE(use("large", 0).has_value());
    // As if it had named that many.
    bench.state.keys.at(sha256("large")).ids.resize(hot_key_ids_max);
    bench.state.key_ids = hot_key_ids_max;
    ASSERT_TRUE(use("small", 0).has_value());
    EXPECT_FALSE(bench.state.keys.contains(sha256("large")));
    EXPECT_TRUE(bench.state.keys.contains(sha256("small")));
    EXPECT_EQ(bench.state.key_ids, 1U);
    EXPECT_EQ(use("large", 0).error().problem, Problem::idempotency_in_progress);
}

TEST(Idempotency, AKeyIsForgottenAfterADayAndItsNextUseIsRemembered) {
    BenchForTest bench(0);
    SubmitJobs command{"default", "usr:test", {NewJob{}}, {}};
    NewJob& job = command.jobs[0];
    job.definition = definition_for_test(R"({"nodes":[{"id":"n","noop":true}]})");
    bench.know(job.definition);
    const auto use = [&](std::string_view key) {
        job.id = bench.next_id();
        command.key = IdempotencyKey{sha256(key), sha256("r"), 0};
        return std::get<Submitted>(bench.run(command, false).value()).is_replayed;
    };
    EXPECT_FALSE(use("old"));
    EXPECT_FALSE(use("older"));
    bench.now.wall = bench.now.wall + key_life;
    EXPECT_FALSE(use("old"));
    EXPECT_EQ(bench.state.keys.size(), 1U);
    EXPECT_EQ(bench.state.key_order.size(), 1U);
    EXPECT_EQ(bench.state.key_ids, 1U);
    EXPECT_EQ(bench.state.newest_dropped_key_at, 0U);
    EXPECT_TRUE(use("old"));
    EXPECT_EQ(bench.state.new_keys.size(), 3U);
}

TEST(Idempotency, AKeyMayBeUsedForSomethingElseAfterADay) {
    BenchForTest bench;
    SubmitJobs command{"default", "usr:test", {}, IdempotencyKey{sha256("k"), sha256("r"), 0}};
    NewJob job;
    job.id = bench.next_id();
    job.definition = definition_for_test(R"({"nodes":[{"id":"n","noop":true}]})");
    bench.know(job.definition);
    command.jobs.push_back(job);
    ASSERT_TRUE(bench.run(command).has_value());
    bench.now.wall = bench.now.wall + key_life;
    command.jobs[0].id = bench.next_id();
    command.key->request_hash = sha256("other");
    const Answer later = bench.run(command);
    ASSERT_TRUE(later.has_value());
    EXPECT_FALSE(std::get<Submitted>(*later).is_replayed);
    const Answer again = bench.run(command);
    ASSERT_TRUE(again.has_value());
    EXPECT_THAT(std::get<Submitted>(*again).ids, ElementsAre(command.jobs[0].id));
}

}  // namespace
}  // namespace attacca::core
