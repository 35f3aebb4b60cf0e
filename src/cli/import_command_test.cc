// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <gtest/gtest.h>

#include "cli/fake_environment.h"

namespace attacca::cli {
namespace {

constexpr const char* any_server = "http://127.0.0.1:1";

class ImportOrchNext : public testing::Test {
  protected:
    void tasks(std::string_view json) { env_.orch_next = parse_json(json); }
    int import(std::vector<std::string> more = {}) {
        std::vector<std::string> words = {"import", "orch-next", "orch.db", "--server", any_server};
        words.insert(words.end(), more.begin(), more.end());
        env_.requests.clear();
        return env_.run(words);
    }

    FakeEnvironment env_;
};

constexpr std::string_view two_tasks =
    R"([{"task_id":"t 1","core_id":"A","status":"running","priority":2,"timeout":60,)"
    R"("created_at":"2024-01-01","metadata":"{\"a\":1}"},)"
    R"({"task_id":"t2","core_id":"A","status":"completed","priority":1,"timeout":300,)"
    R"("created_at":"2024-01-02"}])";

TEST_F(ImportOrchNext, DispatchesWhatHadNotEnded) {
    tasks(two_tasks);
    env_.server = [](const HttpRequest&) -> Result<HttpResponse> {
        return HttpResponse{202, {}, R"({"task_id":"task-9","status":"queued"})"};
    };
    EXPECT_EQ(import({"-o", "json"}), 0) << env_.err;
    ASSERT_EQ(env_.requests.size(), 1U);
    EXPECT_EQ(env_.requests[0].target, "/dispatch");
    EXPECT_EQ(env_.requests[0].body,
              R"({"coreId":"A","priority":2,"timeout":60,"metadata":{"a":1,"orch_next":)"
              R"({"task_id":"t 1","status":"running","created_at":"2024-01-01"}}})");
    const std::pair<std::string, std::string> key = {"Idempotency-Key", "orch-next-t%201"};
    EXPECT_NE(std::find(env_.requests[0].headers.begin(), env_.requests[0].headers.end(), key),
              env_.requests[0].headers.end());
    EXPECT_EQ(parse_json(env_.out)->find("ended")->as_integer(), 1);
    EXPECT_NE(env_.out.find("task-9"), std::string::npos);
}

TEST_F(ImportOrchNext, ADryRunAsksNobody) {
    tasks(two_tasks);
    EXPECT_EQ(import({"--dry-run"}), 0) << env_.err;
    EXPECT_TRUE(env_.requests.empty());
    EXPECT_NE(env_.out.find("t 1"), std::string::npos);
    EXPECT_NE(env_.err.find("had ended, and stay where they are: 1"), std::string::npos);
}

TEST_F(ImportOrchNext, OneUnusableTaskRefusesAllBeforeAnyIsSent) {
    const std::string good =
        R"({"task_id":"a","core_id":"A","status":"queued","priority":1,"timeout":1,)"
        R"("created_at":"1"},)";
    for (const char* bad : {R"("status":"odd","priority":1,"timeout":1)",
                            R"("status":"queued","priority":0,"timeout":1)",
                            R"("status":"queued","priority":11,"timeout":1)",
                            R"("status":"queued","priority":1,"timeout":0)",
                            R"("status":"queued","priority":1,"timeout":1,"metadata":"[]")",
                            R"("status":"queued","priority":1,"timeout":1,)"
                            R"("metadata":"{\"orch_next\":1}")"}) {
        tasks("[" + good + R"({"task_id":"b","core_id":"A","created_at":"2",)" + bad + "}]");
        EXPECT_EQ(import(), 65) << bad;
        EXPECT_NE(env_.err.find("task b"), std::string::npos) << env_.err;
        EXPECT_TRUE(env_.requests.empty());
    }
}

TEST_F(ImportOrchNext, SaysHowFarItCame) {
    tasks(R"([{"task_id":"a","core_id":"A","status":"queued","priority":1,"timeout":1,)"
          R"("created_at":"1"},{"task_id":"b","core_id":"A","status":"queued","priority":1,)"
          R"("timeout":1,"created_at":"2"}])");
    env_.server = [this](const HttpRequest&) -> Result<HttpResponse> {
        if (env_.requests.size() > 1) {
            return fail(Problem::unreachable, "gone");
        }
        return HttpResponse{202, {}, R"({"task_id":"task-1"})"};
    };
    EXPECT_NE(import(), 0);
    EXPECT_NE(env_.err.find("1 of 2 tasks are taken over"), std::string::npos) << env_.err;
}

}  // namespace
}  // namespace attacca::cli
