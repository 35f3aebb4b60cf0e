// SPDX-License-Identifier: Apache-2.0
#include "app/verify/verify_directory.h"

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/digest.h"
#include "core/ledger/hash.h"
#include "e2e/tampered_ledger.h"
#include "engine/history.h"

namespace attacca::e2e {
namespace {

using ::testing::HasSubstr;

constexpr std::string_view two_runs =
    R"({"nodes":[{"id":"a","run":["x"]},{"id":"b","run":["y"],"needs":["a"]}]})";

// 100 instances beyond the map itself, so that there is a chunk of nodes.
std::string wide_map() {
    std::string items;
    for (int i = 0; i < 100; ++i) {
        items += (items.empty() ? "" : ",") + std::to_string(i);
    }
    return R"({"nodes":[{"id":"m","run":["x"],"map":{"over":[)" + items + "]}}]}";
}

std::string told(const cli::VerifyReport& report) {
    std::string text = "exit " + std::to_string(report.exit_status) + "\n";
    for (const cli::VerifyFailure& failure : report.failures) {
        text += failure.code + " " +
                (failure.gseq ? std::to_string(*failure.gseq) : std::string("-")) + " " +
                failure.detail + "\n";
    }
    for (const std::string& note : report.notes) {
        text += "note: " + note + "\n";
    }
    return text;
}

class Verify : public ::testing::Test {
  protected:
    // Enough jobs, one after another, for several batches and one full tile. Each case changes a
    // copy.
    static const TamperedLedger& original() {
        static const std::unique_ptr<TamperedLedger> made = [] {
            auto fresh = std::make_unique<TamperedLedger>();
            fresh->serve([](HostHarness& harness) {
                for (int i = 0; i < 60; ++i) {
                    core::JobId id;
                    ATTACCA_CHECK(harness.submit(two_runs, &id).has_value());
                    (void)harness.wait_for(id, core::JobState::completed);
                }
            });
            ATTACCA_CHECK(fresh->number("SELECT count(*) FROM tiles") > 0);
            return fresh;
        }();
        return *made;
    }

    cli::VerifyReport verify(bool is_replay = false, bool is_strict = false,
                             const std::string& anchor = {}) {
        cli::VerifyOptions options;
        options.is_replay = is_replay;
        options.is_strict = is_strict;
        if (!anchor.empty()) {
            options.anchors.push_back(anchor);
        }
        Result<cli::VerifyReport> report = verify::verify_directory(ledger.path(), options);
        EXPECT_TRUE(report.has_value()) << report.error().text();
        return report ? *report : cli::VerifyReport{};
    }
    // What was done must be told with this code and end with this status.
    void expect(int status, std::string_view code, bool is_replay = false) {
        const cli::VerifyReport report = verify(is_replay);
        EXPECT_EQ(report.exit_status, status) << told(report);
        EXPECT_THAT(told(report), HasSubstr(std::string(code) + " "));
    }
    std::int64_t batch_start(int number) {
        return ledger.number("SELECT first_gseq FROM batches ORDER BY first_gseq LIMIT 1 OFFSET " +
                             std::to_string(number));
    }
    std::string newest_note() {
        return ledger.text("SELECT note FROM checkpoints ORDER BY size DESC LIMIT 1");
    }
    std::int64_t batches() { return ledger.number("SELECT count(*) FROM batches"); }
    // Cuts the ledger before a batch, as if it and all that followed had never been.
    void forget_from(std::int64_t first_gseq) {
        const std::string at = std::to_string(first_gseq);
        ledger.change("DELETE FROM batches WHERE first_gseq >= " + at +
                      "; DELETE FROM checkpoints WHERE size > " + at +
                      "; DELETE FROM tiles WHERE level = 0 AND (position + 1) * 256 > " + at);
    }

    TamperedLedger ledger{original()};
};

TEST_F(Verify, AWholeLedgerPassesEverything) {
    std::uint64_t seen = 0;
    cli::VerifyOptions options;
    options.is_replay = true;
    options.is_strict = true;
    options.progress = [&](std::uint64_t done, std::uint64_t all) {
        EXPECT_LE(done, all);
        EXPECT_GE(done, seen);
        seen = done;
    };
    const auto report = verify::verify_directory(ledger.path(), options);
    ASSERT_TRUE(report) << report.error().text();
    EXPECT_EQ(report->exit_status, 0) << told(*report);
    EXPECT_EQ(report->records, report->size);
    EXPECT_EQ(report->size, static_cast<std::uint64_t>(
                                ledger.number("SELECT max(first_gseq + count) FROM batches")));
    EXPECT_EQ(report->origin, "attacca.local/test");
    EXPECT_EQ(seen, report->size);
    EXPECT_FALSE(report->assurance.empty());
}

TEST_F(Verify, JobsThatLiveAreComparedAsTheyStand) {
    {
        const auto store = std::move(*sqlite::SqliteStore::open(ledger.path()));
        HeldRunner runner;
        HostHarness harness(*store, &runner, 2);
        for (int i = 0; i < 5; ++i) {
            ASSERT_TRUE(harness.submit(two_runs).has_value());
        }
        (void)runner.wait_for_start(2);
    }
    const cli::VerifyReport report = verify(true);
    EXPECT_EQ(report.exit_status, 0) << told(report);
    ledger.change("UPDATE jobs SET name = 'other' WHERE state = 4");
    expect(1, "E_STATE", true);
}

TEST_F(Verify, NodesBeyondTheRowAreComparedToo) {
    ledger.serve([](HostHarness& harness) {
        core::JobId id;
        ASSERT_TRUE(harness.submit(wide_map(), &id).has_value());
        (void)harness.wait_for(id, core::JobState::completed);
    });
    ASSERT_EQ(ledger.number("SELECT count(*) FROM node_chunks"), 1);
    EXPECT_EQ(verify(true).exit_status, 0);
    ledger.change("UPDATE node_chunks SET instances = zeroblob(length(instances))");
    expect(1, "E_STATE", true);
    ledger.change("UPDATE node_chunks SET chunk = 9");
    expect(1, "E_STATE", true);
}

TEST_F(Verify, AByteOfARecordIsChanged) {
    ledger.change_records(0, [](std::string& records) {
        replace_once(records, R"("act":"svc:engine")", R"("act":"svc:engima")");
    });
    expect(1, "E_LEAF");
}

TEST_F(Verify, AByteAndItsTileAreChanged) {
    std::string leaf;
    ledger.change_records(0, [&](std::string& records) {
        replace_once(records, R"("act":"svc:engine")", R"("act":"svc:engima")");
        const std::size_t length = read_u16(records, 0);
        leaf = hex(core::leaf_hash(std::string_view(records).substr(2, length)));
    });
    ledger.change("UPDATE tiles SET hashes = CAST(x'" + leaf + "' || substr(hashes, 33) AS BLOB) "
                  "WHERE level = 0 AND position = 0");
    expect(1, "E_ROOT");
}

TEST_F(Verify, AStoredRootIsChanged) {
    ledger.change("UPDATE batches SET root = zeroblob(32) WHERE first_gseq = " +
                  std::to_string(batch_start(3)));
    expect(1, "E_ROOT");
}

TEST_F(Verify, ABatchIsTakenOut) {
    ledger.change("DELETE FROM batches WHERE first_gseq = " + std::to_string(batch_start(3)));
    expect(2, "E_GAP");
}

TEST_F(Verify, ABatchCannotBeUnpacked) {
    ledger.change("UPDATE batches SET records = x'00' WHERE first_gseq = " +
                  std::to_string(batch_start(3)));
    expect(1, "E_FORMAT");
}

TEST_F(Verify, TwoBatchesAreExchanged) {
    const std::string a = std::to_string(batch_start(3));
    const std::string b = std::to_string(batch_start(4));
    ledger.change("CREATE TEMP TABLE kept AS SELECT * FROM batches WHERE first_gseq IN (" + a +
                  "," + b + "); UPDATE batches SET (records, raw_bytes, count, previous) = "
                  "(SELECT records, raw_bytes, count, previous FROM kept WHERE "
                  "kept.first_gseq != batches.first_gseq) WHERE first_gseq IN (" + a + "," + b +
                  ")");
    const cli::VerifyReport report = verify();
    EXPECT_EQ(report.exit_status, 1) << told(report);
}

TEST_F(Verify, TwoRecordsChangePlaces) {
    const std::int64_t start =
        ledger.number("SELECT min(first_gseq) FROM batches WHERE count > 1");
    ledger.change_records(start, [](std::string& records) {
        const std::size_t first = 2U + read_u16(records, 0);
        const std::size_t second = 2U + read_u16(records, first);
        records = records.substr(first, second) + records.substr(0, first) +
                  records.substr(first + second);
    });
    expect(1, "E_SEQ");
}

TEST_F(Verify, TheTailIsCutOffButItsSignaturesStay) {
    ledger.change("DELETE FROM batches WHERE first_gseq >= " +
                  std::to_string(batch_start(static_cast<int>(batches()) - 2)));
    expect(4, "E_ROLLBACK");
}

TEST_F(Verify, OnlyAnAnchorTellsOfATailThatIsCutOffCleanly) {
    const std::string anchor = newest_note();
    EXPECT_EQ(verify(false, true, anchor).exit_status, 0);
    forget_from(batch_start(static_cast<int>(batches()) - 2));
    EXPECT_EQ(verify().exit_status, 0);
    const cli::VerifyReport report = verify(false, false, anchor);
    EXPECT_EQ(report.exit_status, 4) << told(report);
    EXPECT_THAT(told(report), HasSubstr("E_ROLLBACK "));
    expect(1, "E_STATE", true);  // the rows are those of the longer ledger
}

TEST_F(Verify, AnAnchorOfAnotherTreeOfTheSameSizeIsAFork) {
    const engine::LedgerKey key = key_for_test();
    const std::string other =
        core::sign_checkpoint(*key.signer, key.name.origin, 10, sha256("other"));
    const cli::VerifyReport report = verify(false, false, other);
    EXPECT_EQ(report.exit_status, 4) << told(report);
    EXPECT_THAT(told(report), HasSubstr("E_FORK "));
}

TEST_F(Verify, AnAnchorThatTheKeyDidNotSignIsNotBelieved) {
    Ed25519Seed seed;
    const Ed25519Signer signer(seed);
    const std::string other =
        core::sign_checkpoint(signer, key_for_test().name.origin, 10, sha256("other"));
    EXPECT_EQ(verify(false, false, other).exit_status, 3);
    cli::VerifyOptions options;
    options.anchors = {"no checkpoint\n"};
    EXPECT_EQ(verify::verify_directory(ledger.path(), options).error().problem,
              Problem::invalid_value);
}

TEST_F(Verify, TheLastBatchMayBeUnsignedAndNoMore) {
    const auto forget_newest = [&] {
        ledger.change("DELETE FROM checkpoints WHERE size = (SELECT max(size) FROM checkpoints)");
    };
    forget_newest();
    cli::VerifyReport report = verify();
    EXPECT_EQ(report.exit_status, 0) << told(report);
    EXPECT_FALSE(report.notes.empty());
    report = verify(false, true);
    EXPECT_EQ(report.exit_status, 2) << told(report);
    forget_newest();
    expect(1, "E_SIG");
}

TEST_F(Verify, ASignatureIsChanged) {
    ledger.change("UPDATE checkpoints SET note = substr(note, 1, length(note) - 10) || 'AAAA' || "
                  "substr(note, -6) WHERE size = (SELECT min(size) FROM checkpoints)");
    expect(1, "E_SIG");
}

// Rows that are of no record push no other out of what is checked.
TEST_F(Verify, ASignatureIsChangedBehindManyRows) {
    ledger.change("WITH RECURSIVE n(i) AS (VALUES(1) UNION ALL SELECT i + 1 FROM n WHERE i < 5000) "
                  "INSERT INTO checkpoints SELECT -i, 'x' FROM n");
    EXPECT_EQ(verify().exit_status, 0);
    ledger.change("UPDATE checkpoints SET note = substr(note, 1, length(note) - 10) || 'AAAA' || "
                  "substr(note, -6) WHERE size = (SELECT min(size) FROM checkpoints "
                  "WHERE size > 0)");
    expect(1, "E_SIG");
}

TEST_F(Verify, AnExtensionLineIsNoCheckpoint) {
    ledger.change("UPDATE checkpoints SET note = replace(note, char(10) || char(10), char(10) || "
                  "'extension' || char(10) || char(10)) WHERE size = "
                  "(SELECT min(size) FROM checkpoints)");
    expect(1, "E_FORMAT");
}

TEST_F(Verify, TheKeyIsAnothers) {
    Ed25519Seed seed;
    const core::NoteKey other{key_for_test().name.origin, Ed25519Signer(seed).public_key()};
    ASSERT_TRUE(system::write_file(ledger.vkey_file(), core::format_vkey(other) + "\n"));
    expect(3, "E_UNTRUSTED");
}

TEST_F(Verify, TheKeyHasAnotherName) {
    const core::NoteKey other{"elsewhere", key_for_test().signer->public_key()};
    ASSERT_TRUE(system::write_file(ledger.vkey_file(), core::format_vkey(other) + "\n"));
    const cli::VerifyReport report = verify();
    EXPECT_EQ(report.exit_status, 3) << told(report);
}

TEST_F(Verify, WithoutAKeyNothingIsTrusted) {
    std::filesystem::remove(ledger.vkey_file());
    expect(3, "E_UNTRUSTED");
    ASSERT_TRUE(system::write_file(ledger.vkey_file(), "not a key\n"));
    expect(3, "E_UNTRUSTED");
}

TEST_F(Verify, AnArtifactIsReplacedOrGone) {
    const Sha256 digest = sha256("output of a of test\n");
    std::ofstream(ledger.cas_file(digest)) << "output of a of tesT\n";
    expect(1, "E_ARTIFACT");
    std::filesystem::remove(ledger.cas_file(digest));
    expect(2, "E_MISSING");
}

TEST_F(Verify, ABodyIsReplacedOrGone) {
    ledger.change("UPDATE bodies SET bytes = x'7b7d'");
    expect(1, "E_ARTIFACT");
    ledger.change("DELETE FROM bodies");
    expect(2, "E_MISSING");
}

TEST_F(Verify, ATileIsGone) {
    ledger.change("DELETE FROM tiles WHERE level = 0 AND position = 0");
    expect(2, "E_MISSING");
}

TEST_F(Verify, TheIndexOfPreviousRecordsIsChanged) {
    const std::string start = std::to_string(batch_start(3));
    ledger.change("UPDATE batches SET previous = zeroblob(count) WHERE first_gseq = " + start);
    EXPECT_EQ(verify().exit_status, 0);  // no hash covers it
    expect(1, "E_STATE", true);
}

TEST_F(Verify, RowsOfJobsAreChanged) {
    const std::string one = " WHERE id = (SELECT min(id) FROM jobs)";
    for (const std::string change :
         {"state = 7", "name = 'x'", "priority = 0", "kinds = 0", "created_at = 1",
          "instances = zeroblob(length(instances))", "definition = zeroblob(32)",
          "image = zeroblob(length(image))", "tags = '[]'", "tenant = 'x'",
          "details = '{}'", "state = 99"}) {
        ledger.change("CREATE TABLE kept AS SELECT * FROM jobs" + one);
        ledger.change("UPDATE jobs SET " + change + one);
        const cli::VerifyReport report = verify(true);
        EXPECT_EQ(report.exit_status, 1) << change << "\n" << told(report);
        EXPECT_THAT(told(report), HasSubstr("E_STATE ")) << change;
        EXPECT_EQ(verify().exit_status, 0) << change;  // rows are no part of the ledger
        ledger.change("DELETE FROM jobs" + one + "; INSERT INTO jobs SELECT * FROM kept; "
                      "DROP TABLE kept");
    }
    EXPECT_EQ(verify(true).exit_status, 0);
}

TEST_F(Verify, ARowIsTakenOutOrPutIn) {
    ledger.change("CREATE TABLE kept AS SELECT * FROM jobs WHERE id = (SELECT min(id) FROM jobs)");
    ledger.change("DELETE FROM jobs WHERE id = (SELECT id FROM kept)");
    expect(1, "E_STATE", true);
    ledger.change("INSERT INTO jobs SELECT * FROM kept");
    EXPECT_EQ(verify(true).exit_status, 0);
    ledger.change("UPDATE kept SET id = x'00000000000070008000000000000001', tenant = 'other'");
    ledger.change("INSERT INTO jobs SELECT * FROM kept");
    expect(1, "E_STATE", true);
}

TEST_F(Verify, TheHeadsAndCountersAreChanged) {
    ledger.change("UPDATE entities SET eseq = eseq + 1");
    expect(1, "E_STATE", true);
    ledger.change("DELETE FROM entities");
    expect(1, "E_STATE", true);
}

TEST_F(Verify, TheCountersOfTheLastBatchAreChanged) {
    ledger.change("UPDATE batches SET last_fence = last_fence - 1");
    expect(1, "E_STATE", true);
    ledger.change("UPDATE batches SET last_fence = last_fence + 1, last_at = last_at + 1");
    expect(1, "E_STATE", true);
}

TEST_F(Verify, WhatIsNoLedgerIsAnErrorAndNoReport) {
    const system::TemporaryDirectory dir;
    EXPECT_EQ(verify::verify_directory(dir.path(), {}).error().problem, Problem::not_found);
    std::ofstream(dir.path() + "/attacca.db") << std::string(8192, 'x');
    EXPECT_EQ(verify::verify_directory(dir.path(), {}).error().problem, Problem::corrupt);
}

}  // namespace
}  // namespace attacca::e2e
