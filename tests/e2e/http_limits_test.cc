// SPDX-License-Identifier: Apache-2.0
#include <string>

#include <gtest/gtest.h>

#include "e2e/http_harness.h"

// The limits of tenants through the real server: who is let in, what he is told, and why a job
// does not go on.

namespace attacca::e2e {
namespace {

constexpr std::string_view held = R"({"nodes":[{"id":"n","run":["x"]}]})";

class HttpLimits : public testing::Test {
  protected:
    void set(const std::string& tenant, const std::string& body) {
        RawClient raw(harness.port());
        raw.send("PUT /api/v1/tenants/" + tenant + " HTTP/1.1\r\nHost: h\r\n" + auth +
                 "Content-Type: application/json\r\nContent-Length: " +
                 std::to_string(body.size()) + "\r\n\r\n" + body);
        ASSERT_LT(raw.read().status, 300);
    }
    RawAnswer submit(const std::string& tenant, std::string_view dag = held,
                     const std::string& fields = {}) {
        return client.post(api + "/job",
                           R"({"name":"test","dag_definition":)" + std::string(dag) + "}",
                           "X-Tenant-Id: " + tenant + "\r\n" + fields);
    }
    RawAnswer submit_many(const std::string& tenant, std::size_t count) {
        std::string body = "[";
        for (std::size_t i = 0; i < count; ++i) {
            body += std::string(i == 0 ? "" : ",") + R"({"name":"t","dag_definition":)" +
                    std::string(held) + "}";
        }
        return client.post(api + "/jobs:batch", body + "]", "X-Tenant-Id: " + tenant + "\r\n");
    }
    static std::string id_of(const RawAnswer& answer) {
        return parse_json(answer.body)->find("id")->as_string();
    }
    static std::string code_of(const RawAnswer& answer) {
        return parse_json(answer.body)->find("code")->as_string();
    }
    Json why(const std::string& id, const std::string& tenant = "default") {
        const RawAnswer answer =
            client.get(api + "/jobs/" + id + "/why", "X-Tenant-Id: " + tenant + "\r\n");
        EXPECT_EQ(answer.status, 200) << answer.body;
        return *parse_json(answer.body);
    }
    static std::string first_cause(const Json& why) {
        const Json::Array& waits = why.find("waits")->as_array();
        return waits.empty() ? "" : waits.front().find("cause")->as_string();
    }

    HttpHarness harness;
    ApiClient client{harness};
};

TEST_F(HttpLimits, TheRateOfNewJobsIsToldAndKept) {
    set("blue", R"({"rate_limit":{"count":2,"per":"1h"}})");
    const RawAnswer first = submit("blue");
    EXPECT_EQ(first.status, 202);
    EXPECT_EQ(first.field("RateLimit-Policy"), R"("jobs";q=2;w=3600)");
    EXPECT_TRUE(first.field("RateLimit").starts_with(R"("jobs";r=1;t=)")) << first.head;
    EXPECT_EQ(submit("blue").status, 202);
    const RawAnswer refused = submit("blue");
    EXPECT_EQ(refused.status, 429);
    EXPECT_EQ(code_of(refused), "rate-limited");
    EXPECT_GE(std::stoi(refused.field("Retry-After")), 1700);
    EXPECT_LE(std::stoi(refused.field("Retry-After")), 1800);
    EXPECT_TRUE(refused.field("RateLimit").starts_with(R"("jobs";r=0;t=)")) << refused.head;
    EXPECT_NE(refused.body.find(R"("violated-policies":["jobs"])"), std::string::npos);
    EXPECT_EQ(submit("default").status, 202);
    EXPECT_EQ(submit("default").field("RateLimit"), "");
    EXPECT_EQ(submit_many("blue", 3).status, 422);
}

// A definition whose tasks on one lane ask for so many sets of capabilities.
std::string with_sets(std::size_t from, std::size_t to) {
    std::string nodes;
    for (std::size_t i = from; i < to; ++i) {
        const std::string number = std::to_string(i);
        nodes += (nodes.empty() ? "" : ",") + (R"({"id":"n)" + number) +
                 R"(","task":{"lane":"l","capabilities":["c)" + number + R"("]}})";
    }
    return R"({"nodes":[)" + nodes + "]}";
}

TEST_F(HttpLimits, SetsOfCapabilitiesOnALaneAreLimited) {
    set("blue", "{}");
    const RawAnswer too_many = submit("blue", with_sets(0, 65));
    EXPECT_EQ(too_many.status, 422);
    EXPECT_NE(too_many.body.find("/dag_definition/nodes/64/task/capabilities"), std::string::npos)
        << too_many.body;
    const RawAnswer first = submit("blue", with_sets(0, 64));
    EXPECT_EQ(first.status, 202) << first.body;
    const RawAnswer refused = submit("blue", with_sets(64, 65));
    EXPECT_EQ(refused.status, 429);
    EXPECT_EQ(code_of(refused), "rate-limited");
    EXPECT_EQ(refused.field("Retry-After"), "60");
    EXPECT_NE(refused.body.find(R"("violated-policies":["capability-sets"])"), std::string::npos);
    EXPECT_EQ(submit("blue", with_sets(7, 9)).status, 202);
    EXPECT_EQ(submit("default", with_sets(64, 65)).status, 202);
}

TEST_F(HttpLimits, AQuotaOfJobsRefusesBatchesAsAWhole) {
    set("blue", R"({"quota":{"jobs_per_day":3}})");
    EXPECT_EQ(submit_many("blue", 2).status, 202);
    const RawAnswer refused = submit_many("blue", 2);
    EXPECT_EQ(refused.status, 429);
    EXPECT_EQ(code_of(refused), "rate-limited");
    EXPECT_EQ(submit_many("blue", 1).status, 202);
    const RawAnswer list = client.get(api + "/jobs", "X-Tenant-Id: blue\r\n");
    EXPECT_EQ(parse_json(list.body)->find("total")->as_integer(), 3);
}

TEST_F(HttpLimits, ARetryPassesTheSameGate) {
    set("blue", R"({"quota":{"jobs_per_day":1}})");
    const std::string id = id_of(submit("blue", R"({"nodes":[{"id":"n","noop":true}]})"));
    while (client.get(api + "/jobs/" + id, "X-Tenant-Id: blue\r\n").body.find("completed") ==
           std::string::npos) {
    }
    const RawAnswer retried =
        client.post(api + "/jobs/" + id + "/retry", "{}", "X-Tenant-Id: blue\r\n");
    EXPECT_EQ(retried.status, 429);
    EXPECT_EQ(code_of(retried), "rate-limited");
}

TEST_F(HttpLimits, AKeyIsAnsweredAgainWithoutBeingCounted) {
    set("blue", R"({"rate_limit":{"count":1,"per":"1h"}})");
    const std::string key = "Idempotency-Key: k\r\n";
    const std::string id = id_of(submit("blue", held, key));
    const RawAnswer again = submit("blue", held, key);
    EXPECT_EQ(again.status, 202);
    EXPECT_EQ(id_of(again), id);
    EXPECT_EQ(submit("blue").status, 429);
}

TEST_F(HttpLimits, WhyNamesDependencyTimeAndPause) {
    const std::string id = id_of(submit(
        "default", R"({"nodes":[{"id":"w","wait":{"for":"1h"}},{"id":"n","noop":true}],
                       "edges":[{"from":"w","to":"n"}]})"));
    client.wait_for(id, "running");
    Json told = why(id);
    ASSERT_EQ(told.find("waits")->as_array().size(), 2U) << told.text();
    EXPECT_EQ(first_cause(told), "time");
    EXPECT_NE(told.find("waits")->as_array()[0].find("until"), nullptr);
    const Json& second = told.find("waits")->as_array()[1];
    EXPECT_EQ(second.find("cause")->as_string(), "dependency");
    EXPECT_EQ(second.find("detail")->as_string(), "waits for w");
    EXPECT_EQ(second.find("node")->as_string(), "n");
    EXPECT_NE(second.find("since"), nullptr);
    client.post(api + "/jobs/" + id + "/pause", "{}");
    EXPECT_EQ(first_cause(why(id)), "paused");
    client.post(api + "/jobs/" + id + "/resume", "{}");
    client.post(api + "/jobs/" + id + "/cancel", "{}");
    client.wait_for(id, "cancelled");
    told = why(id);
    EXPECT_TRUE(told.find("waits")->as_array().empty());
    EXPECT_EQ(told.find("status")->as_string(), "cancelled");
}

TEST_F(HttpLimits, WhyOfAHeldJobAndOfAnothersJob) {
    set("blue", "{}");
    const RawAnswer created =
        client.post(api + "/job", R"({"name":"t","scheduled_at":"2099-01-01T00:00:00Z",)"
                                  R"("dag_definition":)" + std::string(held) + "}",
                    "X-Tenant-Id: blue\r\n");
    const std::string id = id_of(created);
    const Json told = why(id, "blue");
    EXPECT_EQ(first_cause(told), "scheduled");
    EXPECT_EQ(told.find("waits")->as_array()[0].find("until")->as_string(),
              "2099-01-01T00:00:00.000Z");
    EXPECT_EQ(client.get(api + "/jobs/" + id + "/why").status, 404);
    EXPECT_EQ(client.get(api + "/jobs/none/why").status, 404);
    EXPECT_EQ(client.get(api + "/jobs/" + id + "/why?limit=0").status, 422);
}

}  // namespace
}  // namespace attacca::e2e
