// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "e2e/http_harness.h"

// Tenants through the real server: what is set, and that nobody sees or changes another's.

namespace attacca::e2e {
namespace {

constexpr std::string_view noop = R"({"nodes":[{"id":"n","noop":true}]})";
constexpr std::string_view held_job = R"({"nodes":[{"id":"n","run":["x"]}]})";
const std::string tenants = "/api/v1/tenants";

std::string as(const std::string& tenant) {
    return "X-Tenant-Id: " + tenant + "\r\n";
}

class HttpTenants : public testing::Test {
  protected:
    RawAnswer put(const std::string& name, const std::string& body,
                  const std::string& fields = {}) {
        // Of its own: a refusal by the head alone may end the connection.
        RawClient raw(harness.port());
        raw.send("PUT " + tenants + "/" + name + " HTTP/1.1\r\nHost: h\r\n" + auth + fields +
                        "Content-Type: application/json\r\nContent-Length: " +
                        std::to_string(body.size()) + "\r\n\r\n" + body);
        return raw.read();
    }
    RawAnswer submit(const std::string& tenant, std::string_view dag,
                     const std::string& fields = {}) {
        return ApiClient(harness).post(
            api + "/job", R"({"name":"test","dag_definition":)" + std::string(dag) + "}",
            as(tenant) + fields);
    }
    static std::string id_of(const RawAnswer& answer) {
        return parse_json(answer.body)->find("id")->as_string();
    }
    static std::string code_of(const RawAnswer& answer) {
        return parse_json(answer.body)->find("code")->as_string();
    }

    HttpHarness harness;
    ApiClient client{harness};
};

TEST_F(HttpTenants, ATenantIsMadeChangedAndShown) {
    const RawAnswer made = put("blue", R"({"weight":7,"max_concurrency":2,"rate_limit":"10/1s",
        "quota":{"jobs_per_day":100}})");
    EXPECT_EQ(made.status, 201) << made.body;
    const RawAnswer changed = put("blue", R"({"weight":8})");
    EXPECT_EQ(changed.status, 200) << changed.body;
    EXPECT_EQ(put("blue", R"({"weight":8})").status, 200);
    const Json shown = *parse_json(client.get(tenants + "/blue").body);
    EXPECT_EQ(shown.find("name")->as_string(), "blue");
    EXPECT_EQ(shown.find("weight")->as_integer(), 8);
    EXPECT_EQ(shown.find("max_concurrency"), nullptr);
    EXPECT_EQ(shown.find("queued")->as_integer(), 0);
    EXPECT_EQ(shown.find("running")->as_integer(), 0);
    EXPECT_NE(shown.find("slot_seconds"), nullptr);
    EXPECT_NE(shown.find("share"), nullptr);
    EXPECT_NE(shown.find("lag"), nullptr);
    const Json list = *parse_json(client.get(tenants).body);
    ASSERT_EQ(list.find("items")->as_array().size(), 2U);
    EXPECT_EQ(list.find("items")->as_array()[1].find("name")->as_string(), "default");
    const Json page = *parse_json(client.get(tenants + "?limit=1").body);
    EXPECT_EQ(page.find("next_after")->as_string(), "blue");
}

TEST_F(HttpTenants, ABadOneIsRefusedAndChangesNothing) {
    EXPECT_EQ(put("blue", R"({"weight":0})").status, 422);
    EXPECT_EQ(put("blue", R"({"weight":-1})").status, 422);
    EXPECT_EQ(put("blue", R"({"weight":99999999})").status, 422);
    EXPECT_EQ(code_of(put("blue", R"({"colour":1})")), "unknown-field");
    EXPECT_EQ(code_of(put("blue", R"({"weight":1,"weight":2})")), "json-duplicate-key");
    EXPECT_EQ(put("blue", "{").status, 400);
    EXPECT_EQ(code_of(put("system", "{}")), "invalid-value");
    EXPECT_EQ(code_of(put("a%20b", "{}")), "invalid-value");
    EXPECT_EQ(code_of(put("%2e%2e", "{}")), "invalid-value");
    EXPECT_EQ(client.get(tenants + "/blue").status, 404);
    EXPECT_EQ(code_of(client.get(tenants + "?colour=1")), "query-invalid");
    EXPECT_EQ(parse_json(client.get(tenants).body)->find("items")->as_array().size(), 1U);
}

TEST_F(HttpTenants, AnUnknownOneIsRefusedOnEveryRoute) {
    for (const char* name : {"nobody", "system", "", "a b", "Default"}) {
        const RawAnswer answer = client.get(api + "/jobs", as(name));
        EXPECT_EQ(answer.status, 403) << name;
        EXPECT_EQ(code_of(answer), "unknown-tenant") << name;
    }
    EXPECT_EQ(code_of(client.get(api + "/jobs", as("default") + as("default"))), "unknown-tenant");
    EXPECT_EQ(code_of(submit("nobody", noop)), "unknown-tenant");
    EXPECT_EQ(code_of(client.get("/sse/events", as("nobody"))), "unknown-tenant");
    EXPECT_EQ(client.get(api + "/jobs", as("default")).status, 200);
    EXPECT_EQ(client.get("/livez", as("nobody")).status, 200);
}

TEST_F(HttpTenants, NobodySeesOrChangesAnothersJob) {
    ASSERT_EQ(put("blue", "{}").status, 201);
    ASSERT_EQ(put("red", "{}").status, 201);
    const RawAnswer created = submit("blue", held_job);
    ASSERT_EQ(created.status, 202) << created.body;
    const std::string id = id_of(created);
    const std::string job = api + "/jobs/" + id;
    for (const char* stranger : {"red", "default"}) {
        const std::vector<std::string> paths = {
            job, api + "/job/" + id, job + "/nodes", job + "/events", job + "/definition",
            job + "/nodes/n/logs", "/jobs/" + id + "/events", "/sse/events?job=" + id,
            "/api/v1/evidence/job/" + id + "/receipt"};
        for (const std::string& path : paths) {
            EXPECT_EQ(client.get(path, as(stranger)).status, 404) << path;
        }
        for (const char* act : {"/cancel", "/pause", "/resume", "/retry"}) {
            EXPECT_EQ(client.post(job + act, "{}", as(stranger)).status, 404) << act;
        }
        EXPECT_EQ(parse_json(client.get(api + "/jobs", as(stranger)).body)
                      ->find("total")
                      ->as_integer(),
                  0);
    }
    EXPECT_EQ(client.get(job, as("blue")).status, 200);
    EXPECT_EQ(client.get(job + "/events", as("blue")).status, 200);
    EXPECT_EQ(client.post(job + "/pause", "{}", as("blue")).status, 200);
    EXPECT_EQ(client.post(job + "/cancel", "{}", as("blue")).status, 200);
}

TEST_F(HttpTenants, OnlyTheDefaultOneRunsTheServer) {
    ASSERT_EQ(put("blue", "{}").status, 201);
    EXPECT_EQ(put("blue", R"({"weight":1000000})", as("blue")).status, 403);
    EXPECT_EQ(put("red", "{}", as("blue")).status, 403);
    EXPECT_EQ(client.get(tenants + "/default", as("blue")).status, 404);
    const Json list = *parse_json(client.get(tenants, as("blue")).body);
    ASSERT_EQ(list.find("items")->as_array().size(), 1U);
    EXPECT_EQ(list.find("items")->as_array()[0].find("name")->as_string(), "blue");
    EXPECT_EQ(list.find("items")->as_array()[0].find("weight")->as_integer(), 1000);
}

TEST_F(HttpTenants, AnIdempotencyKeyIsTheTenantsOwn) {
    ASSERT_EQ(put("blue", "{}").status, 201);
    ASSERT_EQ(put("red", "{}").status, 201);
    const std::string key = "Idempotency-Key: k\r\n";
    const std::string first = id_of(submit("blue", noop, key));
    const RawAnswer other = submit("red", noop, key);
    EXPECT_EQ(other.status, 202);
    EXPECT_EQ(other.field("Idempotency-Replayed"), "");
    EXPECT_NE(id_of(other), first);
    EXPECT_EQ(id_of(submit("blue", noop, key)), first);
}

TEST_F(HttpTenants, AStreamHoldsTheTenantsOwnEvents) {
    ASSERT_EQ(put("blue", "{}").status, 201);
    ASSERT_EQ(put("red", "{}").status, 201);
    const std::string theirs = id_of(submit("red", noop));
    const std::string own = id_of(submit("blue", noop));
    RawClient stream(harness.port());
    stream.send("GET /sse/events?after=0&type=job_created HTTP/1.1\r\nHost: h\r\n" + auth +
                as("blue") + "\r\n");
    EXPECT_EQ(stream.read_head().status, 200);
    const std::string seen = stream.read_until(own);
    ASSERT_NE(seen.find(own), std::string::npos);
    EXPECT_EQ(seen.find(theirs), std::string::npos);
    EXPECT_EQ(seen.find("/tenants/red"), std::string::npos);
    EXPECT_NE(seen.find("/tenants/blue"), std::string::npos);
}

TEST_F(HttpTenants, WhatRunsAndWaitsIsCounted) {
    ASSERT_EQ(put("blue", "{}").status, 201);
    const std::string id = id_of(submit("blue", held_job));
    const core::AttemptSpec spec = harness.runner->held.wait_for_start(1);
    Json shown = *parse_json(client.get(tenants + "/blue").body);
    EXPECT_EQ(shown.find("running")->as_integer(), 1);
    EXPECT_EQ(shown.find("live_jobs")->as_integer(), 1);
    harness.end(spec);
    while (parse_json(client.get(api + "/jobs/" + id, as("blue")).body)
               ->find("status")
               ->as_string() != "completed") {
    }
    shown = *parse_json(client.get(tenants + "/blue").body);
    EXPECT_EQ(shown.find("running")->as_integer(), 0);
    EXPECT_EQ(shown.find("jobs")->as_integer(), 1);
}

}  // namespace
}  // namespace attacca::e2e
