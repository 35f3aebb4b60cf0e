// SPDX-License-Identifier: Apache-2.0
#include "core/audit/text.h"

#include <gtest/gtest.h>

#include "base/json.h"

namespace attacca::core {
namespace {

AuditRow sample() {
    AuditRow row;
    row.gseq = 12;
    row.eseq = 4;
    row.time = "2026-01-01T00:00:00.000000Z";
    row.actor = "usr:9f3c";
    row.type = "job_paused";
    row.origin = "node-1";
    row.target = "job/A";
    row.entity = "job/A";
    row.tenant = "acme";
    row.details = R"({"why":"a \"b\""})";
    return row;
}

std::string csv_of(const AuditRow& row, AuditView view = AuditView::pci_dss) {
    std::string out;
    append_audit_csv(out, view, row);
    return out;
}

TEST(AuditText, ARowOfThePciViewHasTheSixFields) {
    EXPECT_EQ(csv_of(sample()),
              "\"10.2.1.2\",\"usr:9f3c\",\"job_paused\",\"2026-01-01T00:00:00.000000Z\","
              "\"success\",\"node-1\",\"job/A\",\"acme\",\"12\",\"" +
                  std::string(64, '0') + "\",\"{\"\"why\"\":\"\"a \\\"\"b\\\"\"\"\"}\"\r\n");
}

// No cell is a formula for a spreadsheet, and none spreads over lines.
TEST(AuditText, NoCellIsExecutedBySpreadsheets) {
    for (const std::string_view begin :
         {"=", "+", "-", "@", "\t=", " =", "\r=", "＝", "＋", "－", "＠"}) {
        AuditRow row = sample();
        row.target = std::string(begin) + "cmd|'/C calc'!A0";
        const std::string csv = csv_of(row);
        const bool is_spelt_out = csv.find(",\"\\u000d=cmd") != std::string::npos;
        EXPECT_TRUE(csv.find(",\"'") != std::string::npos || is_spelt_out) << csv;
        EXPECT_EQ(csv.find('\n'), csv.size() - 1) << csv;
    }
    EXPECT_EQ(csv_of(sample()).find('\''), std::string::npos);
}

TEST(AuditText, TheHeadSaysWhatIsProvenAndUnderWhichCheckpoint) {
    std::string head;
    append_audit_csv_head(head, AuditView::soc2, "origin\n3\nroot\n");
    EXPECT_NE(head.find("\"# checkpoint: origin\"\r\n\"# checkpoint: 3\"\r\n"), std::string::npos);
    EXPECT_NE(head.find("It does not prove that the clock was right"), std::string::npos);
    EXPECT_TRUE(head.ends_with("\"tenant\",\"gseq\",\"link\",\"details\"\r\n")) << head;
    std::string about;
    append_audit_about(about, AuditView::soc2, "origin\n3\nroot\n");
    const Result<Json> json = parse_json(about);
    ASSERT_TRUE(json) << about;
    EXPECT_EQ(json->find("view")->as_string(), "soc2");
    EXPECT_EQ(json->find("checkpoint")->as_string(), "origin\n3\nroot\n");
    EXPECT_EQ(json->find("sentences")->as_array().size(), audit_sentences().size());
}

TEST(AuditText, EveryViewIsJsonWithTheSameColumns) {
    for (const std::string_view name : {"plain", "pci-dss", "soc2"}) {
        const std::optional<AuditView> view = audit_view_of(name);
        ASSERT_TRUE(view);
        std::string text;
        append_audit_json(text, *view, sample());
        const Result<Json> json = parse_json(text);
        ASSERT_TRUE(json) << text;
        EXPECT_EQ(json->find("gseq")->as_integer(), 12);
        EXPECT_EQ(json->find("details")->find("why")->as_string(), "a \"b\"");
    }
    EXPECT_FALSE(audit_view_of("hipaa"));
}

}  // namespace
}  // namespace attacca::core
