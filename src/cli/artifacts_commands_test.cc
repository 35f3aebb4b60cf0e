// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "base/bytes.h"
#include "base/digest.h"
#include "cli/fake_environment.h"

namespace attacca::cli {
namespace {

class ArtifactsTest : public testing::Test {
  protected:
    ArtifactsTest() {
        env.files["/home/ada/.local/state/attacca/server.json"] =
            R"({"url":"http://127.0.0.1:7480"})";
        env.server = [this](const HttpRequest& request) -> Result<HttpResponse> {
            asked.push_back(request.target);
            return HttpResponse{200, {}, R"({"items":[{"name":"out/report.txt","node":"a",)"
                                         R"("attempt":1,"bytes":5,"sha256":")" +
                                             old + R"("},{"name":"out/report.txt","node":"a",)"
                                                   R"("attempt":2,"bytes":5,"sha256":")" +
                                             digest + R"("}],"total":2})"};
        };
        env.stream = [this](const HttpRequest& request,
                            const std::function<bool(std::string_view)>& take)
            -> Result<HttpResponse> {
            streamed = request.target;
            take(content);
            return HttpResponse{200, {}, ""};
        };
    }

    FakeEnvironment env;
    std::vector<std::string> asked;
    std::string streamed;
    std::string content = "hello";
    const std::string digest = hex(sha256("hello"));
    const std::string old = hex(sha256("older"));
    const std::string base = "/api/v1/orchestration/jobs/j/artifacts";
};

TEST_F(ArtifactsTest, AreListed) {
    EXPECT_EQ(env.run({"jobs", "artifacts", "j", "--node", "a"}), 0);
    EXPECT_EQ(asked.back(), base + "?node=a&limit=1000&offset=0");
    EXPECT_NE(env.out.find("out/report.txt"), std::string::npos) << env.out;
    EXPECT_NE(env.out.find(digest.substr(0, 16)), std::string::npos);
}

TEST_F(ArtifactsTest, AreFetchedByTheNameThatTheNewestAttemptLeft) {
    EXPECT_EQ(env.run({"jobs", "artifact", "j", "out/report.txt", "--out", "/tmp/r"}), 0)
        << env.err;
    EXPECT_EQ(streamed, base + "/" + digest);
    EXPECT_EQ(env.files["/tmp/r"], "hello");
    EXPECT_EQ(env.run({"jobs", "artifact", "j", "out/report.txt", "--out", "/tmp/r"}), 73);
    EXPECT_EQ(env.err, "error[E_EXISTS] /tmp/r exists\n"
                       "  fix: give another name, or replace it with --force\n");
    EXPECT_EQ(env.run({"jobs", "artifact", "j", digest, "--out", "-"}), 0);
    EXPECT_EQ(env.out, "hello");
    EXPECT_EQ(env.run({"jobs", "artifact", "j", digest.substr(0, 16), "--out", "-"}), 0)
        << "what the table shows of it";
    EXPECT_EQ(env.run({"jobs", "artifact", "j", digest.substr(0, 15), "--out", "-"}), 66);
}

TEST_F(ArtifactsTest, AreNotKeptWhenAnotherFileArrives) {
    content = "other";
    EXPECT_NE(env.run({"jobs", "artifact", "j", "out/report.txt", "--out", "/tmp/r"}), 0);
    EXPECT_FALSE(env.files.contains("/tmp/r"));
}

TEST_F(ArtifactsTest, ThatDoNotExistAreNotFound) {
    EXPECT_EQ(env.run({"jobs", "artifact", "j", "none", "--out", "/tmp/r"}), 66);
    EXPECT_EQ(env.run({"jobs", "artifact", "j", "none"}), 64);
    EXPECT_EQ(env.run({"jobs", "artifact", "j", "out/reprot.txt", "--out", "/tmp/r"}), 66);
    EXPECT_NE(env.err.find("did you mean `out/report.txt`?"), std::string::npos) << env.err;
    EXPECT_EQ(env.run({"jobs", "artifacts", "j", "--item", "x"}), 64);
}

}  // namespace
}  // namespace attacca::cli
