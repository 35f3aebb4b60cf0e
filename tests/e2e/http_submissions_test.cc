// SPDX-License-Identifier: Apache-2.0
#include <string>

#include <gtest/gtest.h>

#include "e2e/http_harness.h"

// Submissions that are one, and those that wait for their job.

namespace attacca::e2e {
namespace {

std::string submission_of(const std::string& dag) {
    return R"({"name":"x","dag_definition":)" + dag + "}";
}

TEST(HttpSubmissions, AnIdempotencyKeyMakesOneJob) {
    HttpHarness harness;
    ApiClient client(harness);
    const std::string body = submission_of(one_noop);
    const std::string key = "Idempotency-Key: \"k-1\"\r\n";
    const RawAnswer first = client.post(api + "/job", body, key);
    EXPECT_EQ(first.status, 202);
    EXPECT_TRUE(first.field("Idempotency-Replayed").empty());
    client.wait_for(text(*parse_json(first.body), "id"), "completed");
    const RawAnswer again = client.post(api + "/job", body, "Idempotency-Key: k-1\r\n");
    EXPECT_EQ(again.status, 202);
    EXPECT_EQ(again.field("Idempotency-Replayed"), "true");
    EXPECT_EQ(again.body, first.body) << "the first answer, though the job has ended";
    const RawAnswer other = client.post(api + "/job", body + " ", key);
    EXPECT_EQ(other.status, 422);
    EXPECT_EQ(text(*parse_json(other.body), "code"), "idempotency-mismatch");
    EXPECT_EQ(parse_json(client.get(api + "/jobs").body)->find("total")->as_integer(), 1);

    const std::string batch = "[" + body + "," + body + "]";
    const std::string batch_key = "Idempotency-Key: b\r\n";
    const RawAnswer ids = client.post(api + "/jobs:batch", batch, batch_key);
    EXPECT_EQ(client.post(api + "/jobs:batch", batch, batch_key).body, ids.body);
    EXPECT_EQ(parse_json(client.get(api + "/jobs").body)->find("total")->as_integer(), 3);
}

TEST(HttpSubmissions, EqualContentIsOneJobWhereThatIsAskedFor) {
    HttpHarness harness;
    ApiClient client(harness);
    const std::string path = api + "/job?deduplicate=content";
    const RawAnswer first = client.post(path, submission_of(one_noop));
    EXPECT_EQ(client.post(path, submission_of(one_noop)).body, first.body);
    EXPECT_NE(client.post(path, submission_of(one_run)).body, first.body);
    // Content, not bytes: spaces and the order of keys say nothing, a label does.
    const std::string plain = R"({"name":"c","labels":{"a":"1"},"dag_definition":)";
    const std::string id = text(body_of(client.post(path, plain + one_noop + "}")), "id");
    const std::string turned = std::string(R"( {"dag_definition": )") + one_noop +
                               R"( , "labels":{"a":"1"},"name":"c"})";
    const RawAnswer again = client.post(path, turned);
    EXPECT_EQ(text(body_of(again), "id"), id) << again.body;
    EXPECT_EQ(again.field("Idempotency-Replayed"), "true");
    const std::string other = R"({"name":"c","labels":{"a":"2"},"dag_definition":)";
    EXPECT_NE(text(body_of(client.post(path, other + one_noop + "}")), "id"), id);
    EXPECT_EQ(client.post(api + "/job?deduplicate=yes", submission_of(one_noop)).status, 422);
}

TEST(HttpSubmissions, PreferWaitAnswersWithTheEndedJob) {
    HttpHarness harness;
    ApiClient client(harness);
    const std::string minute = "Prefer: wait=60\r\n";
    const RawAnswer done = client.post(api + "/job", submission_of(one_noop), minute);
    EXPECT_EQ(done.status, 200) << done.body;
    EXPECT_EQ(text(*parse_json(done.body), "status"), "completed");
    EXPECT_EQ(done.field("Preference-Applied"), "wait");
    const RawAnswer batch = client.post(api + "/jobs:batch", "[" + submission_of(one_run) + "]",
                                        "Prefer: wait=60\r\n");
    EXPECT_EQ(batch.status, 202);
    EXPECT_EQ(batch.field("Preference-Applied"), "") << "a batch does not wait";
    const RawAnswer late = client.post(api + "/job", submission_of(one_run), "Prefer: wait=1\r\n");
    EXPECT_EQ(late.status, 202);
    EXPECT_EQ(text(*parse_json(late.body), "status"), "queued");
}

TEST(HttpSubmissions, KeepTheTraceThatTheyBelongTo) {
    constexpr const char* trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    HttpHarness harness;
    ApiClient client(harness);
    const std::string body =
        R"({"name":"t","labels":{"k":"v"},"dag_definition":{"nodes":[{"id":"a","noop":true}]}})";
    const auto made = [&](const std::string& value) {
        const RawAnswer answer =
            client.post(api + "/job", body, "traceparent: " + value + "\r\n");
        EXPECT_EQ(answer.status, 202) << answer.body;
        const Json job = body_of(answer);
        EXPECT_NE(job.find("labels"), nullptr);
        const Json* kept = job.find("traceparent");
        return kept == nullptr ? std::string("none") : kept->as_string();
    };
    EXPECT_EQ(made(trace), trace);
    EXPECT_EQ(made("00-nonsense"), "none");
}

}  // namespace
}  // namespace attacca::e2e
