// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "cli/fake_environment.h"

namespace attacca::cli {
namespace {

class LogsTest : public testing::Test {
  protected:
    LogsTest() {
        env.files["/home/ada/.local/state/attacca/server.json"] =
            R"({"url":"http://127.0.0.1:7480"})";
        env.server = [this](const HttpRequest& request) -> Result<HttpResponse> {
            const auto found = answers.find(request.target);
            return found == answers.end() ? HttpResponse{404, {}, "{}"}
                                          : HttpResponse{200, {}, found->second};
        };
        answers["/api/v1/version"] = "{}";
        answers[job + "/nodes?limit=1000&offset=0"] =
            R"({"items":[{"id":"build"},{"id":"checks"},{"id":"checks","item":0,"key":"7"},)"
            R"({"id":"checks","item":7,"key":"10.0.0.7"}],"total":4})";
        answers[job + "/nodes/build/logs?stream=stdout"] = "one\ntwo\nthree\n";
        answers[job + "/nodes/build/logs?stream=stderr"] = "warning\n";
        answers[job + "/nodes/checks/logs?stream=stdout&item=0"] = "zero\n";
        answers[job + "/nodes/checks/logs?stream=stdout&item=7"] = "seven\x1b[2J\n";
    }

    FakeEnvironment env;
    std::map<std::string, std::string> answers;
    const std::string job = "/api/v1/orchestration/jobs/j";
};

TEST_F(LogsTest, OneNodesLogIsWrittenAsItIs) {
    EXPECT_EQ(env.run({"jobs", "logs", "j", "--node", "build"}), 0);
    EXPECT_EQ(env.out, "one\ntwo\nthree\nwarning\n");
    EXPECT_EQ(env.run({"jobs", "logs", "j", "--node", "build", "--stream", "stdout", "--tail",
                       "2"}),
              0);
    EXPECT_EQ(env.out, "two\nthree\n");
}

TEST_F(LogsTest, AnItemIsNamedByItsKeyAndElseByItsNumber) {
    EXPECT_EQ(
        env.run({"jobs", "logs", "j", "--node", "checks[10.0.0.7]", "--stream", "stdout"}), 0);
    EXPECT_EQ(env.out, "seven\x1b[2J\n");
    EXPECT_EQ(env.run({"jobs", "logs", "j", "--node", "checks[7]", "--stream", "stdout"}), 0);
    EXPECT_EQ(env.out, "zero\n");  // the key is asked first
    EXPECT_EQ(env.run({"jobs", "logs", "j", "--node", "checks[0]", "--stream", "stdout"}), 0);
    EXPECT_EQ(env.out, "zero\n");
}

TEST_F(LogsTest, ATerminalGetsNothingThatItWouldObey) {
    env.terminal_facts.is_out_tty = true;
    EXPECT_EQ(
        env.run({"jobs", "logs", "j", "--node", "checks[10.0.0.7]", "--stream", "stdout"}), 0);
    EXPECT_EQ(env.out, "seven\uFFFD[2J\n");
}

TEST_F(LogsTest, WithoutANodeEachLineHasItsNodesName) {
    EXPECT_EQ(env.run({"jobs", "logs", "j", "--stream", "stdout"}), 0);
    EXPECT_EQ(env.out,
              "build            │ one\nbuild            │ two\nbuild            │ three\n"
              "checks[7]        │ zero\nchecks[10.0.0.7] │ seven\x1b[2J\n");
}

TEST_F(LogsTest, AnUnknownNodeEndsWith66AndSaysWhatWasMeant) {
    EXPECT_EQ(env.run({"jobs", "logs", "j", "--node", "biuld"}), 66);
    EXPECT_NE(env.err.find("the job has no node \"biuld\"; did you mean \"build\"?"),
              std::string::npos);
    EXPECT_EQ(env.run({"jobs", "logs", "j", "--node", "checks[99]"}), 66);
    EXPECT_NE(env.err.find("the job has no item \"checks[99]\""), std::string::npos);
}

TEST_F(LogsTest, ForProgramsEveryLineIsAnObject) {
    answers[job + "/nodes/build/logs?stream=stderr"] = "bad \xff byte";
    EXPECT_EQ(env.run({"jobs", "logs", "j", "--tail", "1", "-o", "jsonl"}), 0);
    EXPECT_EQ(env.out,
              "{\"node\":\"build\",\"stream\":\"stdout\",\"line\":\"three\"}\n"
              "{\"node\":\"build\",\"stream\":\"stderr\",\"line\":\"bad \uFFFD byte\"}\n"
              "{\"node\":\"checks\",\"item\":0,\"key\":\"7\",\"stream\":\"stdout\","
              "\"line\":\"zero\"}\n"
              "{\"node\":\"checks\",\"item\":7,\"key\":\"10.0.0.7\",\"stream\":\"stdout\","
              "\"line\":\"seven\\u001b[2J\"}\n");
    EXPECT_EQ(env.run({"jobs", "logs", "j", "--node", "build", "-o", "json"}), 0);
    const Result<Json> answer = parse_json(env.out);
    ASSERT_TRUE(answer) << env.out;
    EXPECT_EQ(answer->find("items")->as_array().size(), 4U);
    EXPECT_EQ(env.run({"jobs", "logs", "j", "--node", "checks", "-o", "json"}), 66);
    EXPECT_EQ(env.out, "");
}

TEST_F(LogsTest, WithoutALineTheObjectIsStillWhole) {
    answers[job + "/nodes/build/logs?stream=stdout"] = "";
    EXPECT_EQ(env.run({"jobs", "logs", "j", "--node", "build", "--stream", "stdout", "-o",
                       "json"}),
              0);
    EXPECT_EQ(env.out, "{\"items\": []}\n");
}

TEST_F(LogsTest, FollowingStreamsOneNode) {
    env.stream = [](const HttpRequest& request,
                    const std::function<bool(std::string_view)>& take) {
        EXPECT_TRUE(request.target.ends_with("logs?stream=stdout&follow=true"));
        EXPECT_TRUE(take("a"));
        EXPECT_TRUE(take("b\n"));
        return Result<HttpResponse>{HttpResponse{200, {}, ""}};
    };
    EXPECT_EQ(env.run({"jobs", "logs", "j", "--node", "build", "-f", "--stream", "stdout"}), 0);
    EXPECT_EQ(env.out, "ab\n");
    EXPECT_EQ(env.run({"jobs", "logs", "j", "-f"}), 64);
}

TEST_F(LogsTest, FollowingBothStreamsTakesTurns) {
    answers[job + "/nodes?limit=1000&offset=0"] = R"({"items":[{"id":"build","attempts":3}]})";
    const std::string logs = job + "/nodes/build/logs?stream=";
    std::vector<std::string> asked;
    env.stream = [&](const HttpRequest& request,
                     const std::function<bool(std::string_view)>& take) {
        asked.push_back(request.target);
        const bool is_out = request.target.find("stdout") != std::string::npos;
        if (asked.size() <= 2) {
            EXPECT_TRUE(take(is_out ? "one\nand a" : "warn\n"));
            env.sleep(seconds(1));
            EXPECT_FALSE(take("")) << "it is the other's turn";
        } else if (is_out) {
            EXPECT_TRUE(take(" half"));
        } else {
            EXPECT_TRUE(take("")) << "nobody else waits";
            env.is_nobody_reading = true;
            EXPECT_FALSE(take(""));
        }
        return Result<HttpResponse>{HttpResponse{200, {}, ""}};
    };
    EXPECT_EQ(env.run({"jobs", "logs", "j", "--node", "build", "-f"}), 0);
    EXPECT_EQ(env.out, "one\nwarn\nand a half") << "lines stay whole";
    // All of one attempt, whatever began meanwhile.
    EXPECT_EQ(asked, (std::vector{logs + "stdout&attempt=3&follow=true",
                                  logs + "stderr&attempt=3&follow=true",
                                  logs + "stdout&attempt=3&follow=true&from=9",
                                  logs + "stderr&attempt=3&follow=true&from=5"}));
}

TEST_F(LogsTest, AnAnswerThatTakesItsTimeGetsIt) {
    int turns = 0;
    env.stream = [&](const HttpRequest& request,
                     const std::function<bool(std::string_view)>& take) {
        ++turns;
        if (request.target.find("&from=") != std::string::npos) {  // that was all
            return Result<HttpResponse>{HttpResponse{200, {}, ""}};
        }
        for (int i = 0; i < 10; ++i) {  // a second, before the first byte
            env.sleep(milliseconds(100));
            if (!take("")) {
                return Result<HttpResponse>{HttpResponse{200, {}, ""}};
            }
        }
        (void)take(request.target.find("stdout") != std::string::npos ? "out\n" : "err\n");
        return Result<HttpResponse>{HttpResponse{200, {}, ""}};
    };
    EXPECT_EQ(env.run({"jobs", "logs", "j", "--node", "build", "-f"}), 0);
    EXPECT_EQ(env.out, "out\nerr\n");
    EXPECT_LT(turns, 12);
}

TEST_F(LogsTest, AMapIsToldFromItsItems) {
    EXPECT_EQ(env.run({"jobs", "logs", "j", "--node", "checks"}), 66);
    EXPECT_NE(env.err.find("is a map, and its items have the logs: --node 'checks[7]'"),
              std::string::npos)
        << env.err;
}

}  // namespace
}  // namespace attacca::cli
