// SPDX-License-Identifier: Apache-2.0
#include "http/problem.h"

#include <gtest/gtest.h>

#include "base/json.h"

namespace attacca::http {
namespace {

std::string field(const Response& response, std::string_view name) {
    for (const Header& header : response.headers) {
        if (header.name == name) {
            return header.value;
        }
    }
    return {};
}

TEST(Problem, HasEveryMemberOfTheContract) {
    Error error = fail(Problem::dag_cycle, "a -> b -> a");
    error.fields.push_back({"/dag_definition/nodes/1", "cycle", "closes the cycle"});
    RequestIds ids = RequestIds::fresh();
    ids.correlation = "mine";
    const Response response = problem_response(error, ids, ",\"more\":1");
    EXPECT_EQ(response.status, 422);
    EXPECT_EQ(response.content_type, "application/problem+json");
    EXPECT_EQ(field(response, "X-Correlation-Id"), "mine");
    const auto json = parse_json(response.body);
    ASSERT_TRUE(json) << response.body;
    EXPECT_EQ(json->find("type")->as_string(), "urn:attacca:problem:dag-cycle");
    EXPECT_EQ(json->find("title")->as_string(), "The graph contains a cycle");
    EXPECT_EQ(json->find("status")->as_integer(), 422);
    EXPECT_EQ(json->find("detail")->as_string(), "a -> b -> a");
    EXPECT_EQ(json->find("instance")->as_string(), "urn:attacca:request:" + ids.request.substr(4));
    EXPECT_EQ(json->find("code")->as_string(), "dag-cycle");
    EXPECT_EQ(json->find("correlation_id")->as_string(), "mine");
    EXPECT_EQ(json->find("more")->as_integer(), 1);
    const Json& first = json->find("errors")->as_array().front();
    EXPECT_EQ(first.find("pointer")->as_string(), "/dag_definition/nodes/1");
    EXPECT_EQ(first.find("code")->as_string(), "cycle");
    EXPECT_EQ(first.find("detail")->as_string(), "closes the cycle");
}

TEST(Problem, SaysHowToGoOn) {
    const RequestIds ids = RequestIds::fresh();
    EXPECT_EQ(field(problem_response(fail(Problem::unauthenticated), ids), "WWW-Authenticate"),
              "Bearer realm=\"attacca\"");
    EXPECT_NE(field(problem_response(fail(Problem::token_invalid), ids), "WWW-Authenticate")
                  .find("invalid_token"),
              std::string::npos);
    EXPECT_FALSE(field(problem_response(fail(Problem::storage_full), ids), "Retry-After").empty());
    EXPECT_FALSE(field(problem_response(fail(Problem::rate_limited), ids), "Retry-After").empty());
}

TEST(Problem, ABrokenDetailDoesNotBreakTheDocument) {
    const Response response =
        problem_response(fail(Problem::internal, "\xff\"\n"), RequestIds::fresh());
    EXPECT_TRUE(parse_json(response.body)) << response.body;
}

TEST(RequestIds, TakeOverOnlyAPlainCorrelationId) {
    Request request;
    request.headers = {{"x-correlation-id", "trace-1:a/b.C"}};
    EXPECT_EQ(RequestIds::of(request).correlation, "trace-1:a/b.C");
    for (const std::string& bad : {std::string(), std::string("a b"), std::string("\"x\""),
                                   std::string(129, 'a'), std::string("\xc3\xa4")}) {
        request.headers = {{"x-correlation-id", bad}};
        const RequestIds ids = RequestIds::of(request);
        EXPECT_EQ(ids.correlation, ids.request);
        EXPECT_EQ(ids.request.substr(0, 4), "req-");
        EXPECT_EQ(ids.request.size(), 40U);
    }
    EXPECT_NE(RequestIds::fresh().request, RequestIds::fresh().request);
}

}  // namespace
}  // namespace attacca::http
