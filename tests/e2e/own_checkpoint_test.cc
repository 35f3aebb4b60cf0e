// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "adapters/sqlite/sqlite_reader.h"
#include "e2e/tampered_ledger.h"
#include "engine/anchor_gate.h"

// A data directory of which somebody took records away, or changed them, and left its checkpoints.

namespace attacca::e2e {
namespace {

constexpr std::string_view single_run = R"({"nodes":[{"id":"a","run":["x"]}]})";
constexpr const char* newest_row = "size = (SELECT max(size) FROM checkpoints)";

class OwnCheckpoint : public ::testing::Test {
  protected:
    OwnCheckpoint() {
        ledger.serve([](HostHarness& harness) {
            for (int i = 0; i < 4; ++i) {
                core::JobId id;
                ASSERT_TRUE(harness.submit(single_run, &id).has_value());
                (void)harness.wait_for(id, core::JobState::completed);
            }
        });
    }

    Result<void> check() {
        const auto reader = std::move(*sqlite::open_read_only(ledger.path()));
        const engine::LedgerKey key = key_for_test();
        return engine::check_own_checkpoint(*reader, key.root());
    }
    void expect_refused(const std::string& why) {
        const Result<void> checked = check();
        ASSERT_FALSE(checked);
        EXPECT_EQ(checked.error().problem, Problem::rolled_back);
        EXPECT_NE(checked.error().detail.find(why), std::string::npos) << checked.error().detail;
    }
    void forget_last_batch() {
        ledger.change("DELETE FROM batches WHERE first_gseq = "
                      "(SELECT max(first_gseq) FROM batches)");
    }

    TamperedLedger ledger;
};

TEST_F(OwnCheckpoint, AgreesWithAWholeLedgerAndWithOneThatACrashLeft) {
    EXPECT_TRUE(check());
    ledger.change(std::string("DELETE FROM checkpoints WHERE ") + newest_row);
    EXPECT_TRUE(check()) << "the last batch was not signed yet";
    ledger.change("DELETE FROM checkpoints");
    EXPECT_TRUE(check());
}

TEST_F(OwnCheckpoint, TellsOfRecordsThatAreMissingAtTheEnd) {
    const std::string signed_size = std::to_string(
        ledger.number("SELECT max(size) FROM checkpoints"));
    forget_last_batch();
    expect_refused("of " + signed_size + " records, and it holds ");
}

TEST_F(OwnCheckpoint, TellsOfOtherRecordsThanThoseThatWereSigned) {
    ledger.change("UPDATE batches SET root = randomblob(32) WHERE first_gseq = "
                  "(SELECT max(first_gseq) FROM batches)");
    expect_refused("of other records than its first ");
}

TEST_F(OwnCheckpoint, TellsOfABatchThatDoesNotEndWhereItWasSigned) {
    forget_last_batch();
    ledger.change("UPDATE batches SET count = count + 100, "
                  "previous = CAST(previous || zeroblob(100) AS BLOB) "
                  "WHERE first_gseq = (SELECT max(first_gseq) FROM batches)");
    expect_refused("of other records than its first ");
}

TEST_F(OwnCheckpoint, SaysNothingWhereTheBatchCannotBeRead) {
    ledger.change("UPDATE batches SET records = x'00' WHERE first_gseq = "
                  "(SELECT max(first_gseq) FROM batches)");
    EXPECT_TRUE(check()) << "the start itself, or attacca verify, tells of that";
}

TEST_F(OwnCheckpoint, SaysNothingWhereTheKeyDidNotSignIt) {
    forget_last_batch();
    ledger.change(std::string("UPDATE checkpoints SET note = substr(note, 1, length(note) - 10) "
                              "|| 'AAAA' || substr(note, -6) WHERE ") + newest_row);
    EXPECT_TRUE(check()) << "attacca verify tells of the signature";
    ledger.change(std::string("UPDATE checkpoints SET note = 'x' WHERE ") + newest_row);
    EXPECT_TRUE(check());
}

}  // namespace
}  // namespace attacca::e2e
