// SPDX-License-Identifier: Apache-2.0
#include "core/ledger/verify.h"

#include <random>

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
void expect_links_to_be_leaves(StoredLedger ledger) {
    std::map<std::string, std::uint64_t> last_of;
    Tree tree;
    std::vector<FullTile> tiles;
    for (std::uint64_t gseq = 0; gseq < ledger.size(); ++gseq) {
        const Result<RecordHeader> header = read_header(ledger.record(gseq));
        ASSERT_TRUE(header);
        tree.append(leaf_hash(ledger.record(gseq)));
        for (FullTile& tile : tree.take_full_tiles()) {
            tiles.push_back(std::move(tile));
        }
        TiledHashes hashes(tree, [&](std::uint32_t level, std::uint64_t index) {
            const FullTile* found = nullptr;
            for (const FullTile& tile : tiles) {
                found = tile.level == level && tile.index == index ? &tile : found;
            }
            return found == nullptr ? Result<std::string>(fail(Problem::not_found))
                                 : Result<std::string>(found->hashes);
        });
        const std::string entity(header->entity);
        if (const auto before = last_of.find(entity); before != last_of.end()) {
            const auto proof = inclusion_proof(hashes, before->second, tree.size());
            ASSERT_TRUE(proof) << gseq;
            EXPECT_TRUE(
                verify_inclusion(header->prev, {before->second, tree.size()}, *proof, tree.root()));
        } else {
            EXPECT_EQ(header->eseq, 0U);
            EXPECT_EQ(header->prev,
                      genesis_hash(header->origin, header->tenant, header->entity));
        }
        last_of[entity] = gseq;
    }
}

TEST(Verify, InEveryPrefixTheChainsLinksAreTheTreesLeaves) {
    expect_links_to_be_leaves(small_ledger());
    for (std::uint32_t seed = 1; seed <= 12; ++seed) {
        SCOPED_TRACE(seed);
        std::mt19937 random(seed);
        LedgerWriter writer;
        const std::uint64_t entities = 1 + random() % 40;
        const std::uint64_t records = 20 + random() % 600;
        for (std::uint64_t i = 0; i < records; ++i) {
            writer.add("thing-" + std::to_string(random() % entities), "told");
        }
        writer.end_batch();
        expect_links_to_be_leaves(writer.ledger);
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

// 2,100 records, each a batch of its own with its signature.
StoredLedger ledger_of_small_batches() {
    LedgerWriter writer;
    for (int i = 0; i < 2100; ++i) {
        writer.add("thing-" + std::to_string(i % 7), "told");
    }
    writer.end_batch();
    StoredLedger ledger = writer.ledger;
    const std::vector<std::string> records = ledger.batches.front().records;
    ledger.batches.clear();
    for (const std::string& record : records) {
        ledger.batches.push_back({0, {record}, {}});
    }
    ledger.rebuild();
    ledger.sign();
    return ledger;
}

// Changes the signature, and nothing of what it signs.
void spoil_signature(std::string& note) {
    char& last = note[note.size() - 10];
    last = last == 'A' ? 'B' : 'A';
}

TEST(Verify, OfManyOldSignaturesSomeAreCheckedAndStrictlyAll) {
    const StoredLedger ledger = ledger_of_small_batches();
    const VerifyReport all = ledger.verify({}, true, 2000);
    EXPECT_EQ(all.exit_status, 0) << text_of(all);
    EXPECT_EQ(all.checkpoints, 2100U);
    EXPECT_EQ(all.signatures_skipped, 0U);
    const VerifyReport some = ledger.verify({}, false, 2000);
    EXPECT_EQ(some.exit_status, 0) << text_of(some);
    // Up to 1999 only that of 1024 is computed.
    EXPECT_EQ(some.signatures_skipped, 1998U);
    EXPECT_EQ(some.signed_size, 2100U);

    const auto spoilt = [&](std::uint64_t size, bool is_strict) {
        StoredLedger changed = ledger;
        spoil_signature(changed.notes[size]);
        return changed.verify({}, is_strict, 2000).exit_status;
    };
    EXPECT_EQ(spoilt(1500, false), 0) << "the newest signature covers its records";
    EXPECT_EQ(spoilt(1500, true), 1);
    EXPECT_EQ(spoilt(1024, false), 1);
    EXPECT_EQ(spoilt(2000, false), 1);
    EXPECT_EQ(spoilt(2100, false), 1);
}

TEST(Verify, AnOldCheckpointOfAnotherRootIsFoundWithoutItsSignature) {
    StoredLedger ledger = ledger_of_small_batches();
    ledger.notes[1500] = sign_checkpoint(golden_signer(), ledger.key.name, 1500, Sha256{});
    const VerifyReport report = ledger.verify({}, false, 2000);
    EXPECT_EQ(report.exit_status, 1);
    ASSERT_EQ(report.failures.size(), 1U) << text_of(report);
    EXPECT_EQ(report.failures[0].fault, Fault::sig);
    EXPECT_EQ(report.failures[0].gseq, 1499U);
}

// What another key's line begins is a change of keys as far as a verifier can see beforehand.
TEST(Verify, TheLastSignatureBeforeAChangeOfKeysIsChecked) {
    StoredLedger ledger = ledger_of_small_batches();
    spoil_signature(ledger.notes[1499]);
    EXPECT_EQ(ledger.verify({}, false, 2000).exit_status, 0);
    std::string& note = ledger.notes[1500];
    const std::string line = "\xe2\x80\x94 other " + base64(std::string(68, 'x')) + "\n";
    note.insert(note.find("\n\n") + 2, line);
    const VerifyReport report = ledger.verify({}, false, 2000);
    ASSERT_EQ(report.failures.size(), 1U) << text_of(report);
    EXPECT_EQ(report.failures[0].detail, "the checkpoint of size 1499 has a wrong signature");
}

TEST(Verify, TheNewestSignatureIsCheckedHoweverOldItIs) {
    StoredLedger ledger = ledger_of_small_batches();
    ledger.notes.erase(ledger.notes.upper_bound(1999), ledger.notes.end());
    spoil_signature(ledger.notes[1999]);
    const VerifyReport report = ledger.verify({}, false, 2000);
    EXPECT_EQ(report.signed_size, 1024U);
    ASSERT_EQ(report.failures.size(), 2U) << text_of(report);
    EXPECT_EQ(report.failures[0].detail, "the checkpoint of size 1999 has a wrong signature");
    EXPECT_EQ(report.failures[1].fault, Fault::sig) << "101 batches are not signed";
}

// Who cut the ledger has a good signature of what he took away, and none of what he put there.
TEST(Verify, ASignatureOfWhatIsNotThereCarriesNothing) {
    StoredLedger ledger = ledger_of_small_batches();
    ledger.batches.resize(900);
    ledger.notes.erase(ledger.notes.upper_bound(900), std::prev(ledger.notes.end()));
    for (auto& [size, note] : ledger.notes) {
        if (size <= 900) {
            spoil_signature(note);
        }
    }
    const VerifyReport report = ledger.verify({}, false, 2000);
    EXPECT_EQ(report.signed_size, 0U);
    EXPECT_EQ(report.verdict, Verdict::tampered);
    ASSERT_GE(report.failures.size(), 2U) << text_of(report);
    EXPECT_EQ(report.failures[0].detail, "the checkpoint of size 900 has a wrong signature");
    EXPECT_EQ(report.failures[1].fault, Fault::rollback);
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
