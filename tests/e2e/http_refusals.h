// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <string>
#include <thread>

#include <gtest/gtest.h>

#include "e2e/http_harness.h"

// Every bad input has its exact answer, and none of them leaves a trace (reliability.md 3): tables
// of rows, each sent to a real service, and what all refusals have in common.

namespace attacca::e2e {

struct Row {
    const char* name;
    std::string request;  // the whole bytes
    int status;
    const char* slug;
    const char* says = "";     // somewhere in the answer
    const char* pointer = "";  // one of the places that the answer names; empty: it names none
};

class HttpRefusals : public testing::TestWithParam<Row> {
  protected:
    // One service for all rows: what one row broke the next one would find.
    static void SetUpTestSuite() {
        harness_ = std::make_unique<HttpHarness>();
        // The server's own first record is no trace of a request.
        while (harness_->store.reader().tail()->size == 0 ||
               harness_->host->status().ledger_size == 0) {
            std::this_thread::yield();
        }
    }
    static void TearDownTestSuite() { harness_.reset(); }

    static void check(const Row& row) {
        const std::uint64_t before = harness_->host->status().ledger_size;
        RawClient raw(harness_->port());
        raw.send(row.request);
        const RawAnswer answer = raw.read();
        EXPECT_EQ(answer.status, row.status) << answer.body;
        EXPECT_EQ(answer.field("Content-Type"), "application/problem+json");
        const auto problem = parse_json(answer.body);
        ASSERT_TRUE(problem) << answer.body;
        EXPECT_EQ(problem->find("code")->as_string(), row.slug) << answer.body;
        EXPECT_EQ(problem->find("type")->as_string(),
                  std::string("urn:attacca:problem:") + row.slug);
        EXPECT_EQ(problem->find("status")->as_integer(), row.status);
        EXPECT_EQ(problem->find("correlation_id")->as_string(),
                  answer.field("X-Correlation-Id"));
        EXPECT_NE((answer.head + answer.body).find(row.says), std::string::npos)
            << answer.head << answer.body;
        EXPECT_EQ(answer.field("WWW-Authenticate").empty(), row.status != 401);
        check_places(*problem, row);
        // Nothing is stored, nothing is started.
        EXPECT_EQ(harness_->host->status().ledger_size, before);
        EXPECT_EQ(harness_->store.reader().tail()->size, before);
        ApiClient client(*harness_);
        EXPECT_EQ(parse_json(client.get(api + "/jobs").body)->find("total")->as_integer(), 0);
    }

  private:
    // Every place has the code of a problem; the row's own place is among them.
    static void check_places(const Json& problem, const Row& row) {
        const Json* errors = problem.find("errors");
        const Json::Array places = errors == nullptr ? Json::Array() : errors->as_array();
        for (const Json& place : places) {
            const std::string code = place.find("code")->as_string();
            EXPECT_EQ(slug_of(problem_of_slug(code)), code);
        }
        const std::string wanted = row.pointer;
        const bool is_named = std::any_of(places.begin(), places.end(), [&](const Json& place) {
            return place.find("pointer")->as_string() == wanted;
        });
        EXPECT_TRUE(wanted.empty() || is_named) << problem.text();
    }

    static inline std::unique_ptr<HttpHarness> harness_;
};

inline std::string name_of_row(const testing::TestParamInfo<Row>& row) {
    return row.param.name;
}

inline std::string request(const std::string& method,
                           const std::string& path,
                           const std::string& fields) {
    return method + " " + path + " HTTP/1.1\r\nHost: h\r\n" + fields + "\r\n";
}

inline std::string get(const std::string& path) {
    return request("GET", path, auth);
}

inline std::string post(const std::string& body,
                        const std::string& fields = "Content-Type: application/json\r\n",
                        const std::string& path = api + "/job") {
    return request("POST", path,
                   auth + fields + "Content-Length: " + std::to_string(body.size()) + "\r\n") +
           body;
}

inline std::string job(const std::string& members) {
    return post("{" + members + "}");
}

inline std::string dag(const std::string& definition) {
    return job(R"("name":"x","dag_definition":)" + definition);
}

inline std::string with(const std::string& member) {
    return job(R"("name":"x","dag_definition":{"nodes":[{"id":"a","type":"noop"}]},)" + member);
}

inline std::string node_with(const std::string& member) {
    return dag(R"({"nodes":[{"id":"a","run":["/bin/true"],)" + member + "}]}");
}

inline std::string join(const std::string& fields) {
    return "Content-Type: application/json\r\n" + fields;
}

inline std::string many_nodes(int count) {
    std::string text = R"({"nodes":[)";
    for (int i = 0; i < count; ++i) {
        text += R"({"id":"n)" + std::to_string(i) + R"(","type":"noop"},)";
    }
    text.back() = ']';
    return text + "}";
}

inline std::string fan_in(int count) {
    std::string text = R"({"nodes":[{"id":"end","type":"noop","needs":[)";
    for (int i = 0; i < count; ++i) {
        text += R"("n)" + std::to_string(i) + "\",";
    }
    text.back() = ']';
    text += "}";
    for (int i = 0; i < count; ++i) {
        text += R"(,{"id":"n)" + std::to_string(i) + R"(","type":"noop"})";
    }
    return text + "]}";
}

inline const std::string chunked =
    "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n";
inline const std::string body_2 = "Content-Type: application/json\r\nContent-Length: 2\r\n";
inline const std::string good =
    R"({"name":"x","dag_definition":{"nodes":[{"id":"a","type":"noop"}]}})";

}  // namespace attacca::e2e
