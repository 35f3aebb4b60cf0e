// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "app/verify/verify_directory.h"
#include "e2e/tampered_ledger.h"
#include "engine/pruner.h"

// A ledger whose server goes on while it is verified.

namespace attacca::e2e {
namespace {

constexpr std::string_view pair_of_runs =
    R"({"nodes":[{"id":"a","run":["x"]},{"id":"b","run":["y"],"needs":["a"]}]})";

class VerifyLive : public ::testing::Test {
  protected:
    static void expect_whole(const Result<cli::VerifyReport>& report) {
        ASSERT_TRUE(report) << report.error().text();
        EXPECT_EQ(report->exit_status, 0) << report->failures.size();
        for (const cli::VerifyFailure& failure : report->failures) {
            ADD_FAILURE() << failure.code << " " << failure.detail;
        }
    }
    static void run_jobs(HostHarness& harness, int count) {
        for (int i = 0; i < count; ++i) {
            core::JobId id;
            ASSERT_TRUE(harness.submit(pair_of_runs, &id));
            (void)harness.wait_for(id, core::JobState::completed);
        }
    }

    TamperedLedger ledger;
};

TEST_F(VerifyLive, AServerMayGoOnMeanwhile) {
    ledger.serve([&](HostHarness& harness) {
        for (int i = 0; i < 20; ++i) {
            ASSERT_TRUE(harness.submit(pair_of_runs).has_value());
            cli::VerifyOptions options;
            options.is_replay = i % 4 == 0;
            expect_whole(verify::verify_directory(ledger.path(), options));
        }
    });
}

// The records that say so are younger than the pass: it goes on until it has read them.
TEST_F(VerifyLive, AServerMayPruneMeanwhile) {
    ledger.serve([&](HostHarness& harness) {
        run_jobs(harness, 60);  // one full tile, and more
        engine::Pruner pruner(*harness.host, {Duration{0}, {}}, nullptr);
        bool is_begun = false;
        cli::VerifyOptions options;
        options.progress = [&](std::uint64_t done, std::uint64_t all) {
            EXPECT_LE(done, all);
            if (!is_begun) {
                is_begun = true;
                const Result<std::uint64_t> pruned = pruner.look();
                ASSERT_TRUE(pruned) << pruned.error().text();
                ASSERT_GT(*pruned, 0U);
            }
        };
        const auto report = verify::verify_directory(ledger.path(), options);
        ASSERT_NO_FATAL_FAILURE(expect_whole(report));
        EXPECT_GT(report->pruned, 0U);
        EXPECT_EQ(report->records, report->size);
    });
}

}  // namespace
}  // namespace attacca::e2e
