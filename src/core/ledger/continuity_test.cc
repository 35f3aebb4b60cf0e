// SPDX-License-Identifier: Apache-2.0
#include "core/ledger/continuity.h"

#include <functional>

#include <gtest/gtest.h>

#include "base/digest.h"
#include "core/ledger/ledger_for_test.h"
#include "core/ledger/named_records.h"
#include "core/ledger/origin.h"

namespace attacca::core {
namespace {

constexpr std::string_view ticking = R"({"size":0,"tick_s":60,"version":"1"})";

std::string found_in(const VerifyReport& report) {
    std::string out = std::to_string(report.exit_status);
    for (const Failure& failure : report.failures) {
        out += " " + std::string(code_of(failure.fault));
    }
    return out;
}

Checkpoint head_of_ledger(const StoredLedger& ledger) {
    return {ledger.key.name, ledger.size(), ledger.batches.back().root};
}

// Two batches of 3 records; the second one is what a restore loses.
LedgerWriter two_batches() {
    LedgerWriter writer;
    writer.add("ledger", "ledger_started");
    writer.add(job_a, "job_created");
    writer.add(job_a, "attempt_started");
    writer.end_batch();
    writer.add(job_a, "attempt_ended");
    writer.add(job_a, "job_ended", R"({"fin":true})");
    writer.add(job_b, "job_created");
    writer.end_batch();
    return writer;
}

struct Restoration {
    StoredLedger ledger;
    Checkpoint lost;  // the tip of the former origin
};

// The first batch, and what follows a restore that names what was lost behind it. `change` makes
// the restore say something else.
Restoration restored_ledger(const std::function<void(LedgerRestored&)>& change = {}) {
    Restoration out;
    out.lost = head_of_ledger(two_batches().ledger);
    LedgerWriter writer;
    writer.add("ledger", "ledger_started");
    writer.add(job_a, "job_created");
    writer.add(job_a, "attempt_started");
    writer.end_batch();
    LedgerRestored restored{"ada", writer.ledger.key.name,  writer.ledger.size(),
                            writer.ledger.batches[0].root,  out.lost.size, out.lost.root,
                            "disk lost"};
    if (change) {
        change(restored);
    }
    std::string payload;
    write_named(payload, restored);
    writer.ledger.key.name = next_origin(writer.ledger.key.name);
    writer.add("restores", "ledger_restored", payload);
    writer.add("ledger", "ledger_started");
    writer.add(job_a, "attempt_ended");
    writer.end_batch();
    out.ledger = writer.ledger;
    return out;
}

TEST(Restore, TheLedgerGoesOnUnderTheNextOrigin) {
    const Restoration after = restored_ledger();
    const VerifyReport report = after.ledger.verify();
    EXPECT_EQ(found_in(report), "0");
    EXPECT_EQ(report.signed_size, 6U);
    ASSERT_EQ(report.notes.size(), 1U);
    EXPECT_NE(report.notes[0].find("3 records"), std::string::npos) << report.notes[0];
    EXPECT_NE(report.notes[0].find("ada (disk lost)"), std::string::npos) << report.notes[0];
}

TEST(Restore, ExplainsTheTipThatItNames) {
    const Restoration after = restored_ledger();
    const VerifyReport report = after.ledger.verify({after.lost});
    EXPECT_EQ(found_in(report), "0");
    EXPECT_EQ(report.anchored_size, 0U);
    // What lies within the loss cannot be compared any more, and is told.
    Checkpoint within = after.lost;
    within.size -= 1;
    EXPECT_EQ(found_in(after.ledger.verify({within})), "0");
    EXPECT_EQ(after.ledger.verify({within}).notes.size(), 2U);
}

TEST(Restore, ExplainsNoOtherTip) {
    const Restoration after = restored_ledger();
    Checkpoint other = after.lost;
    other.root = sha256("another");
    EXPECT_EQ(found_in(after.ledger.verify({other})), "4 E_FORK");
    other = after.lost;
    other.size += 1;
    EXPECT_EQ(found_in(after.ledger.verify({other})), "4 E_ROLLBACK");
}

TEST(Restore, KeepsWhatWasBeforeIt) {
    const Restoration after = restored_ledger();
    const std::string former = after.lost.origin;
    const Checkpoint kept{former, 3, after.ledger.batches[0].root};
    EXPECT_EQ(after.ledger.verify({kept}).anchored_size, 3U);
    EXPECT_EQ(found_in(after.ledger.verify({{former, 3, sha256("x")}})), "4 E_FORK");
}

TEST(Restore, MustNameWhatStandsBeforeIt) {
    EXPECT_EQ(found_in(restored_ledger([](LedgerRestored& restored) {
                           restored.kept_size = 2;
                       }).ledger.verify()),
              "3 E_ORIGIN");
    EXPECT_EQ(found_in(restored_ledger([](LedgerRestored& restored) {
                           restored.kept_root = sha256("x");
                       }).ledger.verify()),
              "3 E_ORIGIN");
    EXPECT_EQ(found_in(restored_ledger([](LedgerRestored& restored) {
                           restored.lost_size = 2;
                       }).ledger.verify()),
              "3 E_ORIGIN");
}

TEST(Restore, TheFormerOriginSignsNoMore) {
    Restoration after = restored_ledger();
    after.ledger.batches[1].origin = after.lost.origin;
    after.ledger.sign();
    EXPECT_EQ(found_in(after.ledger.verify()), "4 E_FORK");
}

TEST(Restore, WithoutItsRecordNoOriginFollows) {
    LedgerWriter writer = two_batches();
    writer.ledger.key.name = next_origin(writer.ledger.key.name);
    writer.add(job_b, "attempt_started");
    writer.end_batch();
    const VerifyReport report = writer.ledger.verify();
    EXPECT_EQ(report.exit_status, 4) << found_in(report);
    EXPECT_NE(found_in(report).find("E_ORIGIN"), std::string::npos);
    // Nor does a key of the next origin make the former one's ledger its own.
    StoredLedger ledger = two_batches().ledger;
    ledger.key.name = next_origin(ledger.key.name);
    EXPECT_EQ(found_in(ledger.verify()), "3 E_ORIGIN");
}

// A server that ticks every 60 s, then `silence`, then the record.
StoredLedger after_silence(Duration silence, std::string_view type,
                           std::string_view payload = "{}", std::string_view start = ticking) {
    LedgerWriter writer;
    writer.add("ledger", "ledger_started", start);
    writer.add(job_a, "job_created");
    writer.end_batch();
    writer.wait(silence);
    writer.add(type.starts_with("ledger") ? "ledger" : job_a, type, payload);
    writer.end_batch();
    return writer.ledger;
}

TEST(Silence, OfTwoPeriodsIsAGapThatSomethingMustExplain) {
    const Duration longer = seconds(121);
    EXPECT_EQ(found_in(after_silence(longer, "attempt_started").verify()), "2 E_TIME");
    EXPECT_EQ(found_in(after_silence(longer, "attempt_started").verify({}, true)), "1 E_TIME");
    EXPECT_EQ(found_in(after_silence(longer, "ledger_tick").verify()), "2 E_TIME");
    EXPECT_EQ(found_in(after_silence(longer, "ledger_stopped").verify()), "2 E_TIME");
    EXPECT_EQ(found_in(after_silence(longer, "ledger_started", ticking).verify()), "0");
    EXPECT_EQ(found_in(after_silence(longer, "ledger_tick", R"({"why":"clock"})").verify()), "0");
}

TEST(Silence, OfLessIsNone) {
    EXPECT_EQ(found_in(after_silence(seconds(119), "attempt_started").verify()), "0");
}

TEST(Silence, IsNoGapWhereNobodyPromisedToTick) {
    const std::string_view old = R"({"size":0,"version":"1"})";
    EXPECT_EQ(found_in(after_silence(seconds(90'000), "attempt_started", "{}", old).verify()), "0");
}

}  // namespace
}  // namespace attacca::core
