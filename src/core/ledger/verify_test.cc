// SPDX-License-Identifier: Apache-2.0
#include "core/ledger/verify.h"

#include <gtest/gtest.h>

#include "core/ledger/ledger_for_test.h"
#include "core/ledger/proof.h"

namespace attacca::core {
namespace {

std::string text_of(const VerifyReport& report) {
    std::string out = "exit " + std::to_string(report.exit_status);
    for (const Failure& failure : report.failures) {
        out += "\n" + std::string(code_of(failure.fault)) + " " +
               (failure.gseq ? std::to_string(*failure.gseq) : "-") + " " + failure.detail;
    }
    return out;
}

TEST(Verify, AWholeLedgerIsGood) {
    const StoredLedger ledger = small_ledger();
    const VerifyReport report = ledger.verify();
    EXPECT_EQ(report.exit_status, 0) << text_of(report);
    EXPECT_EQ(report.records, 13U);
    EXPECT_EQ(report.size, 13U);
    EXPECT_EQ(report.root, ledger.batches.back().root);
    EXPECT_EQ(report.entities, 4U);
    EXPECT_EQ(report.signed_size, 13U);
    EXPECT_EQ(report.unsigned_records, 0U);
    EXPECT_EQ(report.assurance, "L1 signed");
}

TEST(Verify, AnEmptyLedgerIsGood) {
    const VerifyReport report = StoredLedger{}.verify({}, true);
    EXPECT_EQ(report.exit_status, 0) << text_of(report);
    EXPECT_EQ(report.root, empty_root());
    EXPECT_EQ(report.assurance, "none");
}

TEST(Verify, ALedgerOfSeveralTilesIsGoodAndAChangedRecordInItIsNamed) {
    LedgerWriter writer;
    for (int i = 0; i < 700; ++i) {
        const std::string entity = "thing-" + std::to_string(i % 7);
        writer.add(entity, "told", R"({"i":)" + std::to_string(i) + "}");
        if (i % 90 == 89) {
            writer.end_batch();
        }
    }
    writer.end_batch();
    StoredLedger ledger = writer.ledger;
    ASSERT_EQ(ledger.tiles.size(), 2U);
    EXPECT_EQ(ledger.verify().exit_status, 0) << text_of(ledger.verify());
    for (const std::uint64_t gseq : {0U, 255U, 256U, 400U}) {
        StoredLedger changed = ledger;
        changed.record(gseq)[300] ^= 1;
        const VerifyReport report = changed.verify();
        EXPECT_EQ(report.exit_status, 1);
        ASSERT_FALSE(report.failures.empty());
        EXPECT_EQ(report.failures.front().fault, Fault::leaf) << text_of(report);
        EXPECT_EQ(report.failures.front().gseq, gseq);
    }
    StoredLedger without = ledger;
    without.tiles.erase({0, 1});
    EXPECT_EQ(without.verify().exit_status, 2) << text_of(without.verify());
    StoredLedger wrong = ledger;
    wrong.tiles[{0, 1}][77] ^= 1;
    EXPECT_EQ(wrong.verify().exit_status, 1) << text_of(wrong.verify());
    wrong.tiles[{0, 1}].pop_back();
    EXPECT_EQ(wrong.verify().exit_status, 1) << text_of(wrong.verify());
}

// Every bit of what is stored: records, roots, notes.
TEST(Verify, EveryFlipOfOneBitInARecordIsFound) {
    StoredLedger ledger = small_ledger();
    // One signature, over everything, is enough and takes a third of the time.
    ledger.notes.erase(ledger.notes.begin(), std::prev(ledger.notes.end()));
    ASSERT_EQ(ledger.verify({}, true).exit_status, 0);
    for (std::uint64_t gseq = 0; gseq < ledger.size(); ++gseq) {
        std::string& bytes = ledger.record(gseq);
        for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
            const auto mask = static_cast<char>(1U << (bit % 8));
            bytes[bit / 8] ^= mask;
            ASSERT_EQ(ledger.verify().exit_status, 1) << gseq << " bit " << bit;
            bytes[bit / 8] ^= mask;
        }
    }
}

TEST(Verify, EveryFlipOfOneBitInARootOrANoteIsFound) {
    StoredLedger ledger = small_ledger();
    for (StoredLedger::Batch& batch : ledger.batches) {
        for (std::size_t bit = 0; bit < 256; ++bit) {
            const auto mask = static_cast<std::uint8_t>(1U << (bit % 8));
            batch.root.bytes[bit / 8] ^= mask;
            ASSERT_EQ(ledger.verify().exit_status, 1) << bit;
            batch.root.bytes[bit / 8] ^= mask;
        }
    }
    for (auto& [size, note] : ledger.notes) {
        for (std::size_t bit = 0; bit < note.size() * 8; ++bit) {
            const auto mask = static_cast<char>(1U << (bit % 8));
            note[bit / 8] ^= mask;
            ASSERT_NE(ledger.verify().exit_status, 0) << size << " bit " << bit;
            note[bit / 8] ^= mask;
        }
    }
    EXPECT_EQ(ledger.verify().exit_status, 0);
}

// One hash, no gap: what a chain calls the link of a record is a leaf of the tree, in every prefix.
TEST(Verify, InEveryPrefixTheChainsLinksAreTheTreesLeaves) {
    StoredLedger ledger = small_ledger();
    std::vector<Sha256> leaves;
    std::map<std::string, std::uint64_t> last_of;
    Tree tree;
    for (std::uint64_t gseq = 0; gseq < ledger.size(); ++gseq) {
        const Result<RecordHeader> header = read_header(ledger.record(gseq));
        ASSERT_TRUE(header);
        tree.append(leaf_hash(ledger.record(gseq)));
        TiledHashes hashes(tree, [](std::uint32_t, std::uint64_t) {
            return Result<std::string>(fail(Problem::not_found));
        });
        const std::string entity(header->entity);
        if (const auto before = last_of.find(entity); before != last_of.end()) {
            const auto proof = inclusion_proof(hashes, before->second, tree.size());
            ASSERT_TRUE(proof);
            EXPECT_TRUE(
                verify_inclusion(header->prev, {before->second, tree.size()}, *proof, tree.root()));
        } else {
            EXPECT_EQ(header->eseq, 0U);
        }
        last_of[entity] = gseq;
    }
}

TEST(Verify, OneUnsignedBatchAtTheEndIsToldAndTwoAreNotBelieved) {
    StoredLedger ledger = small_ledger();
    ledger.notes.erase(13);
    VerifyReport report = ledger.verify();
    EXPECT_EQ(report.exit_status, 0) << text_of(report);
    EXPECT_EQ(report.unsigned_records, 5U);
    EXPECT_EQ(report.signed_size, 8U);
    report = ledger.verify({}, true);
    EXPECT_EQ(report.exit_status, 2) << text_of(report);
    ledger.notes.erase(8);
    report = ledger.verify();
    EXPECT_EQ(report.exit_status, 1);
    EXPECT_EQ(report.failures.front().fault, Fault::sig) << text_of(report);
    EXPECT_EQ(report.unsigned_records, 10U);
}

TEST(Verify, ASignatureMayFollowItsBatch) {
    const StoredLedger ledger = small_ledger();
    Verifier verifier({ledger.key, {}, true, {}});
    for (const StoredLedger::Batch& batch : ledger.batches) {
        const std::vector<std::string_view> records(batch.records.begin(), batch.records.end());
        verifier.add_batch(batch.first, records, batch.root);
        verifier.add_checkpoint(verifier.size(), ledger.notes.at(verifier.size()));
        EXPECT_EQ(verifier.links().size(), records.size());
    }
    verifier.add_checkpoint(8, ledger.notes.at(8));
    const VerifyReport report = verifier.finish();
    EXPECT_EQ(report.signed_size, 13U);
    ASSERT_EQ(report.failures.size(), 1U) << text_of(report);
    EXPECT_EQ(report.failures[0].fault, Fault::seq) << "too late to be compared";
}

TEST(Verify, WhatTheCallerFindsCountsToo) {
    Verifier verifier({small_ledger().key, {}, false, {}});
    for (std::size_t i = 0; i < Verifier::kept_of_each_fault + 3; ++i) {
        verifier.add_failure(Fault::artifact, i, "gone");
    }
    const VerifyReport report = verifier.finish();
    EXPECT_EQ(report.verdict, Verdict::tampered);
    EXPECT_EQ(report.failures.size(), Verifier::kept_of_each_fault);
    EXPECT_EQ(report.failures_omitted, 3U);
}

}  // namespace
}  // namespace attacca::core
