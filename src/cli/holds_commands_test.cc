// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "cli/fake_environment.h"

namespace attacca::cli {
namespace {

class HoldsTest : public testing::Test {
  protected:
    HoldsTest() {
        env.files["/home/ada/.local/state/attacca/server.json"] =
            R"({"url":"http://127.0.0.1:7480"})";
        env.server = [this](const HttpRequest& request) -> Result<HttpResponse> {
            asked = request.method + " " + request.target + " " + request.body;
            if (request.method == "GET") {
                return HttpResponse{200, {},
                                    R"({"items":[{"scope":"tenant","matter":"A","by":"c",)"
                                    R"("placed_at":"2026-03-01T12:00:00.000Z"}]})"};
            }
            return HttpResponse{200, {}, R"({"scope":"job/j","matter":"A","by":"c","job":"j"})"};
        };
    }

    FakeEnvironment env;
    std::string asked;
};

TEST_F(HoldsTest, ArePlacedOnAJobOrOnTheTenant) {
    EXPECT_EQ(env.run({"evidence", "hold", "job/j", "--matter", "A", "--by", "c"}), 0);
    EXPECT_EQ(asked,
              R"(POST /api/v1/evidence/holds {"job":"j","matter":"A","by":"c"})");
    EXPECT_EQ(env.out, "job/j is held for A\n");
    EXPECT_EQ(env.run({"evidence", "hold", "--matter", "A"}), 0);
    EXPECT_EQ(asked, R"(POST /api/v1/evidence/holds {"matter":"A"})");
}

TEST_F(HoldsTest, AreReleased) {
    EXPECT_EQ(env.run({"evidence", "release", "j", "--matter", "A"}), 0);
    EXPECT_EQ(asked, R"(POST /api/v1/evidence/holds/release {"job":"j","matter":"A"})");
    EXPECT_EQ(env.out, "job/j is no longer held for A\n");
}

TEST_F(HoldsTest, AnErasureSaysWhyAndByWhom) {
    EXPECT_EQ(env.run({"evidence", "erase", "job/j", "--reason", "R", "--by", "c"}), 0);
    EXPECT_EQ(asked, R"(POST /api/v1/evidence/job/j/erase {"reason":"R","by":"c"})");
    EXPECT_EQ(env.out, "job/j is erased: its key is destroyed, its evidence stays\n");
    EXPECT_EQ(env.run({"evidence", "erase", "j"}), 64);
    EXPECT_EQ(env.run({"evidence", "erase", "--reason", "R"}), 64);
}

TEST_F(HoldsTest, NeedAMatter) {
    EXPECT_EQ(env.run({"evidence", "hold", "j"}), 64);
}

TEST_F(HoldsTest, AreListed) {
    EXPECT_EQ(env.run({"evidence", "holds"}), 0);
    EXPECT_NE(env.out.find("tenant"), std::string::npos) << env.out;
    EXPECT_NE(env.out.find("2026-03-01"), std::string::npos) << env.out;
}

}  // namespace
}  // namespace attacca::cli
