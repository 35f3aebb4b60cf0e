// SPDX-License-Identifier: Apache-2.0
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/ledger/hash.h"
#include "e2e/http_harness.h"

namespace attacca::e2e {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const std::string audit = "/api/v1/audit";

std::vector<std::string> types_of(const Json& page) {
    std::vector<std::string> types;
    for (const Json& row : page.find("items")->as_array()) {
        types.push_back(text(row, "type"));
    }
    return types;
}

TEST(HttpAudit, EveryRecordOfAJobIsARowThatNamesItsRecord) {
    HttpHarness harness;
    ApiClient client(harness);
    const std::string id = client.create(one_noop);
    client.wait_for(id, "completed");
    const Json page = body_of(client.get(audit + "?entity=job/" + id));
    EXPECT_THAT(types_of(page), ::testing::ElementsAre("job_created", "attempt_started",
                                                       "attempt_ended", "job_ended"));
    EXPECT_EQ(page.find("next_after"), nullptr);
    EXPECT_GT(page.find("about")->find("sentences")->as_array().size(), 3U);
    EXPECT_EQ(text(*page.find("about"), "checkpoint"),
              client.get("/api/v1/evidence/checkpoint").body);
    const Json& created = page.find("items")->as_array().front();
    EXPECT_EQ(text(created, "actor"), "usr:admin");
    EXPECT_EQ(text(created, "result"), "success");
    EXPECT_EQ(text(created, "target"), "job/" + id);
    const std::string record =
        client.get("/api/v1/evidence/records/" + created.find("gseq")->text()).body;
    EXPECT_EQ(text(created, "link"), hex(core::leaf_hash(record)));
}

TEST(HttpAudit, FiltersSelectAndPagesGoOn) {
    HttpHarness harness;
    ApiClient client(harness);
    for (int i = 0; i < 5; ++i) {
        client.wait_for(client.create(one_noop), "completed");
    }
    const std::string people = audit + "?actor=usr:*&type=job_created";
    const Json all = body_of(client.get(people));
    EXPECT_EQ(all.find("items")->as_array().size(), 5U);
    std::vector<std::uint64_t> seen;
    std::string after;
    do {
        const RawAnswer answer = client.get(people + "&limit=2" + after);
        const Json page = body_of(answer);
        for (const Json& row : page.find("items")->as_array()) {
            seen.push_back(static_cast<std::uint64_t>(row.find("gseq")->as_integer()));
        }
        const Json* next = page.find("next_after");
        EXPECT_EQ(next != nullptr, answer.field("Link").find("rel=\"next\"") != std::string::npos);
        after = next == nullptr ? "" : "&after=" + next->text();
    } while (!after.empty());
    EXPECT_EQ(seen.size(), 5U);
    EXPECT_TRUE(std::is_sorted(seen.begin(), seen.end()));
    const std::string at = text(all.find("items")->as_array()[2], "time");
    EXPECT_EQ(body_of(client.get(people + "&from=" + at)).find("items")->as_array().size(), 3U);
    EXPECT_EQ(body_of(client.get(people + "&to=" + at)).find("items")->as_array().size(), 2U);
    EXPECT_TRUE(body_of(client.get(people + "&result=failure")).find("items")->as_array().empty());
    for (const char* wrong : {"?result=x", "?view=x", "?format=xml", "?from=x", "?limit=0",
                              "?actors=x", "?limit=1001"}) {
        EXPECT_EQ(client.get(audit + wrong).status, 422) << wrong;
    }
}

TEST(HttpAudit, ATenantSeesItsOwnRowsAndThoseOfTheServer) {
    HttpHarness harness;
    ApiClient client(harness);
    ASSERT_EQ(client.put("/api/v1/tenants/acme", R"({"weight":5})").status, 201);
    const std::string mine = client.create(one_noop);
    client.wait_for(mine, "completed");
    const RawAnswer theirs = client.get(audit + "?limit=1000", "X-Tenant-Id: acme\r\n");
    EXPECT_THAT(theirs.body, Not(HasSubstr(mine)));
    EXPECT_THAT(theirs.body, HasSubstr("tenant_set"));
    EXPECT_THAT(theirs.body, HasSubstr("ledger_started"));
    EXPECT_TRUE(body_of(client.get(audit + "?entity=job/" + mine, "X-Tenant-Id: acme\r\n"))
                    .find("items")
                    ->as_array()
                    .empty());
    EXPECT_EQ(client.get(audit + "?tenant=*", "X-Tenant-Id: acme\r\n").status, 403);
    EXPECT_EQ(client.get(audit + "?tenant=default", "X-Tenant-Id: acme\r\n").status, 403);
    EXPECT_THAT(client.get(audit + "?tenant=*&limit=1000").body, HasSubstr("tenant_set"));
    EXPECT_THAT(client.get(audit + "?limit=1000").body, Not(HasSubstr("tenant_set")));
}

TEST(HttpAudit, CsvAndJsonLinesBeginWithWhatTheyProveAndGoOnWithout) {
    HttpHarness harness;
    ApiClient client(harness);
    client.wait_for(client.create(one_noop), "completed");
    const RawAnswer first = client.get(audit + "?format=csv&view=pci-dss&limit=2");
    EXPECT_EQ(first.field("Content-Type"), "text/csv; charset=utf-8; header=present");
    EXPECT_TRUE(first.body.starts_with("\"# Each row")) << first.body;
    EXPECT_THAT(first.body, HasSubstr("\"requirement\",\"user\",\"type_of_event\","
                                      "\"date_and_time\",\"success_or_failure\",\"origin\","
                                      "\"affected\""));
    const RawAnswer second = client.get(audit + "?format=csv&view=pci-dss&limit=2&after=1");
    EXPECT_THAT(second.body, Not(HasSubstr("#")));
    const RawAnswer lines = client.get(audit + "?format=jsonl&view=soc2&limit=2");
    const std::string about = lines.body.substr(0, lines.body.find('\n'));
    EXPECT_NE(parse_json(about)->find("about"), nullptr);
    EXPECT_THAT(lines.body, HasSubstr("\n{\"criterion\":\"CC7.2\""));
}

}  // namespace
}  // namespace attacca::e2e
