// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <gtest/gtest.h>

#include "cli/fake_environment.h"

namespace attacca::cli {
namespace {

class TenantsTest : public testing::Test {
  protected:
    TenantsTest() {
        env.files["/home/ada/.local/state/attacca/server.json"] =
            R"({"url":"http://127.0.0.1:7480"})";
        env.server = [this](const HttpRequest& request) -> Result<HttpResponse> {
            const auto found = answers.find(request.method + " " + request.target);
            if (found == answers.end()) {
                return HttpResponse{
                    404, {}, R"({"type":"urn:attacca:problem:not-found","detail":"no tenant"})"};
            }
            return HttpResponse{200, {}, found->second};
        };
    }
    // What the last request said about its tenant; nothing without the header.
    [[nodiscard]] std::string tenant_sent() const {
        for (const auto& [name, value] : env.requests.back().headers) {
            if (name == "X-Tenant-Id") {
                return value;
            }
        }
        return {};
    }

    FakeEnvironment env;
    std::map<std::string, std::string> answers;
    const std::string path = "/api/v1/tenants";
};

TEST_F(TenantsTest, AListIsATableOrWhatTheServerSaid) {
    answers["GET " + path] =
        R"({"items":[{"name":"a","weight":7,"queued":1,"running":2,"slot_seconds":3.5,)"
        R"("share":null,"lag":null}],"next_after":"a"})";
    answers["GET " + path + "?after=a"] = R"({"items":[{"name":"b","weight":1}]})";
    EXPECT_EQ(env.run({"tenants", "list"}), 0);
    EXPECT_NE(env.out.find("a     7       1       2        3.5"), std::string::npos) << env.out;
    EXPECT_NE(env.out.find("b     1"), std::string::npos);
    EXPECT_EQ(env.run({"tenants", "list", "-o", "json"}), 0);
    EXPECT_EQ(parse_json(env.out)->find("items")->as_array().size(), 2U);
}

TEST_F(TenantsTest, SettingOneMemberKeepsTheOthers) {
    answers["GET " + path + "/blue"] =
        R"({"name":"blue","weight":7,"max_concurrency":3,"rate_limit":{"count":5,"per":"1s",)"
        R"("burst":5},"quota":{"jobs_per_day":9},"queued":1})";
    answers["PUT " + path + "/blue"] = R"({"name":"blue","weight":8})";
    EXPECT_EQ(env.run({"tenants", "set", "blue", "--weight", "8", "--max-concurrency", "none",
                       "--slot-seconds-per-day", "60", "--start-rate", "2/s"}),
              0);
    EXPECT_EQ(*parse_json(env.requests.back().body),
              *parse_json(R"({"weight":8,"max_concurrency":null,"rate_limit":{"count":5,)"
                          R"("per":"1s","burst":5},"quota":{"jobs_per_day":9,)"
                          R"("slot_seconds_per_day":60},"start_rate":"2/s"})"));
    EXPECT_NE(env.out.find("weight                  8\n"), std::string::npos) << env.out;
}

TEST_F(TenantsTest, AnUnknownOneIsMadeBySetAndMissedByGet) {
    answers["PUT " + path + "/new"] = R"({"name":"new","weight":1000})";
    EXPECT_EQ(env.run({"tenants", "set", "new"}), 0);
    EXPECT_EQ(env.requests.back().body, "{}");
    EXPECT_EQ(env.run({"tenants", "get", "new"}), 66);
}

TEST_F(TenantsTest, TheTenantIsSentWhenItWasNamed) {
    answers["GET " + path + "/blue"] = R"({"name":"blue"})";
    EXPECT_EQ(env.run({"tenants", "get", "blue"}), 0);
    EXPECT_EQ(tenant_sent(), "");
    EXPECT_EQ(env.run({"tenants", "get", "blue", "--tenant", "red"}), 0);
    EXPECT_EQ(tenant_sent(), "red");
    env.variables["ATTACCA_TENANT"] = "green";
    EXPECT_EQ(env.run({"tenants", "get", "blue"}), 0);
    EXPECT_EQ(tenant_sent(), "green");
    EXPECT_EQ(env.run({"tenants", "get", "blue", "--tenant", "a b"}), 64);
}

}  // namespace
}  // namespace attacca::cli
