// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "cli/fake_environment.h"

namespace attacca::cli {
namespace {

class JobsTest : public testing::Test {
  protected:
    JobsTest() {
        env.files["/home/ada/.local/state/attacca/server.json"] =
            R"({"url":"http://127.0.0.1:7480"})";
        env.server = [this](const HttpRequest& request) -> Result<HttpResponse> {
            const auto found = answers.find(request.method + " " + request.target);
            if (found == answers.end()) {
                return HttpResponse{
                    404, {}, R"({"type":"urn:attacca:problem:not-found","detail":"no such job"})"};
            }
            return HttpResponse{200, {}, found->second};
        };
        answers["GET /api/v1/version"] = R"({"version":"1"})";
    }

    FakeEnvironment env;
    std::map<std::string, std::string> answers;
    const std::string jobs = "/api/v1/orchestration/jobs";
};

TEST_F(JobsTest, AListSendsItsFiltersAndShowsWhereToGoOn) {
    answers["GET " + jobs +
            "?limit=2&status=failed&status=cancelled&tag=a%20b&"
            "created_after=2026-03-01T11%3a00%3a00.000Z"] =
        R"({"items":[{"id":"j1","name":"n","status":"failed"}],"total":7,"next_cursor":"c 1"})";
    EXPECT_EQ(env.run({"jobs", "list", "--limit", "2", "--status", "failed", "--status",
                       "cancelled", "--tag", "a b", "--since", "1h"}),
              0);
    EXPECT_NE(env.out.find("j1  ✗ failed  n"), std::string::npos);
    EXPECT_EQ(env.err, "1 of 7; go on with --cursor 'c 1'\n");
}

TEST_F(JobsTest, AnEmptyListSaysWhatWouldFillIt) {
    answers["GET " + jobs + "?limit=50"] = R"({"items":[],"total":0})";
    EXPECT_EQ(env.run({"jobs", "list"}), 0);
    EXPECT_EQ(env.out, "");
    EXPECT_NE(env.err.find("attacca run FILE"), std::string::npos);
    EXPECT_EQ(env.run({"jobs", "list", "-o", "json"}), 0);
    EXPECT_EQ(*parse_json(env.out), *parse_json(R"({"items":[],"total":0})"));
}

TEST_F(JobsTest, JsonLinesHoldOneWholeJobEach) {
    answers["GET " + jobs + "?limit=50"] =
        R"({"items":[{"id":"a","extra":1},{"id":"b"}],"total":2})";
    EXPECT_EQ(env.run({"jobs", "list", "-o", "jsonl"}), 0);
    EXPECT_EQ(env.out, "{\"id\":\"a\",\"extra\":1}\n{\"id\":\"b\"}\n");
}

TEST_F(JobsTest, AJobThatIsMissingEndsWith66) {
    EXPECT_EQ(env.run({"jobs", "get", "nope"}), 66);
    EXPECT_TRUE(env.err.starts_with("error[E_NOT_FOUND] no such job\n"));
    EXPECT_EQ(env.run({"jobs", "watch", "nope"}), 66);
    EXPECT_EQ(env.run({"jobs", "cancel", "nope"}), 66);
}

TEST_F(JobsTest, GetShowsAPageOrTheEvents) {
    answers["GET " + jobs + "/j"] = R"({"id":"j","name":"n","status":"running"})";
    answers["GET " + jobs + "/j/events"] = R"({"items":[{"id":1}]})";
    EXPECT_EQ(env.run({"jobs", "get", "j"}), 0);
    EXPECT_TRUE(env.out.starts_with("◐ running  n  j\n"));
    EXPECT_EQ(env.run({"jobs", "get", "j", "--events", "-o", "jsonl"}), 0);
    EXPECT_EQ(env.out, "{\"id\":1}\n");
}

TEST_F(JobsTest, GetSaysWhyNodesFailed) {
    answers["GET " + jobs + "/j"] =
        R"({"id":"j","name":"n","status":"failed","counts":{"total":2,"failed":1}})";
    answers["GET " + jobs + "/j/nodes?limit=1000&offset=0"] =
        R"({"items":[{"id":"m","item":4,"key":"ada"}]})";
    answers["GET " + jobs + "/j/events"] =
        R"({"items":[{"id":9,"type":"attempt_ended","time":"2026-03-01T12:00:00Z","actor":"a",)"
        R"("job":"j","data":{"node":"m","item":4,"attempt":2,"outcome":"failed","exit":3}}]})";
    EXPECT_EQ(env.run({"jobs", "get", "j"}), 0);
    EXPECT_NE(env.out.find("\n✗ m[ada]  "), std::string::npos) << env.out << env.err;
}

TEST_F(JobsTest, ChangesGoOnAfterOneThatIsRefused) {
    answers["POST " + jobs + "/b/cancel"] = R"({"id":"b","status":"running"})";
    EXPECT_EQ(env.run({"jobs", "cancel", "a", "b"}), 66);
    EXPECT_EQ(env.out, "b  running\n");
    EXPECT_NE(env.err.find("a: no such job"), std::string::npos);
}

TEST_F(JobsTest, ARetryPrintsTheNewJob) {
    answers["POST " + jobs + "/a/retry"] = R"({"id":"new","status":"queued"})";
    EXPECT_EQ(env.run({"jobs", "retry", "a"}), 0);
    EXPECT_EQ(env.out, "new\n");
    EXPECT_EQ(env.err, "watch: attacca jobs watch new\n");
    answers["POST " + jobs + "/a/pause"] = R"({"id":"a","status":"paused"})";
    EXPECT_EQ(env.run({"jobs", "pause", "a"}), 0);
    EXPECT_EQ(env.out, "a  paused\n");
    answers["POST " + jobs + "/a/pause?now=true"] = R"({"id":"a","status":"paused"})";
    EXPECT_EQ(env.run({"jobs", "pause", "a", "--now"}), 0);
    EXPECT_EQ(env.out, "a  paused\n");
}

TEST_F(JobsTest, AServerThatIsGoneEndsWith69) {
    env.server = nullptr;
    EXPECT_EQ(env.run({"jobs", "list", "--server", "http://127.0.0.1:9"}), 69);
    EXPECT_EQ(env.run({"jobs", "list"}), 69);
    env.files.clear();
    EXPECT_EQ(env.run({"jobs", "list"}), 69);
    EXPECT_NE(env.err.find("no server holds"), std::string::npos);
}

TEST_F(JobsTest, WatchFollowsToTheEndAndAnswersWithItsStatus) {
    answers["GET " + jobs + "/j"] = R"({"id":"j","name":"n","status":"running","nodes":[]})";
    answers["GET " + jobs + "/j/events"] =
        R"({"items":[{"id":1,"type":"job_created","time":"2026-03-01T12:00:00Z","actor":"a",)"
        R"("job":"j","data":{"name":"n"}},{"id":2,"type":"job_ended",)"
        R"("time":"2026-03-01T12:00:01Z","actor":"a","job":"j",)"
        R"("data":{"state":"failed","reason":"timeout"}}]})";
    EXPECT_EQ(env.run({"jobs", "watch", "j"}), 5);
    EXPECT_NE(env.err.find("✗ n ran into its time-out in 1.0s"), std::string::npos);
}

}  // namespace
}  // namespace attacca::cli
