// SPDX-License-Identifier: Apache-2.0
#include "cli/named_commands.h"

#include <gtest/gtest.h>

#include "cli/fake_environment.h"

namespace attacca::cli {
namespace {

class NamedTest : public testing::Test {
  protected:
    NamedTest() {
        env.variables["ATTACCA_SERVER"] = "http://127.0.0.1:1";
        env.server = [this](const HttpRequest&) {
            HttpResponse response;
            response.status = status;
            response.body = body;
            return response;
        };
    }
    [[nodiscard]] const HttpRequest& sent() const { return env.requests.back(); }

    FakeEnvironment env;
    int status = 200;
    std::string body = "{}";
};

TEST_F(NamedTest, AScheduleIsSetFromFlags) {
    body = R"({"name":"n","cron":"@daily","timezone":"UTC","workflow":"w","started":1})";
    EXPECT_EQ(env.run({"schedules", "set", "n", "--cron", "@daily", "--workflow", "w", "-p",
                       "a=1", "-p", "b=x y", "--catch-up", "all", "--window", "2d"}),
              0);
    EXPECT_EQ(sent().method, "PUT");
    EXPECT_EQ(sent().target, "/api/v1/schedules/n");
    EXPECT_EQ(sent().body,
              R"({"cron":"@daily","workflow":"w","catch_up":{"policy":"all","window":"2d"},)"
              R"("params":{"a":1,"b":"x y"}})");
    EXPECT_NE(env.out.find("@daily UTC"), std::string::npos);
    EXPECT_EQ(env.run({"schedules", "set", "n", "--cron", "@daily", "--window", "2d"}), 64);
    EXPECT_EQ(env.run({"schedules", "set", "n", "--cron", "@daily", "-p", "x"}), 64);
}

TEST_F(NamedTest, TheNextTimesStandInBothZones) {
    body = R"({"timezone":"Europe/Berlin","items":[{"at":"A","local":"B"}]})";
    EXPECT_EQ(env.run({"schedules", "next", "n", "--count", "1"}), 0);
    EXPECT_EQ(sent().target, "/api/v1/schedules/n/next?count=1");
    EXPECT_EQ(env.out, "UTC  Europe/Berlin\nA    B\n");
}

TEST_F(NamedTest, WhatWasDeletedLeavesNothingToRead) {
    env.server = [](const HttpRequest&) { return Result<HttpResponse>(HttpResponse{204, {}, {}}); };
    EXPECT_EQ(env.run({"schedules", "delete", "n"}), 0) << env.err;
    EXPECT_EQ(env.err, "");
}

TEST_F(NamedTest, EachVerbAsksItsOwnRoute) {
    const std::pair<std::vector<std::string>, std::string> rows[] = {
        {{"schedules", "pause", "n"}, "POST /api/v1/schedules/n/pause"},
        {{"schedules", "resume", "n"}, "POST /api/v1/schedules/n/resume"},
        {{"schedules", "trigger", "n"}, "POST /api/v1/schedules/n/trigger"},
        {{"schedules", "delete", "n"}, "DELETE /api/v1/schedules/n"},
        {{"schedules", "get", "n"}, "GET /api/v1/schedules/n"},
        {{"schedules", "list"}, "GET /api/v1/schedules?limit=50&after="},
        {{"workflows", "list", "--after", "a"}, "GET /api/v1/workflows?limit=50&after=a"},
        {{"workflows", "get", "n", "--version", "2"}, "GET /api/v1/workflows/n?version=2"},
        {{"workflows", "diff", "n", "--from", "1"}, "GET /api/v1/workflows/n/diff?from=1"},
        {{"workflows", "versions", "n"}, "GET /api/v1/workflows/n/versions"},
        {{"workflows", "disable", "n"}, "POST /api/v1/workflows/n/disable"},
        {{"workflows", "enable", "n"}, "POST /api/v1/workflows/n/enable"},
        {{"workflows", "start", "n"}, "POST /api/v1/workflows/n/start"},
    };
    for (const auto& [words, line] : rows) {
        EXPECT_EQ(env.run(words), 0) << line << env.err;
        EXPECT_EQ(sent().method + " " + sent().target, line);
    }
}

TEST_F(NamedTest, BreakersAreListedAndSet) {
    body = R"({"items":[{"dependency":"http:h","state":"open","mode":"auto","since":"S",)"
           R"("probe_at":"P","errors":5,"openings":2}]})";
    EXPECT_EQ(env.run({"breakers", "list"}), 0);
    EXPECT_EQ(sent().target, "/api/v1/breakers?limit=50&after=");
    EXPECT_NE(env.out.find("http:h      open   auto  S      P      2"), std::string::npos)
        << env.out;
    body = R"({"dependency":"http:h","state":"open","mode":"open"})";
    const std::pair<std::string, std::string> rows[] = {
        {"open", R"({"state":"open","reason":"r"})"},
        {"close", R"({"state":"closed","reason":"r"})"},
        {"auto", R"({"state":"auto","reason":"r"})"}};
    for (const auto& [verb, request] : rows) {
        EXPECT_EQ(env.run({"breakers", verb, "http:h", "--reason", "r"}), 0);
        EXPECT_EQ(sent().method + " " + sent().target, "PUT /api/v1/breakers/http%3ah");
        EXPECT_EQ(sent().body, request);
    }
}

TEST_F(NamedTest, ABackfillNeedsBothEnds) {
    body = R"({"to_start":2,"started_before":1,"occurrences":["A","B"]})";
    EXPECT_EQ(env.run({"schedules", "backfill", "n", "--from", "F"}), 64);
    EXPECT_EQ(env.run({"schedules", "backfill", "n", "--from", "F", "--to", "T", "--dry-run"}), 0);
    EXPECT_EQ(sent().body, R"({"from":"F","to":"T","dry_run":true})");
    EXPECT_EQ(env.out, "A\nB\n");
    EXPECT_EQ(env.err, "2 jobs would start; 1 occurrences had theirs\n");
}

TEST_F(NamedTest, AFileIsAppliedUnderItsOwnName) {
    env.files["w.yaml"] = R"({"attacca":"v1","name":"w","nodes":{"a":{"noop":true}}})";
    body = R"({"name":"w","version":3,"enabled":true})";
    EXPECT_EQ(env.run({"workflows", "apply", "w.yaml"}), 0) << env.err;
    EXPECT_EQ(sent().target, "/api/v1/workflows/w");
    EXPECT_EQ(sent().body, env.files["w.yaml"]);
    EXPECT_NE(env.out.find("w     3"), std::string::npos) << env.out;
    env.files["bad.yaml"] = R"({"attacca":"v1","name":"w","nodes":{}})";
    const std::size_t before = env.requests.size();
    EXPECT_EQ(env.run({"workflows", "apply", "bad.yaml"}), 65);
    EXPECT_EQ(env.requests.size(), before);
}

TEST_F(NamedTest, AStartSendsParametersAndKey) {
    body = R"({"id":"ID"})";
    EXPECT_EQ(env.run({"workflows", "start", "w", "-p", "t=[1]", "--version", "2",
                       "--idempotency-key", "k"}),
              0);
    EXPECT_EQ(sent().body, R"({"params":{"t":[1]},"version":2})");
    EXPECT_EQ(env.out, "ID\n");
}

TEST_F(NamedTest, RunTakesTheNameOfAWorkflowWhereThereIsNoSuchFile) {
    body = R"({"id":"ID","dag_definition":{"params":{"n":{"type":"integer"}}},"nodes":[]})";
    EXPECT_EQ(env.run({"run", "w", "-p", "n=5", "--detach"}), 0) << env.err;
    EXPECT_EQ(sent().target, "/api/v1/workflows/w/start");
    EXPECT_EQ(sent().body, R"({"params":{"n":5}})");
    EXPECT_EQ(env.out, "ID\n");
    EXPECT_EQ(env.run({"run", "w", "-p", "n=x", "--detach"}), 64);
    const std::size_t before = env.requests.size();
    EXPECT_EQ(env.run({"run", "w.yaml", "--detach"}), 66);
    EXPECT_EQ(env.requests.size(), before);
}

TEST_F(NamedTest, AServersNoIsTheExitStatus) {
    status = 404;
    body = R"({"code":"not-found","title":"x","detail":"no"})";
    EXPECT_EQ(env.run({"schedules", "get", "n"}), 66);
    EXPECT_EQ(env.run({"workflows", "start", "n"}), 66);
    status = 409;
    body = R"({"code":"changed-meanwhile","title":"x","detail":"no"})";
    EXPECT_EQ(env.run({"schedules", "backfill", "n", "--from", "a", "--to", "b"}), 73);
}

}  // namespace
}  // namespace attacca::cli
