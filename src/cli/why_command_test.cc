// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "cli/fake_environment.h"

namespace attacca::cli {
namespace {

class WhyTest : public testing::Test {
  protected:
    WhyTest() {
        env.files["/home/ada/.local/state/attacca/server.json"] =
            R"({"url":"http://127.0.0.1:7480"})";
        env.server = [this](const HttpRequest& request) -> Result<HttpResponse> {
            if (request.target != "/api/v1/orchestration/jobs/j1/why") {
                return HttpResponse{
                    404, {}, R"({"type":"urn:attacca:problem:not-found","detail":"no such job"})"};
            }
            return HttpResponse{200, {}, answer};
        };
    }
    FakeEnvironment env;
    std::string answer;
};

TEST_F(WhyTest, EachWaitIsALineWithItsCause) {
    answer = R"({"job":"j1","status":"running","waits":[{"cause":"tenant-rate","node":"a",)"
             R"("item":3,)"
             R"("since":"2026-03-01T11:59:50.000Z","until":"2026-03-01T12:00:05.000Z",)"
             R"("released_by":"the instant"},{"cause":"paused","since":"2026-03-01T11:59:50.000Z",)"
             R"("released_by":"resuming the job"}]})";
    EXPECT_EQ(env.run({"jobs", "why", "j1"}), 0);
    EXPECT_NE(env.out.find("a[3]     tenant-rate  10s ago  in 5s"), std::string::npos) << env.out;
    EXPECT_NE(env.out.find("the job  paused"), std::string::npos) << env.out;
    EXPECT_EQ(env.run({"jobs", "why", "j1", "-o", "json"}), 0);
    EXPECT_EQ(*parse_json(env.out), *parse_json(answer));
}

TEST_F(WhyTest, AJobThatWaitsForNothingSaysSo) {
    answer = R"({"job":"j1","status":"completed","waits":[]})";
    EXPECT_EQ(env.run({"jobs", "why", "j1"}), 0);
    EXPECT_EQ(env.out, "waits for nothing: completed\n");
    EXPECT_EQ(env.run({"jobs", "why", "j2"}), 66);
}

}  // namespace
}  // namespace attacca::cli
