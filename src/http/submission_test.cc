// SPDX-License-Identifier: Apache-2.0
#include "http/submission.h"

#include <gtest/gtest.h>

#include "base/json.h"

namespace attacca::http {
namespace {

const std::string dag = R"("dag_definition":{"nodes":[{"id":"a","type":"noop"}]})";

TEST(Submission, ReadsEveryField) {
    const auto job = parse_job(
        R"({"name":"n","description":"d","labels":{"k":"v"},"params":{"p":1},"priority":9,)"
        R"("tags":["t"],"metadata":{"m":[1]},"scheduled_at":"2026-01-01T00:00:00Z",)" +
        dag + "}");
    ASSERT_TRUE(job) << job.error().text();
    EXPECT_EQ(job->name, "n");
    EXPECT_EQ(job->priority, core::Priority::low);
    EXPECT_EQ(job->scheduled_at->us, 1767225600000000);
    EXPECT_EQ(job->definition->nodes.size(), 1U);
    EXPECT_EQ(job->details, R"({"description":"d","labels":{"k":"v"},"metadata":{"m":[1]},)"
                            R"("params":{"p":1},"tags":["t"]})");
}

TEST(Submission, WhatIsNotGivenIsNotKept) {
    const auto job = parse_job(R"({"name":"n",)" + dag + "}");
    ASSERT_TRUE(job);
    EXPECT_EQ(job->details, "");
    EXPECT_EQ(job->priority, core::Priority::medium);
    EXPECT_FALSE(job->scheduled_at);
}

TEST(Submission, DefaultsOfParametersAreFilledIn) {
    const auto job =
        parse_job(R"({"name":"n","dag_definition":{"nodes":[{"id":"a","type":"noop"}],)"
                  R"("params":{"p":{"type":"integer","default":4}}}})");
    ASSERT_TRUE(job) << job.error().text();
    EXPECT_EQ(job->details, R"({"params":{"p":4}})");
}

TEST(Submission, AConcurrencyKeyWithoutAValueIsNamedByItsPlace) {
    const std::string keyed =
        R"("dag_definition":{"limits":{"concurrency_key":"${{ params.to }}"},)"
        R"("nodes":[{"id":"a","type":"noop"}]}})";
    EXPECT_TRUE(parse_job(R"({"name":"n","params":{"to":"x"},)" + keyed));
    const auto refused = parse_jobs(R"([{"name":"n","params":{"to":""},)" + keyed + "]");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().problem, Problem::invalid_value);
    EXPECT_EQ(refused.error().fields.front().pointer, "/0/dag_definition/limits/concurrency_key");
    EXPECT_EQ(refused.error().fields.front().code, "invalid-value");
}

TEST(Submission, AllFaultsOfAJobAndOfABatchAreTold) {
    const auto places_of = [](const Error& error) {
        std::string out;
        for (const FieldError& field : error.fields) {
            out += field.code + " " + field.pointer + "\n";
        }
        return out;
    };
    const auto job = parse_job(
        R"({"id":"j","status":"failed","name":" ","priority":99,"scheduled_at":"soon",)"
        R"("tags":["",3],"params":{"q":1},"dag_definition":{"params":{"p":{"required":true}},)"
        R"("nodes":[{"id":"a","type":"noop"}]}})");
    ASSERT_FALSE(job);
    EXPECT_EQ(job.error().problem, Problem::read_only_field);
    EXPECT_EQ(places_of(job.error()), "read-only-field /id\nread-only-field /status\n"
                                      "out-of-range /name\nout-of-range /priority\n"
                                      "invalid-value /scheduled_at\nmissing-field /params\n"
                                      "unknown-field /params/q\ninvalid-value /tags/0\n"
                                      "wrong-type /tags/1\n");
    const auto jobs = parse_jobs(
        R"([{"name":"n"},{"name":"n",)" + dag +
        R"(},{"name":3,"dag_definition":{"nodes":[{"id":"a","noop":0},{"id":"b","noop":0}]}}])");
    ASSERT_FALSE(jobs);
    EXPECT_EQ(places_of(jobs.error()), "missing-field /0\nwrong-type /2/name\n"
                                       "wrong-type /2/dag_definition/nodes/0/noop\n"
                                       "wrong-type /2/dag_definition/nodes/1/noop\n");
}

TEST(Submission, ABatchSharesEqualDefinitionsAndNamesThePlaceOfAFault) {
    const std::string job = R"({"name":"n",)" + dag + "}";
    const auto jobs = parse_jobs("[" + job + "," + job + "]");
    ASSERT_TRUE(jobs);
    EXPECT_EQ((*jobs)[0].definition, (*jobs)[1].definition);
    const auto refused = parse_jobs("[" + job + R"(,{"name":"n","params":[],)" + dag + "}]");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().fields.front().pointer, "/1/params");
}

TEST(Submission, AMillionNodesAreRefusedBeforeTheyAreParsed) {
    std::string body = R"({"name":"n","dag_definition":{"nodes":[)";
    for (int i = 0; i < 1'000'000; ++i) {
        body += R"({"id":"n"},)";
    }
    // The text is broken, and nobody looks that far.
    const auto refused = parse_job(body);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().problem, Problem::dag_too_large);
}

}  // namespace
}  // namespace attacca::http
