// SPDX-License-Identifier: Apache-2.0
#include <string>

#include <gtest/gtest.h>

#include "e2e/http_harness.h"

namespace attacca::e2e {
namespace {

class HttpLogs : public testing::Test {
  protected:
    void SetUp() override {
        id_ = client_.create(one_run);
        spec_ = harness_.runner->held.wait_for_start(1);
    }
    std::string path(const std::string& query = {}) const {
        return api + "/jobs/" + id_ + "/nodes/a/logs" + query;
    }
    void finish() {
        harness_.end(spec_);
        client_.wait_for(id_, "completed");
    }

    HttpHarness harness_;
    ApiClient client_{harness_};
    std::string id_;
    core::AttemptSpec spec_;
};

TEST_F(HttpLogs, AreReadWhileTheAttemptRunsAndAfter) {
    EXPECT_EQ(client_.get(path()).body, "");
    harness_.write_live(spec_, "one\n");
    const RawAnswer live = client_.get(path());
    EXPECT_EQ(live.status, 200);
    EXPECT_EQ(live.body, "one\n");
    EXPECT_EQ(live.field("Content-Type"), "text/plain; charset=utf-8");
    harness_.write_live(spec_, "two\n");
    finish();
    EXPECT_EQ(client_.get(path()).body, "one\ntwo\n");
    EXPECT_EQ(client_.get(path("?attempt=1&stream=stdout")).body, "one\ntwo\n");
    EXPECT_EQ(client_.get(path("?stream=stderr")).body, "");
    EXPECT_EQ(client_.get(path("?attempt=2")).status, 404);
    EXPECT_EQ(client_.get(path("?stream=other")).status, 422);
    EXPECT_EQ(client_.get(api + "/jobs/" + id_ + "/nodes/z/logs").status, 404);
    EXPECT_EQ(client_.get(api + "/jobs/" + id_ + "/nodes/%2e%2e/logs").status, 404);
}

TEST_F(HttpLogs, TakeRanges) {
    harness_.write_live(spec_, "0123456789");
    finish();
    const RawAnswer part = client_.get(path(), "Range: bytes=2-4\r\n");
    EXPECT_EQ(part.status, 206);
    EXPECT_EQ(part.body, "234");
    EXPECT_EQ(part.field("Content-Range"), "bytes 2-4/10");
    EXPECT_EQ(client_.get(path(), "Range: bytes=-3\r\n").body, "789");
    const RawAnswer beyond = client_.get(path(), "Range: bytes=10-\r\n");
    EXPECT_EQ(beyond.status, 416);
    EXPECT_EQ(beyond.field("Content-Range"), "bytes */10");
    EXPECT_EQ(parse_json(beyond.body)->find("code")->as_string(), "range-not-satisfiable");
}

TEST_F(HttpLogs, ALargeOneArrivesWhole) {
    std::string text;
    for (int i = 0; i < 200'000; ++i) {
        text += std::to_string(i) + "\n";
    }
    harness_.write_live(spec_, text);
    finish();
    const RawAnswer answer = client_.get(path());
    EXPECT_EQ(answer.field("Content-Length"), std::to_string(text.size()));
    EXPECT_EQ(answer.body, text);
    EXPECT_EQ(client_.get("/livez").status, 200) << "the connection lives on";
}

TEST_F(HttpLogs, AreFollowedUntilTheAttemptEnds) {
    RawClient raw(harness_.port());
    raw.send("GET " + path("?follow=true") + " HTTP/1.1\r\nHost: h\r\n" + auth + "\r\n");
    EXPECT_EQ(raw.read_head().field("Transfer-Encoding"), "chunked");
    harness_.write_live(spec_, "first ");
    EXPECT_EQ(raw.read_until("first "), "first ");
    harness_.write_live(spec_, "second ");
    EXPECT_EQ(raw.read_until("second "), "second ");
    harness_.write_live(spec_, "last");
    finish();
    EXPECT_EQ(raw.read_until("last"), "last");
    std::string rest;
    EXPECT_FALSE(raw.read_chunk(rest));
    EXPECT_EQ(client_.get(path("?follow=true")).body, "first second last") << "also afterwards";
    EXPECT_EQ(client_.get(path("?follow=true&from=13")).body, "last") << "from where it broke";
    EXPECT_EQ(client_.get(path("?follow=true&from=1000")).body, "");
    EXPECT_EQ(client_.get(path("?from=5")).status, 422);
    EXPECT_EQ(client_.get(path("?follow=true"), "Range: bytes=5-\r\n").status, 422);
}

TEST_F(HttpLogs, ANodeThatNeverBeganEndsItsFollowersWithTheJob) {
    const std::string waits = client_.create(
        R"({"nodes":[{"id":"a","run":["/bin/true"]},
                     {"id":"b","run":["/bin/true"],"needs":["a"]}]})");
    const core::AttemptSpec spec = harness_.runner->held.wait_for_start(2);
    RawClient raw(harness_.port());
    raw.send("GET " + api + "/jobs/" + waits + "/nodes/b/logs?follow HTTP/1.1\r\nHost: h\r\n" +
             auth + "\r\n");
    EXPECT_EQ(raw.read_head().status, 200);
    harness_.end(spec, core::Outcome::failed);
    std::string body;
    EXPECT_FALSE(raw.read_chunk(body));
    EXPECT_EQ(body, "");
    EXPECT_EQ(client_.get(api + "/jobs/" + waits + "/nodes/b/logs").status, 404);
}

}  // namespace
}  // namespace attacca::e2e
