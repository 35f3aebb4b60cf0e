// SPDX-License-Identifier: Apache-2.0
#include <string>

#include <gtest/gtest.h>

#include "e2e/http_harness.h"

// Concurrency keys and locks through the server, and what `why` and the queue tell of them.

namespace attacca::e2e {
namespace {

const std::string keyed =
    R"({"limits":{"concurrency_key":"deploy"},)"
    R"("nodes":[{"id":"a","task":{"lane":"gpu","type":"t"}}]})";
const std::string locked =
    R"({"nodes":[{"id":"a","task":{"lane":"gpu","type":"t"},"lock":"db"}]})";

Json claim_all(ApiClient& client) {
    const RawAnswer answer =
        client.post("/api/v1/lanes/gpu/claim", R"({"worker":"w1","max":8})");
    EXPECT_EQ(answer.status, 200) << answer.body;
    return *body_of(answer).find("leases");
}

void complete(ApiClient& client, const Json& lease) {
    const RawAnswer done = client.post(
        "/api/v1/attempts/" + text(lease, "id") + "/complete",
        R"({"fence":)" + std::to_string(lease.find("fence")->as_integer()) + "}");
    EXPECT_EQ(done.status, 200) << done.body;
}

Json first_wait(ApiClient& client, const std::string& id) {
    const Json why = body_of(client.get(api + "/jobs/" + id + "/why"));
    const Json::Array& waits = why.find("waits")->as_array();
    return waits.empty() ? Json::object() : waits.front();
}

TEST(HttpExclusion, JobsWithOneKeyRunOneAfterTheOther) {
    HttpHarness harness;
    ApiClient client(harness);
    const std::string first = client.create(keyed);
    const std::string second = client.create(keyed);
    const Json leases = claim_all(client);
    ASSERT_EQ(leases.as_array().size(), 1U);
    EXPECT_EQ(text(leases.as_array()[0], "job"), first);
    const Json wait = first_wait(client, second);
    EXPECT_EQ(text(wait, "cause"), "concurrency-key");
    EXPECT_EQ(text(wait, "detail"), "job " + first + " has the key `deploy`; it is the next one");
    EXPECT_EQ(text(wait, "released_by"), "the end of the job that holds the key");
    complete(client, leases.as_array()[0]);
    const Json next = claim_all(client);
    ASSERT_EQ(next.as_array().size(), 1U);
    EXPECT_EQ(text(next.as_array()[0], "job"), second);
    complete(client, next.as_array()[0]);
    client.wait_for(second, "completed");
}

TEST(HttpExclusion, AttemptsWithOneLockRunOneAfterTheOther) {
    HttpHarness harness;
    ApiClient client(harness);
    const std::string first = client.create(locked);
    const std::string second = client.create(locked);
    const Json leases = claim_all(client);
    ASSERT_EQ(leases.as_array().size(), 1U);
    const Json wait = first_wait(client, second);
    EXPECT_EQ(text(wait, "cause"), "lock");
    EXPECT_EQ(text(wait, "node"), "a");
    const Json queue = body_of(client.get("/api/v1/queue"));
    ASSERT_EQ(queue.find("lanes")->as_array().size(), 1U);
    EXPECT_EQ(queue.find("lanes")->as_array()[0].text(),
              R"({"tenant":"default","lane":"gpu","queued":0,"running":1,"workers":0})");
    EXPECT_NE(queue.find("slots"), nullptr);
    complete(client, leases.as_array()[0]);
    const Json next = claim_all(client);
    ASSERT_EQ(next.as_array().size(), 1U);
    EXPECT_EQ(text(next.as_array()[0], "job"), second);
}

TEST(HttpExclusion, BadKeysAndLocksAreRefusedWithTheirPlace) {
    HttpHarness harness;
    ApiClient client(harness);
    const auto place = [&](const std::string& dag) {
        const RawAnswer answer = client.post(
            api + "/job", R"({"name":"n","dag_definition":)" + dag + "}");
        EXPECT_EQ(answer.status, 422) << answer.body;
        return text(body_of(answer).find("errors")->as_array().at(0), "pointer");
    };
    EXPECT_EQ(place(R"({"limits":{"concurrency_key":""},"nodes":[{"id":"a","noop":true}]})"),
              "/dag_definition/limits/concurrency_key");
    EXPECT_EQ(place(R"({"limits":{"concurrency_key":"${{ params.x }}"},)"
                    R"("nodes":[{"id":"a","noop":true}]})"),
              "/dag_definition/limits/concurrency_key");
    EXPECT_EQ(place(R"({"nodes":[{"id":"a","noop":true,"lock":{}}]})"),
              "/dag_definition/nodes/0/lock");
    EXPECT_EQ(place(R"({"nodes":[{"id":"a","wait":{"for":"1s"},"lock":"x"}]})"),
              "/dag_definition/nodes/0/lock");
}

TEST(HttpExclusion, AnotherTenantsKeyIsAnotherOneAndItsLanesAreItsOwn) {
    HttpHarness harness;
    ApiClient client(harness);
    const std::string as_blue = "X-Tenant-Id: blue\r\n";
    ASSERT_EQ(client.put("/api/v1/tenants/blue", "{}").status, 201);
    client.create(keyed);
    const RawAnswer made = client.post(
        api + "/job", R"({"name":"n","dag_definition":)" + keyed + "}", as_blue);
    ASSERT_EQ(made.status, 202) << made.body;
    ASSERT_EQ(claim_all(client).as_array().size(), 1U);
    const Json queue = body_of(client.get("/api/v1/queue", as_blue));
    EXPECT_EQ(queue.find("slots"), nullptr);
    ASSERT_EQ(queue.find("lanes")->as_array().size(), 1U);
    EXPECT_EQ(queue.find("lanes")->as_array()[0].text(),
              R"({"tenant":"blue","lane":"gpu","queued":1,"running":0,"workers":0})");
}

}  // namespace
}  // namespace attacca::e2e
