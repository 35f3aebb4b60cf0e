// SPDX-License-Identifier: Apache-2.0
#include <string>

#include <gtest/gtest.h>

#include "e2e/http_harness.h"

// Circuit breakers through the real server: set, shown, obeyed, and each tenant's own.

namespace attacca::e2e {
namespace {

const std::string breakers = "/api/v1/breakers";
constexpr std::string_view call = R"({"nodes":[{"id":"n","run":["/bin/true"]}]})";

class HttpBreakers : public testing::Test {
  protected:
    RawAnswer put(const std::string& name, const std::string& body,
                  const std::string& fields = {}) {
        RawClient raw(harness.port());
        raw.send("PUT " + breakers + "/" + name + " HTTP/1.1\r\nHost: h\r\n" + auth + fields +
                 "Content-Type: application/json\r\nContent-Length: " +
                 std::to_string(body.size()) + "\r\n\r\n" + body);
        return raw.read();
    }
    static Json read(const RawAnswer& answer) { return *parse_json(answer.body); }

    HttpHarness harness;
    ApiClient client{harness};
};

TEST_F(HttpBreakers, AnOperatorSetsOneAndGivesItBack) {
    EXPECT_EQ(read(client.get(breakers)).find("items")->as_array().size(), 0U);
    EXPECT_EQ(client.get(breakers + "/run:true").status, 404);
    const RawAnswer set = put("run:true", R"({"state":"open","reason":"new disk"})");
    ASSERT_EQ(set.status, 200) << set.body;
    const Json shown = read(client.get(breakers + "/run:true"));
    EXPECT_EQ(shown.find("state")->as_string(), "open");
    EXPECT_EQ(shown.find("mode")->as_string(), "open");
    EXPECT_EQ(shown.find("reason")->as_string(), "new disk");
    EXPECT_EQ(read(client.get(breakers)).find("items")->as_array().size(), 1U);
    EXPECT_EQ(put("run:true", R"({"state":"auto"})").status, 200);
    EXPECT_EQ(read(client.get(breakers + "/run:true")).find("state")->as_string(), "closed");
}

TEST_F(HttpBreakers, WhatItHoldsWaitsAndSaysWhy) {
    ASSERT_EQ(put("run:true", R"({"state":"open","reason":"new disk"})").status, 200);
    const RawAnswer created = client.post(
        api + "/job", R"({"name":"test","dag_definition":)" + std::string(call) + "}");
    ASSERT_EQ(created.status, 202) << created.body;
    const std::string job = api + "/jobs/" + read(created).find("id")->as_string();
    const Json why = read(client.get(job + "/why"));
    ASSERT_EQ(why.find("waits")->as_array().size(), 1U) << why.text();
    const Json& wait = why.find("waits")->as_array().front();
    EXPECT_EQ(wait.find("cause")->as_string(), "breaker");
    EXPECT_EQ(wait.find("detail")->as_string(),
              "the breaker of run:true is held open: new disk");
    EXPECT_EQ(client.post(job + "/cancel", "{}").status, 200);
}

TEST_F(HttpBreakers, BadOnesAreRefusedAndChangeNothing) {
    for (const char* name : {"true", "RUN:x", "run%3A", "%2e%2e"}) {
        EXPECT_EQ(put(name, R"({"state":"open"})").status, 422) << name;
    }
    EXPECT_EQ(put("run:true", R"({"state":"half-open"})").status, 422);
    EXPECT_EQ(put("run:true", R"({})").status, 422);
    EXPECT_EQ(put("run:true", R"({"state":"open","colour":1})").status, 422);
    EXPECT_EQ(put("run:true", R"({"state":)").status, 400);
    EXPECT_EQ(put("run:true", R"({"state":"auto"})").status, 404);
    EXPECT_EQ(client.get(breakers + "?limit=0").status, 422);
    EXPECT_EQ(read(client.get(breakers)).find("items")->as_array().size(), 0U);
}

TEST_F(HttpBreakers, ATenantSeesAndMovesItsOwnOnly) {
    ASSERT_EQ(client.put("/api/v1/tenants/blue", "{}").status, 201);
    ASSERT_EQ(put("run:true", R"({"state":"open"})", "X-Tenant-Id: blue\r\n").status, 200);
    EXPECT_EQ(client.get(breakers + "/run:true").status, 404);
    EXPECT_EQ(read(client.get(breakers)).find("items")->as_array().size(), 0U);
    EXPECT_EQ(client.get(breakers + "/run:true", "X-Tenant-Id: blue\r\n").status, 200);
}

}  // namespace
}  // namespace attacca::e2e
