// SPDX-License-Identifier: Apache-2.0
#include "core/graph/definition_body.h"

#include <gtest/gtest.h>

#include "core/graph/sample_definition.h"

namespace attacca::core {
namespace {

std::string body_in(std::string_view json) {
    const auto definition = definition_of(json);
    return definition ? definition->body : definition.error().detail;
}

TEST(Body, OneMeaningHasOneBody) {
    const std::string first = body_in(R"({
        "nodes":[{"id":"a","type":"noop"},
                 {"id":"b","run":["x",3],"timeout":"90s","if":"${{ params.x }}","needs":["a"],
                  "needs_when":"all_succeeded","env":{"B":1,"A":"2"},"x-note":"?",
                  "retry":{"delay":"60s","max_delay":"2m"},"outputs":{"o":{}}}],
        "limits":{"timeout":"60m"},"env":{"J":"1","K":"2"}})");
    const std::string second = body_in(R"({"defaults":{"env":{"K":2}},
        "env":{"K":"9","J":1},
        "edges":[{"to":"b","from":"a"},{"from":"a","to":"b"}],
        "nodes":{"a":{"noop":true},
                 "b":{"type":"process","env":{"A":2,"B":"1"},"if":" params.x ","timeout":"1m30s",
                      "outputs":{"o":{"as":"text","from":"stdout","max_bytes":1048576}},
                      "retry":{"max_delay":"120s","delay":"1m","multiplier":2.0,"jitter":true,
                               "strategy":"exponential","max_attempts":3},"run":["x","3"]}}})");
    EXPECT_EQ(first, second);
}

// What was accepted once is read as long as there are records of it.
TEST(Body, WithAScriptThatWouldBeRefusedNowIsStillRead) {
    std::string body = body_in(R"({"nodes":[{"id":"a","run":"echo"}]})");
    const std::size_t at = body.find("\"echo\"");
    ASSERT_NE(at, std::string::npos) << body;
    body.replace(at, 6, "\"\"");
    EXPECT_TRUE(load_definition(body)) << body;
}

TEST(Body, HoldsTheRetentionThatIsAskedFor) {
    const std::string body = body_in(R"({"retention":"400d","nodes":[{"id":"a","run":["x"]}]})");
    EXPECT_NE(body.find(R"("retention":"400d")"), std::string::npos) << body;
    EXPECT_EQ(load_definition(body)->retention, "400d");
    EXPECT_NE(body_in(R"({"retention":"4w","nodes":[{"id":"a","run":["x"]}]})").find("forever"),
              std::string::npos);
}

TEST(Body, ADifferenceInMeaningIsADifferenceInBytes) {
    const std::string base = R"({"id":"a","run":["x"]})";
    const auto body_with = [](const std::string& node) {
        return body_in(R"({"nodes":[)" + node + "]}");
    };
    for (const char* other :
         {R"({"id":"b","run":["x"]})", R"({"id":"a","run":"x"})", R"({"id":"a","run":["x","y"]})",
          R"({"id":"a","run":["x"],"if":"true"})", R"({"id":"a","run":["x"],"timeout":"1s"})",
          R"({"id":"a","run":["x"],"retry":{}})", R"({"id":"a","run":["x"],"dir":"d"})",
          R"({"id":"a","run":["x"],"heartbeat":"1s"})", R"({"id":"a","run":["x"],"env":{"A":""}})",
          R"({"id":"a","run":["x"],"artifacts":["f"]})",
          R"({"id":"a","run":["x"],"map":{"over":[1]}})",
          R"({"id":"a","run":["x"],"needs_when":"all_done"})", R"({"id":"a","approve":{}})",
          R"({"id":"a","approve":{"message":"m"}})",
          R"({"id":"a","run":["x"],"on_failure":"skip_node"})"}) {
        EXPECT_NE(body_with(other), body_with(base)) << other;
    }
}

TEST(Body, EveryKeyComesBack) {
    const std::string body = body_in(R"({
        "scope":{"include":["localhost"],"exclude":["::1"]},
        "params":{"b":{"type":"integer"},"a":{"default":"x","description":"d"}},
        "defaults":{"timeout":"1m","retry":{"strategy":"fibonacci"}},
        "limits":{"parallel":3,"priority":1},
        "nodes":[
          {"id":"r","description":"d","run":["x"],"dir":"d","heartbeat":"9s","artifacts":["z","y"],
           "outputs":{"f":{"file":"q","as":"lines"}},"env":{"V":"${{ params.a }}"},
           "map":{"over":["${{ params.a }}",{"k":1}],"as":"it","key":"${{ it }}","where":"it",
                  "parallel":2,"on_error":"stop","max_items":5},
           "retry":{"delays":["1s","2s"],"exit_codes":[1],"never_exit_codes":[2],"jitter":false,
                    "multiplier":1.25}},
          {"id":"s","scan":{"tool":"nmap","targets":["127.0.0.1"],"options":{"timing":3,
           "ports":"1-9"}},"needs":["r"],"needs_when":"any_failed","if":false},
          {"id":"w","wait":{"until":"2030-01-01T00:00:00Z"}},
          {"id":"m","noop":true,"map":{"over":"params.a"}}],
        "finally":[{"id":"z","wait":{"for":"1500ms"}}],
        "outputs":{"y":"${{ nodes.s.outputs.hosts }}","x":1}})");
    EXPECT_EQ(body, R"({"defaults":{"retry":{"delay":"1s","jitter":true,"max_attempts":3,)"
                    R"("max_delay":"30s","multiplier":2,"strategy":"fibonacci"},"timeout":"1m"},)"
                    R"("finally":[{"id":"z","wait":{"for":"1s500ms"}}],)"
                    R"("limits":{"parallel":3,"priority":"high","timeout":"1h"},"nodes":[)"
                    R"({"artifacts":["z","y"],"description":"d","dir":"d",)"
                    R"("env":{"V":"${{ params.a }}"},"heartbeat":"9s","id":"r",)"
                    R"("map":{"as":"it","key":"${{ it }}","max_items":5,"on_error":"stop",)"
                    R"("over":["${{ params.a }}",{"k":1}],"parallel":2,"where":"it"},)"
                    R"("outputs":{"f":{"as":"lines","file":"q","from":"file",)"
                    R"("max_bytes":1048576}},"retry":{"delay":"1s","delays":["1s","2s"],)"
                    R"("exit_codes":[1],"jitter":false,"max_attempts":3,"max_delay":"30s",)"
                    R"("multiplier":1.25,"never_exit_codes":[2],"strategy":"custom"},)"
                    R"("run":["x"]},{"id":"s","if":"false","needs":["r"],)"
                    R"("needs_when":"any_failed","scan":{"options":{"ports":"1-9","timing":3},)"
                    R"("targets":["127.0.0.1"],"tool":"nmap"}},)"
                    R"({"id":"w","wait":{"until":"2030-01-01T00:00:00Z"}},)"
                    R"({"id":"m","map":{"over":"params.a"},"noop":true}],)"
                    R"("outputs":{"x":"1","y":"${{ nodes.s.outputs.hosts }}"},)"
                    R"("params":{"a":{"default":"x","description":"d"},"b":{"type":"integer"}},)"
                    R"("scope":{"exclude":["::1"],"include":["localhost"]}})");
    EXPECT_EQ(body_in(body), body);
    EXPECT_EQ(load_definition(body)->body, body);
    EXPECT_EQ(parse_json(body)->canonical_text(), body);
}

}  // namespace
}  // namespace attacca::core
