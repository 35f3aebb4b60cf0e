// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "core/ledger/ledger_for_test.h"

// The tamperings that verification must catch, by their numbers in the ledger's specification, 4.3.
// Each states how far the attacker got: records only, tiles and roots too, or the key.

namespace attacca::core {
namespace {

std::string replaced(std::string text, std::string_view from, std::string_view to) {
    const std::size_t at = text.find(from);
    EXPECT_NE(at, text.npos) << from << " in " << text;
    return text.replace(at, from.size(), to);
}

std::string member(std::string_view name, std::uint64_t value) {
    return "\"" + std::string(name) + "\":" + std::to_string(value) + ",";
}

std::string renumbered(std::string record, std::uint64_t from, std::uint64_t to) {
    return replaced(std::move(record), member("gseq", from), member("gseq", to));
}

// The first failure has the code; the exit status is that of the specification.
void expect_caught(const StoredLedger& ledger, Fault fault, int exit_status) {
    const VerifyReport report = ledger.verify();
    EXPECT_EQ(report.exit_status, exit_status);
    ASSERT_FALSE(report.failures.empty());
    EXPECT_EQ(code_of(report.failures.front().fault), code_of(fault))
        << report.failures.front().detail;
}

// The first 256 records have a stored tile.
StoredLedger tiled_ledger(int records = 300) {
    LedgerWriter writer;
    for (int i = 0; i < records; ++i) {
        writer.add("thing-" + std::to_string(i % 5), "told");
    }
    writer.end_batch();
    return writer.ledger;
}

TEST(Tamper, N01BitFlipInARecord) {
    for (StoredLedger ledger : {small_ledger(), tiled_ledger()}) {
        ledger.record(4)[100] ^= 4;
        expect_caught(ledger, Fault::leaf, 1);
    }
}

TEST(Tamper, N02BitFlipWithItsLeafHashAdjusted) {
    StoredLedger ledger = tiled_ledger(256);
    const Sha256 old_root = ledger.batches[0].root;
    ledger.record(4)[100] ^= 4;
    ledger.rebuild();
    ledger.batches[0].root = old_root;
    expect_caught(ledger, Fault::root, 1);
    ledger.notes.clear();
    expect_caught(ledger, Fault::root, 1);
}

TEST(Tamper, N03BitFlipWithEverythingRecomputedUnderTheOldSignature) {
    for (StoredLedger ledger : {small_ledger(), tiled_ledger()}) {
        ledger.record(4) = replaced(ledger.record(4), "svc:engine", "svc:engina");
        ledger.rebuild();
        expect_caught(ledger, Fault::sig, 1);
    }
}

TEST(Tamper, N03AForgedNoteIsNoSignatureEither) {
    StoredLedger ledger = small_ledger();
    ledger.record(12) = replaced(ledger.record(12), "svc:engine", "svc:engina");
    ledger.rebuild();
    const std::string signature = ledger.notes[13].substr(ledger.notes[13].find("\n\n"));
    ledger.notes[13] = checkpoint_text({ledger.key.name, 13, ledger.batches.back().root});
    ledger.notes[13] += signature.substr(1);
    expect_caught(ledger, Fault::sig, 1);
}

TEST(Tamper, N04TwoRecordsOfDifferentJobsSwapped) {
    StoredLedger ledger = small_ledger();
    std::swap(ledger.record(3), ledger.record(4));
    ledger.rebuild();
    ledger.sign();
    expect_caught(ledger, Fault::seq, 1);
}

TEST(Tamper, N05TwoRecordsOfOneJobSwappedAndRenumbered) {
    StoredLedger ledger = small_ledger();
    std::string& first = ledger.record(3);
    std::string& second = ledger.record(5);
    std::swap(first, second);
    first = replaced(renumbered(first, 5, 3), member("eseq", 2), member("eseq", 1));
    second = replaced(renumbered(second, 3, 5), member("eseq", 1), member("eseq", 2));
    // Not even a bent clock gives it away: the times are exchanged too.
    const std::size_t at = first.find("\"t\":\"");
    const std::size_t other_at = second.find("\"t\":\"");
    for (std::size_t i = 0; i < 32; ++i) {
        std::swap(first[at + i], second[other_at + i]);
    }
    ledger.rebuild();
    ledger.sign();
    expect_caught(ledger, Fault::chain, 1);
}

Checkpoint anchor_of(const StoredLedger& ledger, std::uint64_t size) {
    return *open_checkpoint(ledger.notes.at(size), ledger.key);
}

TEST(Tamper, N06TailCutAtTheEndOfABatch) {
    StoredLedger ledger = small_ledger();
    const Checkpoint anchor = anchor_of(ledger, 13);
    ledger.batches.pop_back();
    ledger.notes.erase(13);
    EXPECT_EQ(ledger.verify().exit_status, 0) << "without an anchor nobody can tell";
    EXPECT_EQ(ledger.verify().anchored_size, 0U);
    const VerifyReport report = ledger.verify({anchor});
    EXPECT_EQ(report.exit_status, 4);
    EXPECT_EQ(report.failures.front().fault, Fault::rollback);
}

TEST(Tamper, N06ACheckpointThatWasLeftBehindTellsIt) {
    StoredLedger ledger = small_ledger();
    ledger.batches.pop_back();
    expect_caught(ledger, Fault::rollback, 4);
}

TEST(Tamper, N07RecordDeletedFromTheMiddle) {
    StoredLedger ledger = small_ledger();
    // As it is: every later record says that it stands elsewhere.
    StoredLedger plain = ledger;
    plain.batches[1].records.erase(plain.batches[1].records.begin());
    plain.rebuild();
    plain.sign();
    expect_caught(plain, Fault::seq, 1);
    // And with the rest renumbered.
    ledger.batches[1].records.erase(ledger.batches[1].records.begin());
    ledger.rebuild();
    for (std::uint64_t gseq = 3; gseq < ledger.size(); ++gseq) {
        ledger.record(gseq) = renumbered(ledger.record(gseq), gseq + 1, gseq);
    }
    ledger.rebuild();
    ledger.sign();
    expect_caught(ledger, Fault::chain, 1);
}

TEST(Tamper, N08AWholeJobRemovedByTheHolderOfTheKey) {
    LedgerWriter honest;
    honest.add("one", "told");
    honest.add("two", "told");
    honest.end_batch();
    honest.add("one", "told");
    honest.end_batch();
    LedgerWriter forger;
    forger.add("one", "told");
    forger.add("three", "told");
    forger.end_batch();
    forger.add("one", "told");
    forger.end_batch();
    EXPECT_EQ(forger.ledger.verify().exit_status, 0) << "without an anchor nobody can tell";
    const VerifyReport report = forger.ledger.verify({anchor_of(honest.ledger, 2)});
    EXPECT_EQ(report.exit_status, 4);
    EXPECT_EQ(report.failures.front().fault, Fault::fork);
    EXPECT_EQ(forger.ledger.verify({anchor_of(forger.ledger, 2)}).anchored_size, 2U);
}

TEST(Tamper, N09DuplicateGseq) {
    StoredLedger ledger = small_ledger();
    ledger.batches[1].records.insert(ledger.batches[1].records.begin() + 1,
                                     ledger.batches[1].records.front());
    ledger.rebuild();
    ledger.sign();
    expect_caught(ledger, Fault::dup, 1);
    StoredLedger batch_twice = small_ledger();
    batch_twice.batches.insert(batch_twice.batches.begin() + 1, batch_twice.batches[0]);
    expect_caught(batch_twice, Fault::dup, 1);
}

TEST(Tamper, N10TwoSuccessorsOfOneLink) {
    StoredLedger ledger = small_ledger();
    // Record 9 is followed by 12 in job B; put another one that follows 7 as well.
    ledger.record(12) =
        renumbered(replaced(ledger.record(9), "\"attempt\":2", "\"attempt\":3"), 9, 12);
    ledger.record(12) = replaced(ledger.record(12), "00:00:00.010000", "00:00:00.013000");
    ledger.rebuild();
    ledger.sign();
    expect_caught(ledger, Fault::chain, 1);
}

// A record that continues the ledger without a fault, made by somebody without the key.
std::string forged_record(StoredLedger& ledger) {
    std::string bytes;
    const std::uint64_t gseq = ledger.size();
    const std::string entity = "forged-" + std::to_string(gseq);
    append_envelope(bytes, {"told", entity, "acme", "svc:engine", {1'800'000'000'000'000}}, "{}",
                    {gseq, 0, genesis_hash(ledger.key.name, "acme", entity), {}},
                    {ledger.key.name, "node-1"});
    return bytes;
}

TEST(Tamper, N11WellChainedRecordAppendedWithoutTheKey) {
    StoredLedger in_batch = small_ledger();
    in_batch.batches.back().records.push_back(forged_record(in_batch));
    in_batch.rebuild();
    expect_caught(in_batch, Fault::sig, 1);
    // One batch of its own looks like a crash before its signature: it is told, no more.
    StoredLedger one = small_ledger();
    one.batches.push_back({one.size(), {forged_record(one)}, {}});
    one.rebuild();
    EXPECT_EQ(one.verify().exit_status, 0);
    EXPECT_EQ(one.verify().unsigned_records, 1U);
    EXPECT_EQ(one.verify({}, true).exit_status, 2);
    StoredLedger two = one;
    two.batches.push_back({two.size(), {forged_record(two)}, {}});
    two.rebuild();
    expect_caught(two, Fault::sig, 1);
}

TEST(Tamper, N12RecordMovedBetweenTenants) {
    StoredLedger ledger = small_ledger();
    ledger.record(9) = replaced(ledger.record(9), R"("ten":"acme")", R"("ten":"umbrella")");
    ledger.rebuild();
    ledger.sign();
    expect_caught(ledger, Fault::tenant, 1);
}

TEST(Tamper, N13RecordOrCheckpointOfAnotherOrigin) {
    StoredLedger ledger = small_ledger();
    ledger.record(12) = replaced(ledger.record(12), "ledger/1", "ledger/2");
    ledger.rebuild();
    ledger.sign();
    expect_caught(ledger, Fault::origin, 3);
    StoredLedger noted = small_ledger();
    noted.notes[13] =
        sign_checkpoint(golden_signer(), "evidence.example/ledger/2", 13, noted.batches[2].root);
    expect_caught(noted, Fault::origin, 3);
}

TEST(Tamper, N15TwoSignedRootsOfOneSize) {
    const StoredLedger ledger = small_ledger();
    Checkpoint other = anchor_of(ledger, 8);
    other.root.bytes[0] ^= 1U;
    const VerifyReport report = ledger.verify({other});
    EXPECT_EQ(report.exit_status, 4);
    EXPECT_EQ(report.failures.front().fault, Fault::fork);
}

TEST(Tamper, N18SignedWithAnAttackersOwnKey) {
    StoredLedger ledger = small_ledger();
    const Ed25519Signer other{Ed25519Seed{}};
    ledger.notes[13] = sign_checkpoint(other, ledger.key.name, 13, ledger.batches[2].root);
    expect_caught(ledger, Fault::untrusted, 3);
}

// With a correct hash and a correct signature.
TEST(Tamper, N21RecordOutsideTheProfile) {
    const std::pair<std::string_view, std::string_view> changes[] = {
        {R"("res":"ok")", R"("res":"ok","res":"ok")"},
        {R"("res":"ok")", R"("res": "ok")"},
        {R"("attempt":2)", R"("attempt":2.0)"},
        {R"("res":"ok")", R"("res":"\u006fk")"},
        {R"("res":"ok","src":"node-1")", R"("src":"node-1","res":"ok")"},
    };
    for (const auto& [from, to] : changes) {
        StoredLedger ledger = small_ledger();
        ledger.record(9) = replaced(ledger.record(9), from, to);
        ledger.rebuild();
        ledger.sign();
        expect_caught(ledger, Fault::format, 1);
    }
}

TEST(Tamper, N22NodePreimageAsRecordAndNodeAsLeaf) {
    StoredLedger ledger = small_ledger();
    const Sha256 left = leaf_hash(ledger.record(0));
    const Sha256 right = leaf_hash(ledger.record(1));
    const std::string preimage = "\x01" + std::string(left.view()) + std::string(right.view());
    StoredLedger plain = ledger;
    plain.record(0) = preimage;
    expect_caught(plain, Fault::leaf, 1);
    ledger.record(12) = preimage;
    ledger.rebuild();
    ledger.sign();
    expect_caught(ledger, Fault::format, 1);
}

TEST(Tamper, N30RecordAfterTheEndOfItsJob) {
    StoredLedger ledger = small_ledger();
    const Sha256 last_link = leaf_hash(ledger.record(6));
    std::string bytes;
    append_envelope(bytes,
                    {"attempt_started", job_a, "acme", "svc:engine", {1'800'000'000'000'000}}, "{}",
                    {ledger.size(), 4, last_link, {}}, {ledger.key.name, "node-1"});
    ledger.batches.back().records.push_back(bytes);
    ledger.rebuild();
    ledger.sign();
    expect_caught(ledger, Fault::final, 1);
}

TEST(Tamper, N31BatchTakenOut) {
    StoredLedger ledger = small_ledger();
    ledger.batches.erase(ledger.batches.begin() + 1);
    ledger.notes.erase(8);
    expect_caught(ledger, Fault::gap, 2);
}

TEST(Tamper, N32ClockSetBack) {
    StoredLedger ledger = small_ledger();
    ledger.record(12) = replaced(ledger.record(12), "2026-01-01T", "2025-12-31T");
    ledger.rebuild();
    ledger.sign();
    expect_caught(ledger, Fault::time, 2);
    EXPECT_EQ(ledger.verify({}, true).exit_status, 1);
}

TEST(Tamper, N35ExtensionLineInACheckpoint) {
    StoredLedger ledger = small_ledger();
    const std::string text = checkpoint_text(anchor_of(ledger, 13)) + "extension 1\n";
    const KeyId id = key_id_of(ledger.key);
    ledger.notes[13] =
        text + "\n\xe2\x80\x94 " + ledger.key.name + " " +
        base64(std::string(id.begin(), id.end()) + std::string(golden_signer().sign(text).view())) +
        "\n";
    expect_caught(ledger, Fault::format, 1);
}

}  // namespace
}  // namespace attacca::core
