// SPDX-License-Identifier: Apache-2.0
#include <string>

#include <gtest/gtest.h>

#include "e2e/http_harness.h"

namespace attacca::e2e {
namespace {

TEST(HttpDispatch, BecomesATaskThatAWorkerClaims) {
    HttpHarness harness;
    ApiClient client(harness);
    const RawAnswer created = client.post(
        "/dispatch", R"({"coreId":"WORK_AI_01","stay":true,"priority":2,"timeout":60,)"
                     R"("metadata":{"source":"api","user_id":"u","tags":["${{ no }}"]}})");
    ASSERT_EQ(created.status, 202) << created.body;
    const Json task = *parse_json(created.body);
    const std::string id = text(task, "task_id");
    EXPECT_TRUE(id.starts_with("task-"));
    EXPECT_EQ(text(task, "status"), "queued");
    EXPECT_EQ(text(task, "core_id"), "WORK_AI_01");
    EXPECT_EQ(task.find("priority")->as_integer(), 2);
    EXPECT_FALSE(text(task, "created_at").empty());
    EXPECT_FALSE(text(task, "estimated_start").empty());
    EXPECT_EQ(created.field("Location"), "/tasks/" + id);

    const RawAnswer claimed = client.post("/api/v1/lanes/WORK_AI_01/claim", R"({"worker":"w"})");
    const Json lease = parse_json(claimed.body)->find("leases")->as_array().at(0);
    EXPECT_TRUE(lease.find("stay")->as_bool());
    EXPECT_EQ(lease.find("timeout_ms")->as_integer(), 60000);
    EXPECT_EQ(lease.find("spec")->find("input")->find("tags")->text(), R"(["${{ no }}"])");
    const RawAnswer workers = client.get("/api/v1/workers");
    EXPECT_EQ(text(parse_json(workers.body)->find("items")->as_array().at(0), "worker"), "w");
    const std::string fence = lease.find("fence")->text();
    EXPECT_EQ(client.post("/api/v1/attempts/" + text(lease, "id") + "/complete",
                          R"({"outputs":{"done":true},"fence":)" + fence + "}")
                  .status,
              200);
    client.wait_for(id.substr(5), "completed");
    const Json after = *parse_json(client.get("/tasks/" + id).body);
    EXPECT_EQ(text(after, "status"), "completed");
    EXPECT_EQ(after.find("result")->text(), R"({"done":true})");
    EXPECT_EQ(after.find("timeout")->as_integer(), 60);
    EXPECT_EQ(text(*after.find("metadata"), "source"), "api");
}

TEST(HttpDispatch, HasDefaultsAndIsOncePerKey) {
    HttpHarness harness;
    ApiClient client(harness);
    const std::string key = "Idempotency-Key: k1\r\n";
    const RawAnswer first = client.post("/dispatch", R"({"coreId":"C1"})", key);
    ASSERT_EQ(first.status, 202) << first.body;
    EXPECT_EQ(client.post("/dispatch", R"({"coreId":"C1"})", key).body, first.body);
    const std::string id = text(*parse_json(first.body), "task_id");
    const Json task = *parse_json(client.get("/tasks/" + id).body);
    EXPECT_EQ(task.find("priority")->as_integer(), 1);
    EXPECT_EQ(task.find("timeout")->as_integer(), 300);
    EXPECT_TRUE(task.find("result")->is_null());
    EXPECT_EQ(client.remove("/tasks/" + id).status, 200);
    EXPECT_EQ(text(*parse_json(client.get("/tasks/" + id).body), "status"), "cancelled");
}

TEST(HttpDispatch, BadOnesAreRefused) {
    HttpHarness harness;
    ApiClient client(harness);
    const auto refused = [&](const std::string& body) {
        const RawAnswer answer = client.post("/dispatch", body);
        return std::to_string(answer.status) + " " +
               text(*parse_json(answer.body), "code");
    };
    EXPECT_EQ(refused("{}"), "422 missing-field");
    EXPECT_EQ(refused(R"({"coreId":"a b"})"), "422 invalid-value");
    EXPECT_EQ(refused(R"({"coreId":"a","core_id":"a"})"), "422 invalid-value");
    EXPECT_EQ(refused(R"({"coreId":"a","stay":"yes"})"), "422 wrong-type");
    EXPECT_EQ(refused(R"({"coreId":"a","priority":0})"), "422 out-of-range");
    EXPECT_EQ(refused(R"({"coreId":"a","timeout":0})"), "422 out-of-range");
    EXPECT_EQ(refused(R"({"coreId":"a","timeout":"3d"})"), "422 out-of-range");
    EXPECT_EQ(refused(R"({"coreId":"a","metadata":[]})"), "422 wrong-type");
    EXPECT_EQ(refused(R"({"coreId":"a","user":"x"})"), "422 unknown-field");
    EXPECT_EQ(refused(R"({"coreId")"), "400 json-syntax");
    EXPECT_EQ(client.get("/tasks/x").status, 404);
    EXPECT_EQ(client.get("/tasks/task-0190c3a1-0000-7000-8000-000000000000").status, 404);
    const std::string other = client.create(R"({"nodes":[{"id":"a","type":"noop"}]})");
    EXPECT_EQ(client.get("/tasks/task-" + other).status, 404);
}

}  // namespace
}  // namespace attacca::e2e
