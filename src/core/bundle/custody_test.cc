// SPDX-License-Identifier: Apache-2.0
#include "core/bundle/custody.h"

#include <gtest/gtest.h>

#include "base/json.h"
#include "core/ledger/ledger_for_test.h"

namespace attacca::core {
namespace {

RecordBytes sample() {
    LedgerWriter writer;
    writer.add(job_a, "job_created", R"({"name":"<script>alert(\"1\")</script> & more"})");
    writer.add(job_a, "job_ended", R"({"fin":true})");
    writer.end_batch();
    return {{0, writer.ledger.record(0)}, {1, writer.ledger.record(1)}};
}

TEST(Custody, IsJsonWithARowForEachRecord) {
    const RecordBytes records = sample();
    const Result<Json> json = parse_json(custody_json(records));
    ASSERT_TRUE(json) << json.error().detail;
    EXPECT_EQ(json->find("custody")->as_integer(), custody_form);
    ASSERT_EQ(json->find("records")->as_array().size(), 2U);
    const Json& last = json->find("records")->as_array()[1];
    EXPECT_EQ(last.find("what")->as_string(), "job_ended");
    EXPECT_EQ(last.find("link")->as_string(), hex(leaf_hash(records.at(1))));
    EXPECT_EQ(last.find("who")->as_string(), "svc:engine");
    EXPECT_TRUE(last.find("files")->as_array().empty());
}

TEST(Custody, APageShowsTextsAsTextAndLoadsNothing) {
    const std::string page = custody_html(sample());
    EXPECT_EQ(page.find("<script"), std::string::npos) << page;
    EXPECT_NE(page.find("&lt;script&gt;"), std::string::npos);
    EXPECT_NE(page.find("&amp; more"), std::string::npos);
    EXPECT_NE(page.find("default-src 'none'"), std::string::npos);
    EXPECT_NE(page.find("acme"), std::string::npos);
}

TEST(Custody, WhatIsNoRecordIsLeftOut) {
    RecordBytes records = sample();
    records[2] = "{}";
    EXPECT_EQ(custody_json(records), custody_json(sample()));
    EXPECT_TRUE(parse_json(custody_json({})));
    EXPECT_EQ(custody_html({}).find("Entity"), std::string::npos);
}

}  // namespace
}  // namespace attacca::core
