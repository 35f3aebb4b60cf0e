// SPDX-License-Identifier: Apache-2.0
#include "cli/problem_json.h"

#include <gtest/gtest.h>

#include "cli/fake_environment.h"

namespace attacca::cli {
namespace {

// Standard error holds this one line and nothing else.
Json told(const FakeEnvironment& env) {
    EXPECT_TRUE(env.out.empty()) << env.out;
    EXPECT_EQ(std::count(env.err.begin(), env.err.end(), '\n'), 1) << env.err;
    const Result<Json> problem = parse_json(env.err);
    EXPECT_TRUE(problem) << env.err;
    return problem ? *problem : Json::object();
}

TEST(ProblemJson, HasTheFormOfTheApisErrors) {
    const Json problem = problem_json(
        {Problem::invalid_value, "no", {{"/name", "wrong-type", "a text is needed"}}});
    EXPECT_EQ(problem.text(),
              R"({"type":"urn:attacca:problem:invalid-value",)"
              R"("title":"A value is not allowed here","status":422,"detail":"no",)"
              R"("code":"E_INVALID_VALUE","errors":[{"code":"E_WRONG_TYPE","pointer":"/name",)"
              R"("detail":"a text is needed"}],"exit_status":65})");
}

TEST(ProblemJson, WhatNoServerSaidHasNoStatus) {
    EXPECT_EQ(problem_json(fail(Problem::usage, "x")).find("status"), nullptr);
    EXPECT_EQ(problem_json(fail(Problem::unreachable, "x")).find("status"), nullptr);
    EXPECT_EQ(problem_json(fail(Problem::not_found, "x")).find("status")->as_integer(), 404);
}

TEST(ProblemJson, IsOneLineOfStandardErrorForEveryKindOfRefusal) {
    FakeEnvironment env;
    env.files["bad.yaml"] = R"({"attacca":"v1","name":"bad","nods":{"a":{"noop":true}}})";
    const std::vector<std::pair<std::vector<std::string>, std::string>> cases = {
        {{"jobs", "get", "j", "-o", "json"}, "E_UNREACHABLE"},
        {{"jobs", "get", "j", "-o", "jsonl"}, "E_UNREACHABLE"},
        {{"rum", "-o", "json"}, "E_USAGE"},
        {{"--output=json", "jobs", "get"}, "E_USAGE"},
        {{"jobs", "list", "-ojson", "--sttus", "x"}, "E_USAGE"},
        {{"run", "gone.yaml", "-o", "json"}, "E_NOT_FOUND"},
        {{"graph", "gone.yaml", "-o", "json"}, "E_NOT_FOUND"},
        {{"doctor", "--config", "gone.yaml", "-o", "json"}, "E_BAD_CONFIGURATION"},
    };
    for (const auto& [words, code] : cases) {
        EXPECT_NE(env.run(words), 0);
        EXPECT_EQ(told(env).find("code")->as_string(), code) << env.err;
    }
    EXPECT_EQ(env.run({"run", "bad.yaml", "-o", "json"}), 65);
    const Json problem = told(env);
    EXPECT_EQ(problem.find("file")->as_string(), "bad.yaml");
    const Json& first = problem.find("errors")->as_array().at(0);
    EXPECT_EQ(first.find("pointer")->as_string(), "/nods");
    EXPECT_EQ(first.find("line")->as_integer(), 1);
    env.variables["ATTACCA_OUTPUT"] = "json";
    EXPECT_EQ(env.run({"rum"}), 64);
    EXPECT_EQ(told(env).find("exit_status")->as_integer(), 64);
    EXPECT_EQ(env.run({"rum", "-o", "human"}), 64);
    EXPECT_TRUE(env.err.starts_with("error[E_USAGE]"));
}

}  // namespace
}  // namespace attacca::cli
