// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "core/ledger/ledger_for_test.h"

namespace attacca::core {
namespace {

// 700 records of seven entities in batches of 90; the words of the batches 1 to 3 are gone, which
// are the records 90 to 359.
StoredLedger pruned_ledger() {
    LedgerWriter writer;
    for (int i = 0; i < 700; ++i) {
        writer.add("thing-" + std::to_string(i % 7), "told", "{\"i\":" + std::to_string(i) + "}");
        if (i % 90 == 89) {
            writer.end_batch();
        }
    }
    writer.end_batch();
    for (const std::size_t batch : {1U, 2U, 3U}) {
        writer.ledger.batches[batch].is_pruned = true;
    }
    return writer.ledger;
}

Fault first_fault(const VerifyReport& report) {
    return report.failures.empty() ? Fault::state : report.failures.front().fault;
}

TEST(VerifyPruned, HashesCarryTheTreeAndTheChainsOverIt) {
    const StoredLedger ledger = pruned_ledger();
    for (const bool is_strict : {false, true}) {
        const VerifyReport report = ledger.verify({}, is_strict);
        EXPECT_EQ(report.exit_status, 0)
            << code_of(first_fault(report)) << " " << report.failures.front().detail;
        EXPECT_EQ(report.size, 700U);
        EXPECT_EQ(report.root, ledger.batches.back().root);
        EXPECT_EQ(report.signed_size, 700U);
        EXPECT_EQ(report.entities, 7U);
    }
}

TEST(VerifyPruned, TheFirstBatchesMayBeGone) {
    StoredLedger ledger = pruned_ledger();
    ledger.batches[0].is_pruned = true;
    EXPECT_EQ(ledger.verify({}, true).exit_status, 0);
}

TEST(VerifyPruned, AHashThatWasChangedIsFound) {
    for (const std::size_t at : {90U, 200U, 255U}) {
        StoredLedger ledger = pruned_ledger();
        ledger.tiles[{0, 0}][at * hash_bytes + 5] ^= 1;
        const VerifyReport report = ledger.verify();
        EXPECT_EQ(report.exit_status, 1);
        EXPECT_EQ(first_fault(report), Fault::root) << at;
    }
}

TEST(VerifyPruned, AHashThatIsNotThereEndsIt) {
    StoredLedger ledger = pruned_ledger();
    ledger.tiles.erase({0, 1});
    const VerifyReport report = ledger.verify();
    EXPECT_EQ(report.exit_status, 2);
    EXPECT_EQ(first_fault(report), Fault::missing);
    EXPECT_EQ(report.failures.front().gseq, 256U);
}

TEST(VerifyPruned, ARootThatWasChangedIsFound) {
    StoredLedger ledger = pruned_ledger();
    ledger.batches[2].root.bytes[0] ^= 1;
    EXPECT_EQ(first_fault(ledger.verify()), Fault::root);
}

// The index stands outside of the hashes: it may not talk a chain into being whole.
TEST(VerifyPruned, AnIndexThatLiesHelpsNoBrokenChain) {
    StoredLedger ledger = pruned_ledger();
    StoredLedger::Batch& behind = ledger.batches[4];
    for (std::uint64_t& gseq : behind.previous) {
        gseq = gseq < 360 ? 100 : gseq;
    }
    const VerifyReport report = ledger.verify();
    EXPECT_EQ(report.exit_status, 1);
    EXPECT_EQ(first_fault(report), Fault::chain);
}

TEST(VerifyPruned, ABatchThatIsNotThereAtAllIsAGap) {
    StoredLedger ledger = pruned_ledger();
    ledger.batches.erase(ledger.batches.begin() + 2);
    const VerifyReport report = ledger.verify();
    EXPECT_EQ(report.exit_status, 2);
    EXPECT_EQ(first_fault(report), Fault::gap);
}

}  // namespace
}  // namespace attacca::core
