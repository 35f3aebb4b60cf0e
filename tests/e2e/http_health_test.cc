// SPDX-License-Identifier: Apache-2.0
#include <string>

#include <gtest/gtest.h>

#include "e2e/http_harness.h"

namespace attacca::e2e {
namespace {

TEST(HttpHealth, NeedsNoTokenAndHasTheFormOfTheSourceSystem) {
    HttpHarness harness;
    RawClient raw(harness.port());
    for (const char* path : {"/health", "/api/v1/orchestration/health"}) {
        const RawAnswer answer = raw.get(path);
        EXPECT_EQ(answer.status, 200);
        const Json health = *parse_json(answer.body);
        EXPECT_EQ(health.find("status")->as_string(), "healthy");
        EXPECT_EQ(health.find("components")->find("database")->as_string(), "healthy");
        for (const char* key : {"lock_manager", "monitor", "security"}) {
            EXPECT_NE(health.find("components")->find(key), nullptr) << key;
        }
        for (const char* key :
             {"uptime_seconds", "total_requests", "active_tasks", "active_locks"}) {
            EXPECT_TRUE(health.find("metrics")->find(key)->is_integer()) << key;
        }
        EXPECT_FALSE(health.find("version")->as_string().empty());
        EXPECT_FALSE(health.find("timestamp")->as_string().empty());
    }
    EXPECT_EQ(raw.get("/livez").status, 200);
    EXPECT_EQ(raw.get("/readyz").status, 200);
    EXPECT_NE(raw.get("/readyz?verbose").body.find("ledger_size"), std::string::npos);
    EXPECT_EQ(raw.get("/health", "Accept: application/health+json\r\n").field("Content-Type"),
              "application/health+json");
    raw.send("HEAD /livez HTTP/1.1\r\nHost: h\r\n\r\n");
    EXPECT_EQ(raw.read(true).status, 200);
    EXPECT_EQ(raw.post("/livez", "{}").status, 405);
}

TEST(HttpHealth, MetricsCountWhatHappened) {
    HttpHarness harness;
    ApiClient client(harness);
    client.wait_for(client.create(R"({"nodes":[{"id":"a","type":"noop"}]})"), "completed");
    // The engine publishes its counters after the batch is durable.
    const std::string timed =
        "orch_task_duration_seconds_count{core_id=\"default\",status=\"completed\"} 1\n";
    std::string text;
    do {
        const RawAnswer answer = client.get("/metrics");
        ASSERT_EQ(answer.status, 200);
        text = answer.body;
    } while (text.find(timed) == std::string::npos);
    EXPECT_NE(text.find("orch_http_requests_total{method=\"POST\",status=\"202\","
                        "endpoint=\"/api/v1/orchestration/job\"} 1\n"),
              std::string::npos)
        << text;
    EXPECT_NE(text.find("attacca_live_jobs 0\n"), std::string::npos);
    EXPECT_NE(text.find("orch_tasks_total{core_id=\"default\",status=\"completed\"} 1\n"),
              std::string::npos);
    EXPECT_EQ(client.get("/api/v1/version").status, 200);
}

TEST(HttpHealth, AStoppedServiceAnswersNobody) {
    HttpHarness harness;
    const std::uint16_t port = harness.port();
    harness.service->stop(seconds(1));
    EXPECT_FALSE(RawClient(port).is_open());
}

TEST(HttpHealth, ARequestThatWaitsIsAnsweredAtAStop) {
    HttpHarness harness;
    RawClient raw(harness.port());
    const std::string body =
        R"({"name":"x","dag_definition":{"nodes":[{"id":"a","run":["/bin/true"]}]}})";
    raw.send("POST " + api + "/job HTTP/1.1\r\nHost: h\r\n" + auth +
             "Prefer: wait=100\r\nContent-Type: application/json\r\nContent-Length: " +
             std::to_string(body.size()) + "\r\n\r\n" + body);
    harness.runner->held.wait_for_start(1);
    harness.service->stop(seconds(20));
    EXPECT_EQ(raw.read().status, 202);
}

}  // namespace
}  // namespace attacca::e2e
