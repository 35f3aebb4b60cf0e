// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "cli/fake_environment.h"

namespace attacca::cli {
namespace {

class TestsTest : public testing::Test {
  protected:
    TestsTest() {
        env.files["/home/ada/.local/state/attacca/server.json"] =
            R"({"url":"http://127.0.0.1:7480"})";
        env.server = [this](const HttpRequest& request) -> Result<HttpResponse> {
            asked = request.target;
            return HttpResponse{
                200,
                {},
                R"({"items":[{"node":"t","suite":"s","name":"a","status":"passed",)"
                R"("duration_ms":1500},{"node":"t","suite":"","name":"b","status":"failed",)"
                R"("duration_ms":0,"message":"no\nway"}],)"
                R"("counts":{"passed":1,"failed":1,"error":0,"skipped":0},"total":2})"};
        };
    }

    FakeEnvironment env;
    std::string asked;
};

TEST_F(TestsTest, AreListedWithTheirVerdicts) {
    EXPECT_EQ(env.run({"tests", "list", "j", "--status", "failed", "--node", "t"}), 0);
    EXPECT_EQ(asked, "/api/v1/orchestration/jobs/j/tests?limit=100&status=failed&node=t");
    EXPECT_NE(env.out.find("✓ t  s.a  1.5s\n"), std::string::npos) << env.out;
    EXPECT_NE(env.out.find("✗ t  b  "), std::string::npos) << env.out;
    EXPECT_EQ(env.out.find("no\nway"), std::string::npos) << env.out;
    EXPECT_EQ(env.err, "1 passed, 1 failed, 0 error, 0 skipped\n");
}

TEST_F(TestsTest, AreOneObjectPerLineOnRequest) {
    EXPECT_EQ(env.run({"tests", "list", "j", "-o", "jsonl"}), 0);
    EXPECT_EQ(std::count(env.out.begin(), env.out.end(), '\n'), 2);
    EXPECT_EQ(env.run({"tests", "list", "j", "--status", "odd"}), 64);
}

}  // namespace
}  // namespace attacca::cli
