// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "cli/fake_environment.h"

namespace attacca::cli {
namespace {

class AuditTest : public testing::Test {
  protected:
    AuditTest() {
        env.files["/home/ada/.local/state/attacca/server.json"] =
            R"({"url":"http://127.0.0.1:7480"})";
        env.server = [this](const HttpRequest& request) -> Result<HttpResponse> {
            const auto found = answers.find(request.target);
            return found == answers.end()
                       ? HttpResponse{404, {}, R"({"detail":"not expected"})"}
                       : HttpResponse{200, {}, found->second};
        };
        answers["/api/v1/version"] = R"({"version":"1"})";
    }
    static std::string page(const std::string& rows, const std::string& more = {}) {
        return R"({"about":{"view":"plain","checkpoint":"o\n3\nr\n","sentences":[]},"items":[)" +
               rows + "]" + more + "}";
    }

    FakeEnvironment env;
    std::map<std::string, std::string> answers;
    const std::string row =
        R"({"gseq":7,"time":"T","actor":"usr:a","type":"job_paused","result":"success",)"
        R"("target":"=x","details":{"a":1}})";
};

TEST_F(AuditTest, AListSendsItsFiltersAndSaysWhereToGoOn) {
    answers["/api/v1/audit?view=plain&limit=5&actor=usr%3a%2a&type=a&type=b&result=failure&"
            "from=2026-03-01T00%3a00%3a00.000Z&tenant=%2a"] = page(row, R"(,"next_after":9)");
    EXPECT_EQ(env.run({"audit", "list", "--actor", "usr:*", "--type", "a", "--type", "b",
                       "--result", "failure", "--from", "2026-03-01", "--all-tenants", "--limit",
                       "5"}),
              0)
        << env.err;
    EXPECT_NE(env.out.find("7     T     usr:a  job_paused  success  =x"), std::string::npos)
        << env.out;
    EXPECT_EQ(env.err, "there is more: --after 9\n");
}

TEST_F(AuditTest, AnExportPutsItsPagesOneBehindAnother) {
    answers["/api/v1/audit?view=plain&limit=1000"] = page(row, R"(,"next_after":7)");
    answers["/api/v1/audit?view=plain&limit=1000&after=7"] = page(row);
    EXPECT_EQ(env.run({"audit", "export", "--out", "/a.csv"}), 0) << env.err;
    const std::string& csv = env.files["/a.csv"];
    EXPECT_NE(csv.find("\"# checkpoint: o\"\r\n"), std::string::npos);
    const std::string line =
        "\"7\",\"T\",\"usr:a\",\"job_paused\",\"success\",\"'=x\",\"{\"\"a\"\":1}\"\r\n";
    EXPECT_TRUE(csv.ends_with("\r\n" + line + line)) << csv;
    EXPECT_EQ(env.run({"audit", "export", "--out", "/a.csv"}), 73);
    EXPECT_EQ(env.run({"audit", "export", "--format", "json"}), 0);
    const Result<Json> json = parse_json(env.out);
    ASSERT_TRUE(json) << env.out;
    EXPECT_EQ(json->find("items")->as_array().size(), 2U);
    EXPECT_EQ(env.run({"audit", "export", "--format", "jsonl"}), 0);
    EXPECT_EQ(std::count(env.out.begin(), env.out.end(), '\n'), 3);
}

TEST_F(AuditTest, WhatIsNoInstantIsAMistakeOfTheCommandLine) {
    EXPECT_EQ(env.run({"audit", "list", "--from", "yesterday"}), 64);
    EXPECT_NE(env.err.find("--from"), std::string::npos);
}

}  // namespace
}  // namespace attacca::cli
