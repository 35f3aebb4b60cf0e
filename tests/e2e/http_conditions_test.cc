// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <string>

#include "e2e/http_harness.h"

// Conditional requests: what a client knows is not sent again, and what somebody changed meanwhile
// is not changed over his head.

namespace attacca::e2e {
namespace {

const std::string workflow_file =
    R"({"attacca":"v1","name":"w","nodes":{"a":{"noop":true}}})";

std::string if_match(const std::string& tag) {
    return "If-Match: " + tag + "\r\n";
}

std::string if_none_match(const std::string& tag) {
    return "If-None-Match: " + tag + "\r\n";
}

std::string schedule_of(const std::string& cron) {
    return R"({"cron":")" + cron +
           R"(","job":{"name":"t","dag_definition":{"nodes":[{"id":"a","type":"noop"}]}}})";
}

// `412 precondition-failed`, or the status of what was not refused.
std::string told(const RawAnswer& answer) {
    const std::string status = std::to_string(answer.status);
    return answer.status < 400 ? status : status + " " + text(body_of(answer), "code");
}

constexpr const char* unmet = "412 precondition-failed";

class HttpConditions : public testing::Test {
  protected:
    std::string tag_at(const std::string& path) { return client_.get(path).field("ETag"); }
    std::string status_of(const std::string& job) {
        return text(body_of(client_.get(api + "/job/" + job)), "status");
    }

    HttpHarness harness_;
    ApiClient client_{harness_};
};

TEST_F(HttpConditions, EveryReadIsTaggedByItsBytes) {
    const std::string id = client_.create(one_noop);
    client_.wait_for(id, "completed");
    for (const std::string& path :
         {api + "/jobs", api + "/job/" + id, api + "/jobs/" + id + "/nodes",
          api + "/jobs/" + id + "/definition", api + "/jobs/" + id + "/events",
          "/jobs/" + id + "/events", std::string("/api/v1/schedules"),
          std::string("/api/v1/tenants"), std::string("/api/v1/version")}) {
        const RawAnswer first = client_.get(path);
        ASSERT_EQ(first.status, 200) << path;
        const std::string tag = first.field("ETag");
        EXPECT_TRUE(tag.starts_with("\"") && tag.ends_with("\"")) << path << " is strong: " << tag;
        const RawAnswer same = client_.get(path, if_none_match("\"x\", " + tag));
        EXPECT_EQ(same.status, 304) << path;
        EXPECT_EQ(same.body, "") << path;
        EXPECT_EQ(same.field("ETag"), tag) << path;
        EXPECT_EQ(client_.get(path, if_none_match("\"x\"")).status, 200) << path;
    }
    const std::string list = tag_at(api + "/jobs");
    EXPECT_NE(tag_at(api + "/jobs?limit=2"), list) << "it says its limit";
    client_.wait_for(client_.create(one_noop), "completed");
    EXPECT_EQ(client_.get(api + "/jobs", if_none_match(list)).status, 200);
    EXPECT_EQ(client_.get(api + "/job/none", if_none_match("*")).status, 404);
}

TEST_F(HttpConditions, AJobIsCancelledInTheVersionThatWasSeen) {
    const std::string id = client_.create(one_run);
    const core::AttemptSpec spec = harness_.runner->held.wait_for_start(1);
    client_.wait_for(id, "running");
    const std::string path = api + "/jobs/" + id;
    const std::string old = tag_at(path);
    EXPECT_EQ(told(client_.post(path + "/pause", "", if_match(old))), "200");
    EXPECT_EQ(told(client_.post(path + "/resume", "", if_match(old))), unmet);
    EXPECT_EQ(status_of(id), "paused") << "nothing was changed";
    EXPECT_EQ(told(client_.remove(path, if_match(old))), unmet);
    EXPECT_EQ(told(client_.remove("/tasks/task-" + id, if_match(old))), unmet);
    EXPECT_EQ(told(client_.remove(path, if_match("\"other\""))), unmet);
    EXPECT_EQ(told(client_.remove(path, if_match("W/" + tag_at(path)))), unmet)
        << "what is only like it is not it";
    EXPECT_EQ(told(client_.remove(path, if_none_match("*"))), unmet);
    EXPECT_EQ(status_of(id), "paused");
    EXPECT_EQ(told(client_.post(path + "/resume", "", if_match("*"))), "200");
    EXPECT_EQ(told(client_.remove(path, if_match(old + ", " + tag_at(path)))), "200");
    harness_.end(spec);
    client_.wait_for(id, "cancelled");
    EXPECT_EQ(told(client_.remove(path, if_match(old))), unmet) << "an ended job has a version too";
    EXPECT_EQ(told(client_.remove(path, if_match(tag_at(path)))), "200");
    const std::string none = api + "/jobs/01890000-0000-7000-8000-000000000000";
    EXPECT_EQ(told(client_.remove(none, if_match("*"))), "404 not-found");
}

TEST_F(HttpConditions, AScheduleIsNotOverwritten) {
    const std::string path = "/api/v1/schedules/s";
    EXPECT_EQ(told(client_.put(path, schedule_of("1 * * * *"), if_match("*"))), unmet);
    EXPECT_EQ(client_.get(path).status, 404) << "nothing was made";
    EXPECT_EQ(told(client_.put(path, schedule_of("1 * * * *"), if_none_match("*"))), "200");
    const std::string old = tag_at(path);
    EXPECT_EQ(told(client_.put(path, schedule_of("2 * * * *"), if_none_match("*"))), unmet);
    EXPECT_EQ(told(client_.put(path, schedule_of("3 * * * *"), if_match(old))), "200");
    EXPECT_EQ(told(client_.put(path, schedule_of("4 * * * *"), if_match(old))), unmet);
    EXPECT_EQ(told(client_.post(path + "/pause", "", if_match(old))), unmet);
    EXPECT_EQ(told(client_.remove(path, if_match(old))), unmet);
    EXPECT_EQ(text(body_of(client_.get(path)), "cron"), "3 * * * *");
    EXPECT_EQ(told(client_.remove(path, if_match(tag_at(path)))), "204");
    EXPECT_EQ(told(client_.put(path, schedule_of("5 * * * *"), if_match("*"))), unmet)
        << "a deleted one is not there";
    EXPECT_EQ(told(client_.put(path, schedule_of("5 * * * *"), if_none_match("*"))), "200");
}

TEST_F(HttpConditions, AWorkflowIsNotOverwritten) {
    const std::string path = "/api/v1/workflows/w";
    EXPECT_EQ(told(client_.put(path, workflow_file, if_none_match("*"))), "200");
    const std::string old = tag_at(path);
    EXPECT_EQ(told(client_.put(path, workflow_file, if_none_match("*"))), unmet);
    EXPECT_EQ(told(client_.post(path + "/disable", "", if_match(old))), "200");
    EXPECT_EQ(told(client_.post(path + "/enable", "", if_match(old))), unmet);
    EXPECT_FALSE(body_of(client_.get(path)).find("enabled")->as_bool());
    EXPECT_EQ(told(client_.post(path + "/enable", "", if_match(tag_at(path)))), "200");
}

TEST_F(HttpConditions, WhatShowsFiguresOfTheMomentHasNoTagButIsThereOrNot) {
    const std::string blue = "/api/v1/tenants/blue";
    EXPECT_EQ(told(client_.put(blue, R"({"weight":2})", if_match("*"))), unmet);
    EXPECT_EQ(told(client_.put(blue, R"({"weight":2})", if_none_match("*"))), "201");
    EXPECT_EQ(told(client_.put(blue, R"({"weight":3})", if_none_match("*"))), unmet);
    EXPECT_EQ(tag_at(blue), "");
    EXPECT_EQ(told(client_.put(blue, R"({"weight":3})", if_match("\"x\""))), unmet);
    EXPECT_EQ(body_of(client_.get(blue)).find("weight")->as_integer(), 2);
    EXPECT_EQ(told(client_.put("/api/v1/tenants/default", R"({"weight":5})", if_match("*"))),
              "200")
        << "it is always there";
    const std::string breaker = "/api/v1/breakers/run:true";
    const std::string open = R"({"state":"open","reason":"r"})";
    EXPECT_EQ(told(client_.put(breaker, open, if_match("*"))), unmet);
    EXPECT_EQ(told(client_.put(breaker, open, if_none_match("*"))), "200");
    EXPECT_EQ(told(client_.put(breaker, open, if_match("*"))), "200");
    EXPECT_EQ(tag_at(breaker), "");
}

}  // namespace
}  // namespace attacca::e2e
