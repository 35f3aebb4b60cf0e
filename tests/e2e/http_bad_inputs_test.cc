// SPDX-License-Identifier: Apache-2.0
#include <string>

#include <gtest/gtest.h>

#include "e2e/http_refusals.h"

// Bad inputs 1 to 23, by number. Rows 11 and 12, slow requests, need short limits and stand in
// src/http/connection_test.cc; with the product's limits, and with their cost in memory, rows 4, 6,
// 11, 12 and 16 stand in hostile_clients.py. Row 21 stands with the schedules.

namespace attacca::e2e {
namespace {

const Row syntax_rows[] = {
    // 1: malformed JSON: the byte is named
    {"TrailingComma", post("{\"a\":1,}"), 400, "json-syntax", "at byte 7"},
    {"Unclosed", post("{\"a\":1"), 400, "json-syntax", "at byte 6"},
    {"EmptyBody", post(""), 400, "json-syntax"},
    // 2: text that is no UTF-8: the bytes are not echoed
    {"InvalidUtf8", post("{\"name\":\"\xff\"}"), 400, "json-encoding", "at byte 9"},
    {"LoneSurrogate", post(R"({"name":"\ud800"})"), 400, "json-encoding", "at byte 15"},
    {"Overlong", post("{\"name\":\"\xc0\xaf\"}"), 400, "json-encoding", "at byte 9"},
    // 3: a key twice
    {"DuplicateKey", post(R"({"name":"a","name":"b"})"), 400, "json-duplicate-key", "name"},
    // 4: nested too deeply
    {"TenThousandArrays", post(std::string(10000, '[')), 400, "json-depth", "more than 64 levels"},
    // 5: numbers that are none
    {"NotANumber", post(R"({"name":NaN})"), 400, "json-number", "at byte 8"},
    {"Infinity", post(R"({"name":Infinity})"), 400, "json-number"},
    {"TooLargeANumber", post(R"({"name":1e999})"), 400, "json-number"},
    // 6: a body of 100 MB
    {"DeclaredTooLarge",
     request("POST",
             api + "/job",
             auth + "Content-Type: application/json\r\nContent-Length: 104857600\r\n"),
     413, "body-too-large", "Connection: close"},
    // 7: a compressed body
    {"Gzip", post("xx", join("Content-Encoding: gzip\r\n")), 415, "unsupported-encoding"},
    // 8: another media type
    {"OtherMediaType", post("name: x", "Content-Type: application/yaml\r\n"),
     415, "unsupported-media-type"},
    {"NoMediaType", post(good, ""), 415, "unsupported-media-type"},
    {"OtherCharset", post(good, "Content-Type: application/json; charset=latin1\r\n"), 415,
     "unsupported-media-type"},
    {"Upload", post("--x\r\n", "Content-Type: multipart/form-data; boundary=x\r\n"),
     415, "unsupported-media-type"},
    // 9: framing
    {"LengthAndChunks", request("POST", api + "/job", auth + chunked + "Content-Length: 5\r\n"),
     400, "bad-request-framing", "Connection: close"},
    {"TwoLengths", request("POST", api + "/job", auth + body_2 + "Content-Length: 3\r\n"),
     400, "bad-request-framing"},
    {"BareLineFeed", "GET / HTTP/1.1\nHost: h\n\n", 400, "bad-request-framing"},
    {"SpaceBeforeColon", request("GET", "/", "Authorization : x\r\n"), 400, "bad-request-framing"},
    // 10: a long target, many fields
    {"LongTarget", "GET /" + std::string(65536, 'a'), 414, "uri-too-long"},
    {"ThousandFields",
     [] {
         std::string fields;
         for (int i = 0; i < 1000; ++i) {
             fields += "X-" + std::to_string(i) + ": 1\r\n";
         }
         return request("GET", "/", fields);
     }(), 431, "headers-too-large"},
    {"MalformedEscape", get("/api/%zz"), 400, "bad-request-framing"},
};

const Row meaning_rows[] = {
    // 13: cycles: the path is told
    {"Cycle",
     dag(R"({"nodes":[{"id":"a","type":"noop","needs":["b"]},)"
         R"({"id":"b","type":"noop","needs":["a"]}]})"),
     422, "dag-cycle", "a -> b -> a", "/dag_definition/nodes/0/needs/0"},
    {"SelfDependency", dag(R"({"nodes":[{"id":"a","type":"noop","needs":["a"]}]})"),
     422, "dag-cycle", "a -> a", "/dag_definition/nodes/0/needs/0"},
    {"CycleOfEdges",
     dag(R"({"nodes":[{"id":"a","type":"noop"},{"id":"b","type":"noop"}],)"
         R"("edges":[{"from":"a","to":"b"},{"from":"b","to":"a"}]})"),
     422, "dag-cycle", "a -> b -> a", "/dag_definition/edges/1"},
    // 14: the same id twice: both places
    {"DuplicateNode", dag(R"({"nodes":[{"id":"a","type":"noop"},{"id":"a","type":"noop"}]})"),
     422, "dag-duplicate-node", "", "/dag_definition/nodes/0"},
    {"DuplicateNodeButForCase",
     dag(R"({"nodes":[{"id":"a","type":"noop"},{"id":"A","type":"noop"}]})"),
     422, "dag-duplicate-node", "", "/dag_definition/nodes/1"},
    // 15: an edge to nowhere
    {"UnknownNode", dag(R"({"nodes":[{"id":"a","type":"noop"}],"edges":[{"from":"a","to":"z"}]})"),
     422, "dag-unknown-node", "`z`", "/dag_definition/edges/0/to"},
    {"UnknownNeed", dag(R"({"nodes":[{"id":"a","type":"noop","needs":["z"]}]})"), 422,
     "dag-unknown-node", "`z`", "/dag_definition/nodes/0/needs/0"},
    // 16: more nodes than allowed
    {"TooManyNodes", dag(many_nodes(100001)), 422, "dag-too-large", "100000"},
    // 17: no node, or too many needs
    {"EmptyGraph", dag(R"({"nodes":[]})"), 422, "dag-empty", "", "/dag_definition/nodes"},
    {"FanIn", dag(fan_in(5000)), 422, "dag-fan-limit", "4096", "/dag_definition/nodes/0"},
    // 18: priority
    {"NegativePriority", with(R"("priority":-1)"), 422, "out-of-range", "", "/priority"},
    {"HugePriority", with(R"("priority":2147483648)"), 422, "out-of-range", "", "/priority"},
    {"FractionalPriority", with(R"("priority":1.5)"), 422, "json-number", "1.5", "/priority"},
    {"FractionalAttempts", node_with(R"("retry":{"max_attempts":1.5})"), 422, "json-number", "1.5",
     "/dag_definition/nodes/0/retry/max_attempts"},
    {"UnknownPriority", with(R"("priority":"urgent")"), 422, "out-of-range", "", "/priority"},
    // 19: time limits
    {"HugeTimeout", node_with(R"("timeout":"9223372036854775807s")"),
     422, "out-of-range", "", "/dag_definition/nodes/0/timeout"},
    {"HugeTimeoutWithoutUnit", node_with(R"("timeout":9223372036854775807)"), 422,
     "out-of-range", "",
     "/dag_definition/nodes/0/timeout"},
    {"NegativeTimeout", node_with(R"("timeout":"-1s")"),
     422, "out-of-range", "", "/dag_definition/nodes/0/timeout"},
    {"IsoTimeout", node_with(R"("timeout":"PT1E9H")"),
     422, "out-of-range", "", "/dag_definition/nodes/0/timeout"},
    // 20: retry policies
    {"NoAttempts", node_with(R"("retry":{"max_attempts":0})"),
     422, "retry-policy", "", "/dag_definition/nodes/0/retry/max_attempts"},
    {"BillionAttempts", node_with(R"("retry":{"max_attempts":1000000000})"),
     422, "retry-policy", "", "/dag_definition/nodes/0/retry/max_attempts"},
    {"DelayAboveItsCap", node_with(R"("retry":{"delay":"10m","max_delay":"1s"})"),
     422, "retry-policy", "", "/dag_definition/nodes/0/retry/delay"},
    {"MultiplierIsNoNumber", node_with(R"("retry":{"multiplier":"NaN"})"), 422, "retry-policy", "",
     "/dag_definition/nodes/0/retry/multiplier"},
    {"BareNanAsMultiplier", node_with(R"("retry":{"multiplier":NaN})"), 400, "json-number"},
    // 22: unknown fields, and those that the server sets
    {"UnknownField", with(R"("colour":"red")"), 422, "unknown-field", "", "/colour"},
    {"TenantField", with(R"("tenant_id":"other")"), 422, "read-only-field", "", "/tenant_id"},
    {"StatusField", with(R"("status":"completed")"), 422, "read-only-field", "", "/status"},
    {"RoleField", with(R"("role":"admin")"), 422, "read-only-field", "", "/role"},
    {"FenceField", with(R"("fence":1)"), 422, "read-only-field", "", "/fence"},
    {"FenceFieldInANode", node_with(R"("fence":1)"),
     422, "read-only-field", "", "/dag_definition/nodes/0/fence"},
    {"NoName", job(R"("dag_definition":{"nodes":[{"id":"a","type":"noop"}]})"),
     422, "missing-field"},
    {"EmptyName", job(R"("name":"","dag_definition":{"nodes":[{"id":"a","type":"noop"}]})"),
     422, "out-of-range"},
    {"LongName",
     job(R"("name":")" + std::string(201, 'x') +
         R"(","dag_definition":{"nodes":[{"id":"a","type":"noop"}]})"), 422, "out-of-range"},
    {"NameIsNoText", job(R"("name":1,"dag_definition":{"nodes":[{"id":"a","type":"noop"}]})"),
     422, "wrong-type"},
    {"NoDefinition", job(R"("name":"x")"), 422, "missing-field"},
    {"LabelIsNoText", with(R"("labels":{"a":1})"), 422, "wrong-type", "", "/labels/a"},
    {"TagIsNoText", with(R"("tags":["a",2])"), 422, "wrong-type", "", "/tags/1"},
    {"BadInstant", with(R"("scheduled_at":"tomorrow")"), 422, "invalid-value", "", "/scheduled_at"},
    {"MetadataIsNoObject", with(R"("metadata":[])"), 422, "wrong-type"},
    {"BatchIsNoArray", post(good, join(""), api + "/jobs:batch"), 422, "wrong-type"},
    {"BatchIsEmpty", post("[]", join(""), api + "/jobs:batch"), 422, "out-of-range"},
    {"JobInABatch", post("[" + good + R"(,{"name":7}])", join(""), api + "/jobs:batch"),
     422, "wrong-type", "", "/1/name"},
    // 23: idempotency keys
    {"LongIdempotencyKey", post(good, join("Idempotency-Key: " + std::string(256, 'k') + "\r\n")),
     400, "idempotency-malformed"},
    {"EmptyIdempotencyKey", post(good, join("Idempotency-Key: \"\"\r\n")),
     400, "idempotency-malformed"},
    {"TwoIdempotencyKeys", post(good, join("Idempotency-Key: a\r\nIdempotency-Key: b\r\n")),
     400, "idempotency-malformed"},
};

class HttpBadInput : public HttpRefusals {};

TEST_P(HttpBadInput, IsRefusedExactlyAndLeavesNoTrace) {
    check(GetParam());
}

INSTANTIATE_TEST_SUITE_P(Syntax, HttpBadInput, testing::ValuesIn(syntax_rows), name_of_row);
INSTANTIATE_TEST_SUITE_P(Meaning, HttpBadInput, testing::ValuesIn(meaning_rows), name_of_row);

// 2: what could not be read is not sent back.
TEST(HttpBadBytes, AreNotEchoed) {
    HttpHarness harness;
    RawClient raw(harness.port());
    raw.send(post("{\"name\":\"secret\xff\"}"));
    const RawAnswer answer = raw.read();
    EXPECT_EQ(answer.status, 400);
    EXPECT_EQ(answer.body.find('\xff'), std::string::npos);
    EXPECT_EQ(answer.body.find("secret"), std::string::npos);
}

// 9: after a request whose end cannot be known, nothing on the connection is one.
TEST(HttpBadFraming, ClosesAndServesNothingThatFollows) {
    HttpHarness harness;
    for (const std::string& fields :
         {chunked + "Content-Length: 5\r\n", body_2 + "Content-Length: 3\r\n"}) {
        RawClient raw(harness.port());
        raw.send(request("POST", api + "/job", auth + fields) + post(good));
        EXPECT_EQ(raw.read().status, 400);
        EXPECT_TRUE(raw.is_ended());
    }
    ApiClient client(harness);
    EXPECT_EQ(parse_json(client.get(api + "/jobs").body)->find("total")->as_integer(), 0);
}

// 23: the key of one request is no key for another.
TEST(HttpBadKey, UsedWithAnotherBodyIsRefusedAndOneJobExists) {
    HttpHarness harness;
    ApiClient client(harness);
    const std::string key = "Idempotency-Key: k\r\n";
    ASSERT_EQ(client.post(api + "/job", good, key).status, 202);
    const std::string other =
        R"({"name":"y","dag_definition":{"nodes":[{"id":"a","type":"noop"}]}})";
    const RawAnswer answer = client.post(api + "/job", other, key);
    EXPECT_EQ(answer.status, 422);
    EXPECT_EQ(parse_json(answer.body)->find("code")->as_string(), "idempotency-mismatch");
    EXPECT_EQ(parse_json(client.get(api + "/jobs").body)->find("total")->as_integer(), 1);
}

}  // namespace
}  // namespace attacca::e2e
