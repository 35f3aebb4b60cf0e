// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "cli/fake_environment.h"

namespace attacca::cli {
namespace {

constexpr const char* server = "http://127.0.0.1:1";

TEST(Dispatch, SendsWhatWasAsked) {
    FakeEnvironment env;
    env.server = [](const HttpRequest&) -> Result<HttpResponse> {
        return HttpResponse{202, {}, R"({"task_id":"task-1","status":"queued"})"};
    };
    EXPECT_EQ(env.run({"dispatch", "--server", server, "--core", "C1", "--stay", "--priority", "2",
                       "--timeout", "1m", "--metadata", R"({"a":1})", "-o", "json"}),
              0)
        << env.err;
    ASSERT_EQ(env.requests.size(), 1U);
    EXPECT_EQ(env.requests[0].method, "POST");
    EXPECT_EQ(env.requests[0].target, "/dispatch");
    EXPECT_EQ(env.requests[0].body,
              R"({"coreId":"C1","stay":true,"priority":2,"timeout":"1m","metadata":{"a":1}})");
    EXPECT_NE(env.out.find("task-1"), std::string::npos);
}

TEST(Dispatch, RefusesWhatNoServerWouldTake) {
    FakeEnvironment env;
    EXPECT_EQ(env.run({"dispatch", "--server", server}), 64);
    EXPECT_EQ(env.run({"dispatch", "--server", server, "--core", "C", "--priority", "11"}), 64);
    EXPECT_EQ(env.run({"dispatch", "--server", server, "--core", "C", "--metadata", "[1]"}), 64);
    EXPECT_TRUE(env.requests.empty());
}

TEST(Tasks, AreAskedForById) {
    FakeEnvironment env;
    env.server = [](const HttpRequest&) -> Result<HttpResponse> {
        return HttpResponse{200, {}, R"({"task_id":"task-1","result":null})"};
    };
    EXPECT_EQ(env.run({"tasks", "get", "task-1", "--server", server}), 0);
    EXPECT_EQ(env.run({"tasks", "cancel", "task-1", "--server", server}), 0);
    ASSERT_EQ(env.requests.size(), 2U);
    EXPECT_EQ(env.requests[0].method + env.requests[0].target, "GET/tasks/task-1");
    EXPECT_EQ(env.requests[1].method + env.requests[1].target, "DELETE/tasks/task-1");
}

}  // namespace
}  // namespace attacca::cli
