// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "cli/fake_environment.h"
#include "cli/golden.h"

namespace attacca::cli {
namespace {

constexpr const char* good =
    R"({"attacca":"v1","name":"good",)"
    R"("nodes":{"a":{"noop":true},"b":{"needs":["a"],"run":["true"]}}})";

TEST(Validate, AGoodFileIsNamedAndCounted) {
    FakeEnvironment env;
    env.files["good.yaml"] = good;
    EXPECT_EQ(env.run({"validate", "good.yaml"}), 0);
    EXPECT_EQ(env.out, "✓ good.yaml  good, 2 nodes, 1 edge\n");
    EXPECT_EQ(env.run({"validate", "good.yaml", "-o", "json"}), 0);
    EXPECT_TRUE(parse_json(env.out)->find("valid")->as_bool());
}

TEST(Validate, QuietlyOnlyMistakesAreTold) {
    FakeEnvironment env;
    env.files["good.yaml"] = good;
    env.files["bad.yaml"] = R"({"attacca":"v1"})";
    EXPECT_EQ(env.run({"validate", "-q", "good.yaml"}), 0);
    EXPECT_EQ(env.out + env.err, "");
    EXPECT_EQ(env.run({"validate", "-q", "good.yaml", "bad.yaml"}), 65);
    EXPECT_EQ(env.out, "");
    EXPECT_NE(env.err.find("bad.yaml"), std::string::npos);
}

TEST(Validate, AnEmptyFileIsCalledEmpty) {
    FakeEnvironment env;
    env.files["empty.yaml"] = "null";  // what YAML makes of nothing
    EXPECT_EQ(env.run({"validate", "empty.yaml"}), 65);
    EXPECT_NE(env.err.find("the file is empty; attacca init writes one to start from"),
              std::string::npos)
        << env.err;
}

TEST(Validate, EachBadFileIsToldAndTheRestStillChecked) {
    FakeEnvironment env;
    env.files["good.yaml"] = good;
    env.files["bad.yaml"] = R"({"attacca":"v1","name":"bad","nods":{"a":{"noop":true}}})";
    env.files["syntax.yaml"] = "{";
    EXPECT_EQ(env.run({"validate", "bad.yaml", "good.yaml"}), 65);
    EXPECT_NE(env.err.find("error[E_UNKNOWN_FIELD] bad.yaml:1:30\n"), std::string::npos)
        << env.err;
    EXPECT_NE(env.err.find("= did you mean `nodes`?\n"), std::string::npos) << env.err;
    EXPECT_NE(env.out.find("✓ good.yaml"), std::string::npos);
    EXPECT_EQ(env.run({"validate", "syntax.yaml", "gone.yaml"}), 65);
    EXPECT_EQ(env.run({"validate", "gone.yaml"}), 66);
}

TEST(Validate, AllMistakesOfAFileAreShownAtTheirPlaces) {
    FakeEnvironment env;
    env.files["bad.yaml"] = R"({"attacca":"v1","name":"bad",)"
                            R"("nodes":{"a":{"noop":true,"needs":["b"]},"c":{"rnu":"true"}}})";
    EXPECT_EQ(env.run({"validate", "bad.yaml"}), 65);
    expect_golden("validate_several.txt", env.err);
    EXPECT_EQ(env.run({"validate", "bad.yaml", "-o", "jsonl"}), 65);
    const Result<Json> answer = parse_json(env.out);
    ASSERT_TRUE(answer) << env.out;
    const Json::Array& errors = answer->find("errors")->as_array();
    ASSERT_EQ(errors.size(), 2U) << env.out;
    EXPECT_EQ(errors[1].find("code")->as_string(), "E_DAG_UNKNOWN_NODE");
    EXPECT_EQ(errors[1].find("pointer")->as_string(), "/nodes/a/needs/0");
    EXPECT_EQ(errors[1].find("line")->as_integer(), 1);
}

TEST(Validate, JsonHoldsPointersAndPlaces) {
    FakeEnvironment env;
    env.files["bad.yaml"] = R"({"attacca":"v1","name":"bad","nods":{}})";
    EXPECT_EQ(env.run({"validate", "bad.yaml", "-o", "jsonl"}), 65);
    const Result<Json> answer = parse_json(env.out);
    ASSERT_TRUE(answer);
    EXPECT_FALSE(answer->find("valid")->as_bool());
    const Json& error = answer->find("errors")->as_array().at(0);
    EXPECT_EQ(error.find("code")->as_string(), "E_UNKNOWN_FIELD");
    EXPECT_EQ(error.find("pointer")->as_string(), "/nods");
    EXPECT_EQ(error.find("line")->as_integer(), 1);
    EXPECT_EQ(env.err, "") << "the answer has it all";
}

TEST(GraphCommand, DrawsInEveryForm) {
    FakeEnvironment env;
    env.files["good.yaml"] = good;
    EXPECT_EQ(env.run({"graph", "good.yaml"}), 0);
    EXPECT_EQ(env.out, "┌───┐\n│ a │\n└─┬─┘\n  ▼\n┌───┐\n│ b │\n└───┘\n");
    EXPECT_EQ(env.run({"graph", "good.yaml", "-o", "mermaid"}), 0);
    EXPECT_TRUE(env.out.starts_with("flowchart TD\n"));
    EXPECT_EQ(env.run({"graph", "good.yaml", "-o", "svg"}), 0);
    EXPECT_TRUE(env.out.starts_with("<svg "));
    EXPECT_EQ(env.run({"graph", "good.yaml", "-o", "json"}), 0);
    EXPECT_EQ(parse_json(env.out)->find("nodes")->as_array().size(), 2U);
    EXPECT_EQ(env.run({"graph", "good.yaml", "-o", "jsonl"}), 0);
    EXPECT_EQ(env.out.find('\n'), env.out.size() - 1);
    EXPECT_EQ(parse_json(env.out)->find("nodes")->as_array().size(), 2U);
    env.variables["ATTACCA_OUTPUT"] = "json";
    EXPECT_EQ(env.run({"graph", "good.yaml"}), 0);
    EXPECT_TRUE(parse_json(env.out));
    env.variables.clear();
    EXPECT_EQ(env.run({"graph", "good.yaml", "--width", "5"}), 64);
    EXPECT_EQ(env.run({"graph", "gone.yaml"}), 66);
}

TEST(Init, WritesAFileAndTheSchemaBesideItAndReplacesNothing) {
    FakeEnvironment env;
    EXPECT_EQ(env.run({"init", "-"}), 0);
    EXPECT_NE(env.out.find("attacca: v1\n"), std::string::npos);
    EXPECT_FALSE(env.files.contains("-")) << "it is standard output";
    EXPECT_EQ(env.run({"init", "-", "-o", "json"}), 64);
    EXPECT_EQ(env.run({"init", "jobs/first.yaml"}), 0);
    EXPECT_EQ(env.out, "jobs/first.yaml\n");
    EXPECT_TRUE(env.files.at("jobs/first.yaml")
                    .starts_with("# yaml-language-server: $schema=./attacca-pipeline"));
    EXPECT_TRUE(parse_json(env.files.at("jobs/attacca-pipeline.schema.json")));
    env.files["jobs/first.yaml"] = "mine";
    EXPECT_EQ(env.run({"init", "jobs/first.yaml"}), 73);
    EXPECT_TRUE(env.err.starts_with("error[E_EXISTS] jobs/first.yaml")) << env.err;
    EXPECT_NE(env.err.find("--force"), std::string::npos) << env.err;
    EXPECT_EQ(env.files.at("jobs/first.yaml"), "mine");
    EXPECT_EQ(env.run({"init", "jobs/first.yaml", "--force"}), 0);
    EXPECT_NE(env.files.at("jobs/first.yaml"), "mine");
}

}  // namespace
}  // namespace attacca::cli
