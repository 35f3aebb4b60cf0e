// SPDX-License-Identifier: Apache-2.0
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/memory/memory_store.h"
#include "app/verify/verify_directory.h"
#include "e2e/tampered_ledger.h"

// Dead letters in a real store: they outlive a restart, and a replay of the ledger holds them
// against their rows.

namespace attacca::e2e {
namespace {

using ::testing::SizeIs;

// Its condition cannot be evaluated, so that it fails without a runner, each time it begins again.
constexpr std::string_view hopeless =
    R"({"nodes":[{"id":"a","run":["x"],"if":"length(1) > 0","on_failure":"requeue_job"}]})";

std::vector<core::DeadLetter> letters_in(HostHarness& harness) {
    const core::Answer answer = harness.ask(core::ReadDeadLetters{"default", {}, {}, 100});
    return std::get<core::DeadLetterPage>(*answer).letters;
}

cli::VerifyReport replayed(const TamperedLedger& ledger) {
    cli::VerifyOptions options;
    options.is_replay = true;
    Result<cli::VerifyReport> report = verify::verify_directory(ledger.path(), options);
    ATTACCA_CHECK(report.has_value());
    return std::move(*report);
}

TEST(DeadLetters, OutliveARestartAndAreForgottenWhenTheyAreClosed) {
    TamperedLedger ledger;
    ledger.serve([](HostHarness& harness) {
        for (int i = 0; i < 2; ++i) {
            ATTACCA_CHECK(harness.submit(hopeless).has_value());
        }
        const std::vector<core::DeadLetter> letters = letters_in(harness);
        ASSERT_THAT(letters, SizeIs(2));
        EXPECT_EQ(letters[0].what.cause, core::Parked::exhausted);
        EXPECT_EQ(letters[0].what.node, "a");
    });
    ledger.serve([](HostHarness& harness) {
        const std::vector<core::DeadLetter> letters = letters_in(harness);
        ASSERT_THAT(letters, SizeIs(2));
        EXPECT_TRUE(harness
                        .ask(core::DiscardDeadLetters{
                            "default", "usr:test", {letters[0].job}, "known"})
                        .has_value());
    });
    ledger.serve([](HostHarness& harness) { EXPECT_THAT(letters_in(harness), SizeIs(1)); });
    EXPECT_EQ(replayed(ledger).exit_status, 0);
    EXPECT_EQ(ledger.number("SELECT count(*) FROM jobs"), 6) << "each job has begun again twice";
}

TEST(DeadLetters, AnArrivalIsAWarningInTheLog) {
    memory::MemoryStore store;
    std::vector<std::string> log;
    {
        HostHarness harness(store, nullptr, 4, nullptr, [&log](engine::HostOptions& options) {
            options.log = [&log](std::string_view level, const std::string& message,
                                 std::string_view) {
                log.push_back(std::string(level) + " " + message);
            };
        });
        ATTACCA_CHECK(harness.submit(hopeless).has_value());
        ASSERT_THAT(letters_in(harness), SizeIs(1));
    }
    EXPECT_THAT(log, ::testing::Contains("warning 1 job is a dead letter now: attacca dlq list"));
}

TEST(DeadLetters, ThatWereChangedInTheStoreAreFound) {
    TamperedLedger ledger;
    ledger.serve([](HostHarness& harness) {
        ATTACCA_CHECK(harness.submit(hopeless).has_value());
        ASSERT_THAT(letters_in(harness), SizeIs(1));
    });
    ledger.change("UPDATE entities SET image = replace(image, 'exhausted', 'poison') "
                  "WHERE entity LIKE 'dead-letter/%'");
    EXPECT_EQ(replayed(ledger).exit_status, 1);
}

}  // namespace
}  // namespace attacca::e2e
