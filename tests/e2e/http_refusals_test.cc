// SPDX-License-Identifier: Apache-2.0
#include <string>

#include <gtest/gtest.h>

#include "e2e/http_harness.h"

// Every bad input has its exact answer, and none of them leaves a trace (reliability.md 3).

namespace attacca::e2e {
namespace {

struct Row {
    const char* name;
    std::string request;  // the whole bytes
    int status;
    const char* slug;
    const char* says = "";  // somewhere in the answer
};

class HttpRefusals : public testing::TestWithParam<Row> {
  protected:
    // One service for all rows: what one row broke the next one would find.
    static void SetUpTestSuite() { harness_ = std::make_unique<HttpHarness>(); }
    static void TearDownTestSuite() { harness_.reset(); }
    static std::unique_ptr<HttpHarness> harness_;
};
std::unique_ptr<HttpHarness> HttpRefusals::harness_;

TEST_P(HttpRefusals, AreExactAndLeaveNoTrace) {
    const Row& row = GetParam();
    RawClient raw(harness_->port());
    raw.send(row.request);
    const RawAnswer answer = raw.read();
    EXPECT_EQ(answer.status, row.status) << answer.body;
    EXPECT_EQ(answer.field("Content-Type"), "application/problem+json");
    const auto problem = parse_json(answer.body);
    ASSERT_TRUE(problem) << answer.body;
    EXPECT_EQ(problem->find("code")->as_string(), row.slug) << answer.body;
    EXPECT_EQ(problem->find("type")->as_string(), std::string("urn:attacca:problem:") + row.slug);
    EXPECT_EQ(problem->find("status")->as_integer(), row.status);
    EXPECT_EQ(problem->find("correlation_id")->as_string(), answer.field("X-Correlation-Id"));
    EXPECT_NE((answer.head + answer.body).find(row.says), std::string::npos)
        << answer.head << answer.body;
    EXPECT_EQ(answer.field("WWW-Authenticate").empty(), row.status != 401);
    ApiClient client(*harness_);
    EXPECT_EQ(parse_json(client.get(api + "/jobs").body)->find("total")->as_integer(), 0);
}

std::string request(const std::string& method, const std::string& path, const std::string& fields) {
    return method + " " + path + " HTTP/1.1\r\nHost: h\r\n" + fields + "\r\n";
}

std::string get(const std::string& path) {
    return request("GET", path, auth);
}

std::string post(const std::string& body,
                 const std::string& fields = "Content-Type: application/json\r\n",
                 const std::string& path = api + "/job") {
    return request("POST", path,
                   auth + fields + "Content-Length: " + std::to_string(body.size()) + "\r\n") +
           body;
}

std::string job(const std::string& members) {
    return post("{" + members + "}");
}

std::string dag(const std::string& definition) {
    return job(R"("name":"x","dag_definition":)" + definition);
}

std::string with(const std::string& member) {
    return job(R"("name":"x","dag_definition":{"nodes":[{"id":"a","type":"noop"}]},)" + member);
}

std::string node_with(const std::string& member) {
    return dag(R"({"nodes":[{"id":"a","run":["/bin/true"],)" + member + "}]}");
}

std::string join(const std::string& fields) {
    return "Content-Type: application/json\r\n" + fields;
}

std::string many_nodes(int count) {
    std::string text = R"({"nodes":[)";
    for (int i = 0; i < count; ++i) {
        text += R"({"id":"n)" + std::to_string(i) + R"(","type":"noop"},)";
    }
    text.back() = ']';
    return text + "}";
}

std::string fan_in(int count) {
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

const std::string chunked = "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n";
const std::string body_2 = "Content-Type: application/json\r\nContent-Length: 2\r\n";
const std::string good = R"({"name":"x","dag_definition":{"nodes":[{"id":"a","type":"noop"}]}})";

const Row syntax_rows[] = {
    {"TrailingComma", post("{\"a\":1,}"), 400, "json-syntax"},
    {"Unclosed", post("{\"a\":1"), 400, "json-syntax"},
    {"EmptyBody", post(""), 400, "json-syntax"},
    {"InvalidUtf8", post("{\"name\":\"\xff\"}"), 400, "json-encoding"},
    {"LoneSurrogate", post(R"({"name":"\ud800"})"), 400, "json-encoding"},
    {"Overlong", post("{\"name\":\"\xc0\xaf\"}"), 400, "json-encoding"},
    {"DuplicateKey", post(R"({"name":"a","name":"b"})"), 400, "json-duplicate-key", "name"},
    {"TenThousandArrays", post(std::string(10000, '[')), 400, "json-depth"},
    {"NotANumber", post(R"({"name":NaN})"), 400, "json-number"},
    {"Infinity", post(R"({"name":Infinity})"), 400, "json-number"},
    {"TooLargeANumber", post(R"({"name":1e999})"), 400, "json-number"},
    {"DeclaredTooLarge",
     request("POST",
             api + "/job",
             auth + "Content-Type: application/json\r\nContent-Length: 104857600\r\n"),
     413, "body-too-large", "Connection: close"},
    {"Gzip", post("xx", join("Content-Encoding: gzip\r\n")), 415, "unsupported-encoding"},
    {"OtherMediaType", post("name: x", "Content-Type: application/yaml\r\n"), 415,
     "unsupported-media-type"},
    {"NoMediaType", post(good, ""), 415, "unsupported-media-type"},
    {"Upload", post("--x\r\n", "Content-Type: multipart/form-data; boundary=x\r\n"), 415,
     "unsupported-media-type"},
    {"LengthAndChunks", request("POST", api + "/job", auth + chunked + "Content-Length: 5\r\n"),
     400, "bad-request-framing", "Connection: close"},
    {"TwoLengths", request("POST", api + "/job", auth + body_2 + "Content-Length: 3\r\n"), 400,
     "bad-request-framing"},
    {"BareLineFeed", "GET / HTTP/1.1\nHost: h\n\n", 400, "bad-request-framing"},
    {"SpaceBeforeColon", request("GET", "/", "Authorization : x\r\n"), 400, "bad-request-framing"},
    {"LongTarget", "GET /" + std::string(65536, 'a'), 414, "uri-too-long"},
    {"ThousandFields",
     [] {
         std::string fields;
         for (int i = 0; i < 1000; ++i) {
             fields += "X-" + std::to_string(i) + ": 1\r\n";
         }
         return request("GET", "/", fields);
     }(),
     431, "headers-too-large"},
    {"MalformedEscape", get("/api/%zz"), 400, "bad-request-framing"},
};

const Row meaning_rows[] = {
    {"Cycle",
     dag(R"({"nodes":[{"id":"a","type":"noop","needs":["b"]},)"
         R"({"id":"b","type":"noop","needs":["a"]}]})"),
     422, "dag-cycle", "->"},
    {"SelfDependency", dag(R"({"nodes":[{"id":"a","type":"noop","needs":["a"]}]})"), 422,
     "dag-cycle", "a -> a"},
    {"DuplicateNode", dag(R"({"nodes":[{"id":"a","type":"noop"},{"id":"a","type":"noop"}]})"), 422,
     "dag-duplicate-node", "/dag_definition/nodes/1"},
    {"DuplicateNodeButForCase",
     dag(R"({"nodes":[{"id":"a","type":"noop"},{"id":"A","type":"noop"}]})"), 422,
     "dag-duplicate-node"},
    {"UnknownNode", dag(R"({"nodes":[{"id":"a","type":"noop"}],"edges":[{"from":"a","to":"z"}]})"),
     422, "dag-unknown-node"},
    {"TooManyNodes", dag(many_nodes(100001)), 422, "dag-too-large", "100000"},
    {"EmptyGraph", dag(R"({"nodes":[]})"), 422, "dag-empty"},
    {"FanIn", dag(fan_in(5000)), 422, "dag-fan-limit"},
    {"NegativePriority", with(R"("priority":-1)"), 422, "out-of-range", "/priority"},
    {"HugePriority", with(R"("priority":2147483648)"), 422, "out-of-range"},
    {"FractionalPriority", with(R"("priority":1.5)"), 422, "wrong-type"},
    {"UnknownPriority", with(R"("priority":"urgent")"), 422, "out-of-range"},
    {"HugeTimeout", node_with(R"("timeout":"9223372036854775807s")"), 422, "out-of-range"},
    {"NegativeTimeout", node_with(R"("timeout":"-1s")"), 422, "out-of-range"},
    {"IsoTimeout", node_with(R"("timeout":"PT1E9H")"), 422, "out-of-range"},
    {"NoAttempts", node_with(R"("retry":{"max_attempts":0})"), 422, "retry-policy"},
    {"BillionAttempts", node_with(R"("retry":{"max_attempts":1000000000})"), 422, "retry-policy"},
    {"DelayAboveItsCap", node_with(R"("retry":{"delay":"10m","max_delay":"1s"})"), 422,
     "retry-policy"},
    {"UnknownField", with(R"("colour":"red")"), 422, "unknown-field", "/colour"},
    {"TenantField", with(R"("tenant_id":"other")"), 422, "read-only-field", "/tenant_id"},
    {"StatusField", with(R"("status":"completed")"), 422, "read-only-field"},
    {"RoleField", with(R"("role":"admin")"), 422, "read-only-field"},
    {"FenceField", with(R"("fence":1)"), 422, "read-only-field"},
    {"FenceFieldInANode", node_with(R"("fence":1)"), 422, "read-only-field"},
    {"NoName", job(R"("dag_definition":{"nodes":[{"id":"a","type":"noop"}]})"), 422,
     "missing-field"},
    {"EmptyName", job(R"("name":"","dag_definition":{"nodes":[{"id":"a","type":"noop"}]})"), 422,
     "out-of-range"},
    {"LongName",
     job(R"("name":")" + std::string(201, 'x') +
         R"(","dag_definition":{"nodes":[{"id":"a","type":"noop"}]})"),
     422, "out-of-range"},
    {"NameIsNoText", job(R"("name":1,"dag_definition":{"nodes":[{"id":"a","type":"noop"}]})"), 422,
     "wrong-type"},
    {"NoDefinition", job(R"("name":"x")"), 422, "missing-field"},
    {"LabelIsNoText", with(R"("labels":{"a":1})"), 422, "wrong-type", "/labels/a"},
    {"TagIsNoText", with(R"("tags":["a",2])"), 422, "wrong-type", "/tags/1"},
    {"BadInstant", with(R"("scheduled_at":"tomorrow")"), 422, "invalid-value", "/scheduled_at"},
    {"MetadataIsNoObject", with(R"("metadata":[])"), 422, "wrong-type"},
    {"BatchIsNoArray", post(good, join(""), api + "/jobs:batch"), 422, "wrong-type"},
    {"BatchIsEmpty", post("[]", join(""), api + "/jobs:batch"), 422, "out-of-range"},
    {"JobInABatch", post("[" + good + R"(,{"name":7}])", join(""), api + "/jobs:batch"), 422,
     "wrong-type", "/1/name"},
    {"LongIdempotencyKey", post(good, join("Idempotency-Key: " + std::string(256, 'k') + "\r\n")),
     400, "idempotency-malformed"},
    {"EmptyIdempotencyKey", post(good, join("Idempotency-Key: \"\"\r\n")), 400,
     "idempotency-malformed"},
    {"TwoIdempotencyKeys", post(good, join("Idempotency-Key: a\r\nIdempotency-Key: b\r\n")), 400,
     "idempotency-malformed"},
};

std::string scan(const std::string& members) {
    return dag(R"({"scope":{"include":["127.0.0.1"]},"nodes":[{"id":"a","scan":{"tool":"nmap",)" +
               members + "}}]}");
}

const Row tool_rows[] = {
    {"ShellInATarget", scan(R"("targets":["127.0.0.1;rm -rf x"])"), 422, "tool-argument-rejected"},
    {"OptionAsTarget", scan(R"("targets":["-oN out"])"), 422, "tool-argument-rejected"},
    {"ForeignOption", scan(R"("targets":["127.0.0.1"],"options":{"script":"evil.nse"})"), 422,
     "tool-argument-rejected"},
};

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

std::string name_of_row(const testing::TestParamInfo<Row>& row) {
    return row.param.name;
}
INSTANTIATE_TEST_SUITE_P(Syntax, HttpRefusals, testing::ValuesIn(syntax_rows), name_of_row);
INSTANTIATE_TEST_SUITE_P(Meaning, HttpRefusals, testing::ValuesIn(meaning_rows), name_of_row);
INSTANTIATE_TEST_SUITE_P(Tools, HttpRefusals, testing::ValuesIn(tool_rows), name_of_row);
INSTANTIATE_TEST_SUITE_P(Access, HttpRefusals, testing::ValuesIn(access_rows), name_of_row);

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
