// SPDX-License-Identifier: Apache-2.0
#include "http/idempotency.h"

#include <gtest/gtest.h>

#include "http/submission.h"

namespace attacca::http {
namespace {

core::IdempotencyKey key_for(std::string_view body, const std::string& tenant = "t") {
    auto jobs = parse_jobs(body);
    EXPECT_TRUE(jobs) << jobs.error().detail;
    return content_key(tenant, "/jobs", *jobs);
}

TEST(ContentKey, IsThatOfTheContentHoweverItIsWritten) {
    const auto key = key_for(
        R"([{"name":"n","tags":["a"],"dag_definition":{"nodes":[{"id":"a","noop":true}]}}])");
    const auto same = key_for(
        R"([ {"dag_definition":{"nodes":[{"noop":true,"id":"a","description":""}]},"tags":["a"],
              "name":"n"}])");
    EXPECT_EQ(same.key_hash, key.key_hash);
    EXPECT_EQ(same.request_hash, key.request_hash);
}

TEST(ContentKey, TellsApartWhatMeansSomethingElse) {
    const std::string nodes = R"("dag_definition":{"nodes":[{"id":"a","noop":true}]})";
    const auto key = key_for(R"([{"name":"n",)" + nodes + "}]");
    EXPECT_NE(key_for(R"([{"name":"m",)" + nodes + "}]").key_hash, key.key_hash);
    EXPECT_NE(key_for(R"([{"name":"n","priority":"high",)" + nodes + "}]").key_hash, key.key_hash);
    EXPECT_NE(key_for(R"([{"name":"n","labels":{"a":"b"},)" + nodes + "}]").key_hash,
              key.key_hash);
    EXPECT_NE(key_for(R"([{"name":"n",)" + nodes + R"(},{"name":"n",)" + nodes + "}]").key_hash,
              key.key_hash);
    EXPECT_NE(key_for(R"([{"name":"n",)" + nodes + "}]", "other").key_hash, key.key_hash);
}

}  // namespace
}  // namespace attacca::http
