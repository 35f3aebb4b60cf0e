// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "core/graph/sample_definition.h"

namespace attacca::core {
namespace {

NodeDef kind_of(std::string_view members) {
    return definition_of(node_with(members)).value().nodes[0];
}

TEST(Kinds, AKindIsNamedByItsKeyOrByType) {
    EXPECT_EQ(kind_of(R"("type":"noop")").kind, NodeKind::noop);
    EXPECT_EQ(kind_of(R"("noop":true)").kind, NodeKind::noop);
    EXPECT_EQ(kind_of(R"("type":"run","run":"x")").kind, NodeKind::run);
    EXPECT_EQ(kind_of(R"("type":"process","run":"x")").kind, NodeKind::run);
    EXPECT_EQ(kind_of(R"("run":"x")").kind, NodeKind::run);
    EXPECT_EQ(kind_of(R"("wait":{"for":"1s"})").kind, NodeKind::wait);
}

TEST(Kinds, ATypeMustAgreeWithTheKey) {
    EXPECT_EQ(fault_in(node_with(R"("type":"noop","run":"x")")), "invalid-value /nodes/0/type");
    EXPECT_EQ(fault_in(node_with(R"("type":"run")")), "missing-field /nodes/0");
    EXPECT_EQ(fault_in(node_with(R"("type":"wait")")), "missing-field /nodes/0");
    EXPECT_EQ(fault_in(node_with(R"("description":"x")")), "missing-field /nodes/0");
    EXPECT_EQ(fault_in(node_with(R"("run":"x","wait":{"for":"1s"})")),
              "invalid-value /nodes/0/wait");
    EXPECT_EQ(fault_in(node_with(R"("noop":false)")), "invalid-value /nodes/0/noop");
    EXPECT_EQ(fault_in(node_with(R"("noop":1)")), "wrong-type /nodes/0/noop");
}

TEST(Kinds, OtherTypesAreNotServedOrUnknown) {
    EXPECT_EQ(fault_in(node_with(R"("type":"amqp")")), "not-supported /nodes/0/type");
    for (const char* type : {"test_case", "test_suite", "condition", "parallel_group", "sub_job",
                             "sub-job", "http", "notification"}) {
        EXPECT_EQ(fault_in(node_with("\"type\":\"" + std::string(type) + "\"")),
                  "missing-field /nodes/0");
    }
    EXPECT_EQ(fault_in(node_with(R"("type":"nop")")), "invalid-value /nodes/0/type");
    EXPECT_EQ(detail_in(node_with(R"("type":"nop")")),
              "`nop` is no type of node; did you mean `noop`?");
    EXPECT_EQ(fault_in(node_with(R"("type":3)")), "wrong-type /nodes/0/type");
}

TEST(Kinds, SomeTypesSayWhereANodeStandsOrHowOftenItRuns) {
    EXPECT_EQ(fault_in(R"({"nodes":[{"id":"a","noop":true}],
                           "finally":[{"id":"f","type":"cleanup","run":["x"]}]})"),
              "");
    EXPECT_EQ(fault_in(node_with(R"("type":"cleanup","run":["x"])")),
              "invalid-value /nodes/0/type");
    EXPECT_EQ(fault_in(node_with(R"("type":"map","run":["x"],"map":{"over":[1]})")), "");
    EXPECT_EQ(fault_in(node_with(R"("type":"map","run":["x"])")), "missing-field /nodes/0");
}

TEST(Kinds, AListIsACommandWithArguments) {
    const NodeDef node = kind_of(R"("run":["/bin/echo","${{ params.x }}",3,-1.5],"dir":"sub")");
    EXPECT_FALSE(node.run.is_shell);
    ASSERT_EQ(node.run.argv.size(), 4U);
    EXPECT_EQ(node.run.argv[0].text(), "/bin/echo");
    EXPECT_FALSE(node.run.argv[1].is_literal());
    EXPECT_EQ(node.run.argv[2].text(), "3");
    EXPECT_EQ(node.run.argv[3].text(), "-1.5");
    EXPECT_EQ(node.run.dir, "sub");
}

TEST(Kinds, AStringIsAShellScript) {
    const NodeDef node = kind_of(R"("run":"echo $HOME {{ x }}\n","shell":"sh -eu")");
    EXPECT_TRUE(node.run.is_shell);
    EXPECT_EQ(node.run.script, "echo $HOME {{ x }}\n");
    EXPECT_EQ(fault_in(node_with(R"("run":"x","shell":"bash")")), "not-supported /nodes/0/shell");
}

TEST(Kinds, AnExpressionInAShellScriptIsAnsweredWithTheFix) {
    const std::string json = node_with(R"("run":"echo ${{ params.x }} y")");
    EXPECT_EQ(fault_in(json), "expression-invalid /nodes/0/run");
    EXPECT_NE(detail_in(json).find("`${{ params.x }}`"), std::string::npos);
    EXPECT_NE(detail_in(json).find("env: {VALUE:"), std::string::npos);
    EXPECT_EQ(fault_in(node_with(R"("run":"x","dir":"${{ params.x }}")")),
              "expression-invalid /nodes/0/dir");
}

TEST(Kinds, OddCommandsAreRefused) {
    EXPECT_EQ(fault_in(node_with(R"("run":[])")), "invalid-value /nodes/0/run");
    EXPECT_EQ(fault_in(node_with(R"("run":[""])")), "invalid-value /nodes/0/run/0");
    EXPECT_EQ(fault_in(node_with(R"("run":["x",true])")), "wrong-type /nodes/0/run/1");
    EXPECT_EQ(fault_in(node_with(R"("run":["x",["y"]])")), "wrong-type /nodes/0/run/1");
    EXPECT_EQ(fault_in(node_with(R"("run":["x","a\u0000b"])")), "invalid-value /nodes/0/run/1");
    EXPECT_EQ(fault_in(node_with(R"("run":"a\u0000b")")), "invalid-value /nodes/0/run");
    EXPECT_EQ(fault_in(node_with(R"("run":3)")), "wrong-type /nodes/0/run");
    EXPECT_EQ(fault_in(node_with(R"("run":["x"],"artifacts":["/etc/passwd"])")),
              "artifact-name /nodes/0/artifacts/0");
}

TEST(Kinds, AWaitIsForALengthOrUntilATime) {
    EXPECT_EQ(kind_of(R"("wait":{"for":"90s"})").wait.length, seconds(90));
    EXPECT_TRUE(kind_of(R"("wait":{"until":"2030-01-01T00:00:00Z"})").wait.until);
    EXPECT_TRUE(kind_of(R"("wait":{"until":"${{ params.t }}"})").wait.until);
    EXPECT_EQ(fault_in(node_with(R"("wait":{})")), "invalid-value /nodes/0/wait");
    EXPECT_EQ(fault_in(node_with(R"("wait":"30s")")), "wrong-type /nodes/0/wait");
    EXPECT_EQ(fault_in(node_with(R"("wait":{"for":30})")), "out-of-range /nodes/0/wait/for");
    EXPECT_EQ(fault_in(node_with(R"("wait":{"until":"tomorrow"})")),
              "invalid-value /nodes/0/wait/until");
    EXPECT_EQ(fault_in(node_with(R"("wait":{"after":3})")), "unknown-field /nodes/0/wait/after");
}

TEST(Kinds, WhatWouldHaveNoEffectIsRefused) {
    for (const char* key : {"env", "outputs", "artifacts", "dir", "shell", "heartbeat"}) {
        EXPECT_EQ(fault_in(node_with("\"noop\":true,\"" + std::string(key) + "\":{}")),
                  "invalid-value /nodes/0/" + std::string(key));
    }
    EXPECT_EQ(fault_in(node_with(R"("run":"x","heartbeat":"10s")")), "");
}

}  // namespace
}  // namespace attacca::core
