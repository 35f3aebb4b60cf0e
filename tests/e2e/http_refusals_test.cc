// SPDX-License-Identifier: Apache-2.0
#include <string>

#include <gtest/gtest.h>

#include "e2e/http_refusals.h"

// Who may ask, and for what.

namespace attacca::e2e {
namespace {

class HttpAccess : public HttpRefusals {};

TEST_P(HttpAccess, IsRefusedExactlyAndLeavesNoTrace) {
    check(GetParam());
}

const Row access_rows[] = {
    {"NoToken", request("GET", api + "/jobs", ""), 401, "unauthenticated"},
    {"GarbageToken", request("GET", api + "/jobs", "Authorization: Bearer x\r\n"), 401,
     "token-invalid"},
    {"TokenWithMore", request("GET", api + "/jobs", auth.substr(0, auth.size() - 2) + "0\r\n"), 401,
     "token-invalid"},
    {"OtherScheme", request("GET", api + "/jobs", "Authorization: Basic YTpi\r\n"), 401,
     "token-invalid"},
    {"TwoTokens", request("GET", api + "/jobs", auth + auth), 401, "token-invalid"},
    {"TokenInTheQuery", request("GET", api + "/jobs?access_token=0123456789abcdef", ""), 401,
     "unauthenticated"},
    {"NamedHealth", request("GET", api + "/job/health", ""), 401, "unauthenticated"},
    {"NamedReady", request("GET", "/readyz/", ""), 401, "unauthenticated"},
    {"DotDot", request("GET", "/livez/../metrics", ""), 401, "unauthenticated"},
    {"EncodedDots", request("GET", "/livez/%2e%2e/metrics", ""), 401, "unauthenticated"},
    {"EncodedHealth", request("GET", "/%68ealth", ""), 401, "unauthenticated"},
    {"PathParameter", request("GET", "/health;x", ""), 401, "unauthenticated"},
    {"DoubleSlash", request("GET", "//health", ""), 401, "unauthenticated"},
    {"UpperCase", request("GET", "/HEALTH", ""), 401, "unauthenticated"},
    {"MetricsWithoutToken", request("GET", "/metrics", ""), 401, "unauthenticated"},
    {"EventsWithoutToken", request("GET", "/sse/events", ""), 401, "unauthenticated"},
    {"BodyWithoutToken",
     request(
         "POST", api + "/job", "Content-Type: application/json\r\nContent-Length: 33000000\r\n"),
     401, "unauthenticated", "Connection: close"},
    {"UnknownPath", get("/api/v1/nothing"), 404, "not-found"},
    {"DotDotWithToken", get("/livez/../metrics"), 404, "not-found"},
    {"UnknownJob", get(api + "/job/01890000-0000-7000-8000-000000000000"), 404, "not-found"},
    {"JobIdIsNone", get(api + "/job/%00"), 404, "not-found"},
    {"WrongMethod", request("PUT", api + "/jobs", auth), 405, "method-not-allowed",
     "Allow: GET, HEAD"},
    {"WrongMethodOnAJob", request("POST", api + "/job/x", auth), 405, "method-not-allowed",
     "Allow: GET, HEAD, DELETE"},
    {"Trace", request("TRACE", "/", ""), 405, "method-not-allowed", "Allow: "},
    {"HugeLimit", get(api + "/jobs?limit=1000000000"), 422, "query-invalid"},
    {"ZeroLimit", get(api + "/jobs?limit=0"), 422, "query-invalid"},
    {"UnknownStatus", get(api + "/jobs?status=done"), 422, "query-invalid"},
    {"UnknownType", get(api + "/jobs?type=x"), 422, "query-invalid"},
    {"BadInstantInQuery", get(api + "/jobs?created_after=now"), 422, "query-invalid"},
    {"UnknownParameter", get(api + "/jobs?colour=red"), 422, "query-invalid", "colour"},
    {"ParameterTwice", get(api + "/jobs?limit=1&limit=2"), 422, "query-invalid"},
    {"UnknownTopic", get("/sse/events?topics=tenant,findings"), 422, "query-invalid", "findings"},
    {"TopicsBesidesAJob", get("/sse/events?topics=tenant&job=x"), 422, "query-invalid", "either"},
    {"TopicOfAnUnknownJob", get("/sse/events?topics=job:01890000-0000-7000-8000-000000000000"),
     404, "not-found"},
    {"UnknownEventType", get("/sse/events?type=job_begun"), 422, "query-invalid"},
    {"BadEscapeInQuery", get(api + "/jobs?tag=%f"), 422, "query-invalid"},
    {"TamperedCursor", get(api + "/jobs?cursor=" + std::string(48, 'a')), 400, "cursor-invalid"},
    {"CursorIsNone", get(api + "/jobs?cursor=next"), 400, "cursor-invalid"},
    {"EventIdIsNone", request("GET", "/sse/events", auth + "Last-Event-ID: x\r\n"), 400,
     "event-id-malformed"},
    {"EventIdBeyondTheEnd", get("/sse/events?after=1000000"), 410, "event-id-expired",
     "\"snapshot_url\":\"/api/v1/orchestration/jobs\""},
    {"BodyWhereNoneIsExpected",
     post(R"({"force":true})", join(""), api + "/jobs/01890000-0000-7000-8000-000000000000/cancel"),
     422, "unknown-field"},
};

INSTANTIATE_TEST_SUITE_P(Rows, HttpAccess, testing::ValuesIn(access_rows), name_of_row);

TEST(HttpNames, ControlCharactersAreDataAndOneLogLine) {
    std::mutex mutex;
    std::vector<std::string> lines;
    http::ServiceOptions options;
    options.log_level = http::LogLevel::debug;
    options.log_sink = [&](std::string_view line) {
        const std::lock_guard lock(mutex);
        lines.emplace_back(line);
    };
    HttpHarness harness(options);
    ApiClient client(harness);
    const std::string id = client.create(R"({"nodes":[{"id":"a","type":"noop"}]})",
                                         R"(,"description":"a\r\nb\u001b[31m")");
    const Json job = *parse_json(client.get(api + "/job/" + id).body);
    EXPECT_EQ(job.find("description")->as_string(), "a\r\nb\x1b[31m");
    EXPECT_EQ(client.get("/a%0d%0aX:%1b").status, 404);
    const std::lock_guard lock(mutex);
    ASSERT_EQ(lines.size(), 3U);
    for (const std::string& line : lines) {
        EXPECT_EQ(line.find('\n'), line.size() - 1);
        EXPECT_EQ(line.find(token), std::string::npos) << "no secret in a log";
        ASSERT_TRUE(parse_json(line)) << line;
    }
    const Json created = *parse_json(lines.front());
    EXPECT_EQ(created.find("task_id")->as_string(), id);
    EXPECT_EQ(created.find("core_id")->as_string(), "default");
    EXPECT_TRUE(created.find("duration_ms")->is_integer());
    EXPECT_EQ(parse_json(lines[1])->find("task_id")->as_string(), id);
    const Json last = *parse_json(lines.back());
    EXPECT_EQ(last.find("task_id"), nullptr) << "it is about no job";
    EXPECT_EQ(last.find("level")->as_string(), "INFO");
    EXPECT_EQ(last.find("remote")->as_string(), "127.0.0.1");
    EXPECT_EQ(created.find("remote")->as_string(), "127.0.0.1");
    EXPECT_EQ(last.find("correlation_id")->as_string().substr(0, 4), "req-");
}

TEST(HttpHeaders, ACorrelationIdIsEchoed) {
    HttpHarness harness;
    ApiClient client(harness);
    EXPECT_EQ(client.get("/livez", "X-Correlation-Id: mine-1\r\n").field("X-Correlation-Id"),
              "mine-1");
    EXPECT_NE(client.get("/livez", "X-Correlation-Id: a b\r\n").field("X-Correlation-Id"), "a b");
}

}  // namespace
}  // namespace attacca::e2e
