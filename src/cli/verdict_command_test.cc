// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "cli/fake_environment.h"

namespace attacca::cli {
namespace {

class VerdictTest : public testing::Test {
  protected:
    VerdictTest() {
        env.files["/home/ada/.local/state/attacca/server.json"] =
            R"({"url":"http://127.0.0.1:7480"})";
        env.server = [this](const HttpRequest& request) -> Result<HttpResponse> {
            asked.push_back(request.method + " " + request.target + " " + request.body);
            if (request.target == "/api/v1/version") {
                return HttpResponse{200, {}, R"({"version":"1"})"};
            }
            return HttpResponse{200, {}, R"({"id":"j","status":"running"})"};
        };
    }

    FakeEnvironment env;
    std::vector<std::string> asked;
    const std::string nodes = "/api/v1/orchestration/jobs/j/nodes/";
};

TEST_F(VerdictTest, IsSentWithItsComment) {
    EXPECT_EQ(env.run({"jobs", "approve", "j", "deploy", "--comment", "seen"}), 0);
    EXPECT_EQ(asked.back(), "POST " + nodes + R"(deploy/approve {"comment":"seen"})");
    EXPECT_EQ(env.out, "deploy approved; job j is running\n");
}

TEST_F(VerdictTest, MayBeAboutAnItem) {
    EXPECT_EQ(env.run({"jobs", "reject", "j", "ask[3]"}), 0);
    EXPECT_EQ(asked.back(), "POST " + nodes + "ask/reject?item=3 {}");
    EXPECT_EQ(env.out, "ask[3] rejected; job j is running\n");
}

TEST_F(VerdictTest, NeedsTheNode) {
    EXPECT_EQ(env.run({"jobs", "approve", "j"}), 64);
}

}  // namespace
}  // namespace attacca::cli
