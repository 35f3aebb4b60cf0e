// SPDX-License-Identifier: Apache-2.0
#include "core/audit/row.h"

#include <gtest/gtest.h>

#include "core/ledger/ledger_for_test.h"

namespace attacca::core {
namespace {

// The row of a record with this type and payload.
AuditRow row_of(std::string_view type, std::string_view payload = "{}",
                std::string_view actor = "svc:engine", std::string_view tenant = "acme") {
    std::string bytes;
    append_envelope(bytes, {type, "job/A", tenant, actor, WallTime{1'767'225'600'000'000}}, payload,
                    Place{7, 3, Sha256{}, {}}, LedgerName{std::string(golden_origin), "node-1"});
    const Result<AuditRow> row = audit_row(bytes);
    EXPECT_TRUE(row) << bytes;
    return row ? *row : AuditRow{};
}

TEST(AuditRow, SaysWhoDidWhatWhenToWhatAndWhereItWasRecorded) {
    const AuditRow row = row_of("job_paused", "{}", "usr:9f3c");
    EXPECT_EQ(row.gseq, 7U);
    EXPECT_EQ(row.eseq, 3U);
    EXPECT_EQ(row.actor, "usr:9f3c");
    EXPECT_EQ(row.type, "job_paused");
    EXPECT_EQ(row.time, "2026-01-01T00:00:00.000000Z");
    EXPECT_EQ(row.target, "job/A");
    EXPECT_EQ(row.origin, "node-1");
    EXPECT_EQ(row.tenant, "acme");
    EXPECT_TRUE(row.is_success);
}

TEST(AuditRow, AnEndThatIsNoSuccessIsAFailure) {
    EXPECT_TRUE(row_of("attempt_ended", R"({"outcome":"succeeded"})").is_success);
    EXPECT_FALSE(row_of("attempt_ended", R"({"outcome":"timeout"})").is_success);
    EXPECT_TRUE(row_of("job_ended", R"({"fin":true,"state":"completed"})").is_success);
    EXPECT_FALSE(row_of("job_ended", R"({"fin":true,"state":"cancelled"})").is_success);
    EXPECT_FALSE(row_of("schedule_fired", R"({"outcome":"refused"})").is_success);
    EXPECT_TRUE(row_of("schedule_fired", R"({"outcome":"skipped"})").is_success);
    EXPECT_FALSE(row_of("erase_refused").is_success);
    EXPECT_FALSE(row_of("quarantined").is_success);
}

// What a tool wrote stands in the payload as a text.
TEST(AuditRow, WordsOfAnOutputAreNoOutcome) {
    EXPECT_FALSE(row_of("attempt_ended",
                        R"({"outcome":"failed","output":"\"outcome\":\"succeeded\""})")
                     .is_success);
}

TEST(AuditRow, WhatIsNoRecordIsRefused) {
    EXPECT_FALSE(audit_row("{}"));
    EXPECT_FALSE(audit_row("x"));
}

TEST(AuditFilter, SelectsByEachField) {
    const AuditRow row = row_of("job_paused", "{}", "usr:9f3c");
    EXPECT_TRUE(matches({}, row));
    EXPECT_TRUE(matches({.tenant = "acme"}, row));
    EXPECT_FALSE(matches({.tenant = "umbrella"}, row));
    EXPECT_TRUE(matches({.actor = "usr:*"}, row));
    EXPECT_TRUE(matches({.actor = "usr:9f3c"}, row));
    EXPECT_FALSE(matches({.actor = "usr:9f"}, row));
    EXPECT_FALSE(matches({.entity = "job/B"}, row));
    EXPECT_TRUE(matches({.entity = "job/*"}, row));
    EXPECT_TRUE(matches({.types = {"x", "job_paused"}}, row));
    EXPECT_FALSE(matches({.types = {"x"}}, row));
    EXPECT_FALSE(matches({.is_success = false}, row));
    EXPECT_TRUE(matches({.from = row.at}, row));
    EXPECT_FALSE(matches({.to = row.at}, row));
    EXPECT_FALSE(matches({.from = WallTime{row.at.us + 1}}, row));
}

TEST(AuditFilter, WhatIsOfTheServerItselfIsShownToEveryTenant) {
    EXPECT_TRUE(
        matches({.tenant = "acme"}, row_of("ledger_started", "{}", "svc:engine", "system")));
}

TEST(AuditHeadings, AreThoseUnderWhichAnAuditorLooks) {
    EXPECT_EQ(pci_requirement(row_of("ledger_stopped")), "10.2.1.6");
    EXPECT_EQ(pci_requirement(row_of("key_rotated")), "10.2.1.5");
    EXPECT_EQ(pci_requirement(row_of("tenant_set", "{}", "usr:admin")), "10.2.1.7");
    EXPECT_EQ(pci_requirement(row_of("job_paused", "{}", "usr:admin")), "10.2.1.2");
    EXPECT_EQ(pci_requirement(row_of("attempt_ended")), "");
    EXPECT_EQ(soc2_criterion(row_of("workflow_applied")), "CC8.1");
    EXPECT_EQ(soc2_criterion(row_of("approval_given")), "CC6.1");
    EXPECT_EQ(soc2_criterion(row_of("recovery_taken")), "CC7.4");
    EXPECT_EQ(soc2_criterion(row_of("ledger_started")), "CC7.2");
    EXPECT_EQ(soc2_criterion(row_of("hold_placed")), "C1.2");
    EXPECT_EQ(soc2_criterion(row_of("job_ended", R"({"state":"failed"})")), "PI1.3");
}

}  // namespace
}  // namespace attacca::core
