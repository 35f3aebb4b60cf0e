// SPDX-License-Identifier: Apache-2.0
#include "core/breaker/dependency.h"

#include <gtest/gtest.h>

#include "core/definition_for_test.h"

namespace attacca::core {
namespace {

// Of the only node of a job with these details.
std::string dependency_in(std::string_view node, std::string details = {}) {
    BenchForTest bench(0);
    const JobId id =
        bench.submit(R"({"nodes":[)" + std::string(node) + "]}", std::move(details));
    return dependency_of(*bench.state.find(id), 0).value_or("none");
}

TEST(Dependency, IsNamedByKindAndWhatIsUsed) {
    EXPECT_EQ(dependency_in(R"({"id":"a","http":{"url":"https://u:p@API.example.com:8443/x?y"}})"),
              "http:api.example.com:8443");
    EXPECT_EQ(dependency_in(R"({"id":"a","run":["/usr/bin/curl","-s"]})"), "run:curl");
    EXPECT_EQ(dependency_in(R"({"id":"a","task":{"lane":"Gpu_1"}})"), "lane:gpu_1");
    EXPECT_EQ(dependency_in(R"({"id":"a","noop":true})"), "none");
    EXPECT_EQ(dependency_in(R"({"id":"a","run":"echo hi"})"), "none");
}

TEST(Dependency, FollowsWhatExpressionsYield) {
    const std::string node = R"({"id":"a","http":{"url":"http://${{ params.h }}/"}}],
        "params":{"h":{"type":"string"}},"outputs":{},"edges":[)";
    EXPECT_EQ(dependency_in(node, R"({"params":{"h":"one.test"}})"), "http:one.test");
    EXPECT_EQ(dependency_in(node, R"({"params":{"h":"two.test"}})"), "http:two.test");
}

TEST(Dependency, ItsNameIsBoundedAndPlain) {
    EXPECT_TRUE(is_dependency_name("http:api.example.com:8443"));
    for (const char* name : {"", "http", "http:", ":x", "http:a/b", "http:a b", "HTTP:a", "h1:a"}) {
        EXPECT_FALSE(is_dependency_name(name)) << name;
    }
    const std::string longest = "lane:" + std::string(dependency_bytes_max - 5, 'x');
    EXPECT_TRUE(is_dependency_name(longest));
    EXPECT_FALSE(is_dependency_name(longest + "x"));
}

TEST(Dependency, IsToBlameForWhatItDidNotDoAndNotForASlowProgram) {
    NodeDef http;
    http.kind = NodeKind::http;
    NodeDef run;
    run.kind = NodeKind::run;
    NodeDef task;
    task.kind = NodeKind::task;
    for (const NodeDef* node : {&http, &run, &task}) {
        EXPECT_TRUE(counts_against(*node, FailureClass::unavailable));
        EXPECT_FALSE(counts_against(*node, FailureClass::failed));
        EXPECT_FALSE(counts_against(*node, FailureClass::permanent));
        EXPECT_FALSE(counts_against(*node, FailureClass::none));
    }
    EXPECT_TRUE(counts_against(http, FailureClass::timeout));
    EXPECT_FALSE(counts_against(run, FailureClass::timeout));
    EXPECT_TRUE(counts_against(task, FailureClass::lost));
    EXPECT_FALSE(counts_against(http, FailureClass::lost));
    run.retry.strategy = RetryStrategy::circuit_breaker;
    EXPECT_TRUE(counts_against(run, FailureClass::timeout));
    EXPECT_TRUE(counts_against(run, FailureClass::failed));
}

}  // namespace
}  // namespace attacca::core
