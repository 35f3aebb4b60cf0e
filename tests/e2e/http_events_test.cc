// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "e2e/http_harness.h"

namespace attacca::e2e {
namespace {

// One event of a stream.
struct Event {
    std::string id;
    std::string type;
    Json data;
};

class EventClient {
  public:
    EventClient(const HttpHarness& harness, const std::string& query, const std::string& more = {})
        : raw_(harness.port()) {
        raw_.send("GET /sse/events" + query + " HTTP/1.1\r\nHost: h\r\n" + auth + more + "\r\n");
        head = raw_.read_head();
    }
    // The next event; comments and the retry line are skipped. An empty id at the end.
    Event next() {
        for (;;) {
            const std::size_t end = text_.find("\n\n");
            if (end == std::string::npos) {
                if (!raw_.read_chunk(text_)) {
                    return {};
                }
                continue;
            }
            const std::string block = text_.substr(0, end + 1);
            text_.erase(0, end + 2);
            Event event{line(block, "id: "), line(block, "event: "), {}};
            if (!event.id.empty()) {
                event.data = *parse_json(line(block, "data: "));
                return event;
            }
            comments += block.starts_with(":") ? 1 : 0;
        }
    }
    bool wait_for_comment() {
        while (text_.find(":\n\n") == std::string::npos) {
            if (!raw_.read_chunk(text_)) {
                return false;
            }
        }
        return true;
    }

    RawAnswer head;
    int comments = 0;

  private:
    static std::string line(const std::string& block, const std::string& key) {
        const std::size_t at = block.find(key);
        return at == std::string::npos
                   ? std::string()
                   : block.substr(at + key.size(), block.find('\n', at) - at - key.size());
    }
    RawClient raw_;
    std::string text_;
};

TEST(HttpEvents, AJobsRecordsAreListedInBothForms) {
    HttpHarness harness;
    ApiClient client(harness);
    const std::string id = client.create(one_noop);
    client.wait_for(id, "completed");
    const Json list = *parse_json(client.get(api + "/jobs/" + id + "/events").body);
    const Json::Array& items = list.find("items")->as_array();
    std::vector<std::string> types;
    for (const Json& item : items) {
        types.push_back(item.find("type")->as_string());
        EXPECT_EQ(item.find("job")->as_string(), id);
    }
    EXPECT_EQ(types, (std::vector<std::string>{"job_created", "attempt_started", "attempt_ended",
                                               "job_ended"}));
    EXPECT_EQ(items[0].find("actor")->as_string(), "usr:admin");
    EXPECT_EQ(items[3].find("data")->find("state")->as_string(), "completed");

    const Json plain = *parse_json(client.get("/jobs/" + id + "/events").body);
    const Json& first = plain.find("items")->as_array().front();
    EXPECT_EQ(first.find("event_type")->as_string(), "job_created");
    EXPECT_EQ(first.find("task_id")->as_string(), id);
    EXPECT_FALSE(first.find("timestamp")->as_string().empty());

    const std::string path = api + "/jobs/" + id + "/events";
    const Json page = *parse_json(client.get(path + "?limit=2").body);
    EXPECT_EQ(page.find("items")->as_array().size(), 2U);
    const std::string after = std::to_string(page.find("next_after")->as_integer());
    const Json rest = *parse_json(client.get(path + "?after=" + after).body);
    EXPECT_EQ(rest.find("items")->as_array(), Json::Array(items.begin() + 2, items.end()));
}

TEST(HttpEvents, EveryRecordIsOneEvent) {
    HttpHarness harness;
    ApiClient client(harness);
    EventClient events(harness, "?after=0");
    EXPECT_EQ(events.head.status, 200);
    EXPECT_EQ(events.head.field("Content-Type"), "text/event-stream");
    const std::string id = client.create(one_noop);
    std::uint64_t gseq = 1;
    for (const char* type : {"attacca.job.created", "attacca.attempt.started",
                             "attacca.attempt.ended", "attacca.job.completed"}) {
        const Event event = events.next();
        EXPECT_EQ(event.id, std::to_string(gseq++)) << "no gap, no repetition";
        EXPECT_EQ(event.type, type);
        EXPECT_EQ(event.data.find("specversion")->as_string(), "1.0");
        EXPECT_EQ(event.data.find("type")->as_string(), type);
        EXPECT_EQ(event.data.find("subject")->as_string(), "jobs/" + id);
        EXPECT_EQ(event.data.find("id")->as_string(), event.id);
    }
}

TEST(HttpEvents, AClientResumesWhereItWas) {
    HttpHarness harness;
    ApiClient client(harness);
    for (int i = 0; i < 20; ++i) {
        client.wait_for(client.create(one_noop), "completed");
    }
    EventClient events(harness, "", "Last-Event-ID: 40\r\n");
    for (int gseq = 41; gseq <= 80; ++gseq) {
        ASSERT_EQ(events.next().id, std::to_string(gseq));
    }
}

TEST(HttpEvents, TopicsAreJobsOrTheWholeTenant) {
    HttpHarness harness;
    ApiClient client(harness);
    std::vector<std::string> ids;
    for (int i = 0; i < 3; ++i) {
        ids.push_back(client.create(one_noop));
        client.wait_for(ids.back(), "completed");
    }
    EventClient of_one(harness, "?after=0&topics=job:" + ids[1]);
    ASSERT_EQ(of_one.head.status, 200) << of_one.head.head;
    EventClient of_two(harness, "?after=0&topics=job:" + ids[2] + ",job:" + ids[0]);
    EventClient of_all(harness, "?after=0&topics=tenant,job:" + ids[0]);
    for (int record = 0; record < 4; ++record) {
        EXPECT_EQ(of_one.next().data.find("subject")->as_string(), "jobs/" + ids[1]);
    }
    for (int record = 0; record < 8; ++record) {
        EXPECT_EQ(of_two.next().data.find("subject")->as_string(),
                  "jobs/" + (record < 4 ? ids[0] : ids[2]));
    }
    for (int gseq = 1; gseq <= 12; ++gseq) {
        EXPECT_EQ(of_all.next().id, std::to_string(gseq));
    }
    // What comes later is filtered alike.
    const std::string later = client.create(one_noop);
    EXPECT_EQ(of_all.next().data.find("subject")->as_string(), "jobs/" + later);
}

TEST(HttpEvents, FiltersByJobAndByType) {
    HttpHarness harness;
    ApiClient client(harness);
    const std::string first = client.create(one_noop);
    const std::string second = client.create(one_run);
    client.wait_for(first, "completed");
    const core::AttemptSpec spec = harness.runner->held.wait_for_start(1);
    EventClient of_job(harness, "?after=0&job=" + second);
    EventClient of_type(harness, "?after=0&type=job_ended,attacca.job.paused");
    EXPECT_EQ(of_job.next().type, "attacca.job.created");
    EXPECT_EQ(of_job.next().type, "attacca.attempt.started");
    EXPECT_EQ(of_type.next().data.find("subject")->as_string(), "jobs/" + first);
    client.post(api + "/jobs/" + second + "/pause", "");
    client.post(api + "/jobs/" + second + "/resume", "");
    harness.end(spec);
    EXPECT_EQ(of_type.next().type, "attacca.job.paused");
    EXPECT_EQ(of_type.next().data.find("type")->as_string(), "attacca.job.completed");
    for (const char* type : {"attacca.job.paused", "attacca.job.resumed", "attacca.attempt.ended",
                             "attacca.job.completed"}) {
        EXPECT_EQ(of_job.next().type, type);
    }
    EXPECT_EQ(client.get("/sse/events?job=none").status, 404);
}

TEST(HttpEvents, AQuietStreamIsKeptAliveByComments) {
    http::ServiceOptions options;
    options.comment_period = milliseconds(10);
    HttpHarness harness(options);
    EventClient events(harness, "");
    EXPECT_TRUE(events.wait_for_comment());
}

TEST(HttpEvents, AClientThatNeverReadsIsClosedAndOthersGoOn) {
    http::ServiceOptions options;
    options.limits.write_timeout = seconds(1);
    HttpHarness harness(options);
    ApiClient client(harness);
    RawClient stuck(harness.port(), 2048);
    stuck.send("GET /sse/events?after=0 HTTP/1.1\r\nHost: h\r\n" + auth + "\r\n");
    std::string last;
    std::thread reader([&] {
        EventClient reading(harness, "?after=0");
        for (int i = 0; i < 8000; ++i) {
            last = reading.next().id;
        }
    });
    const std::string job = R"({"name":"x","dag_definition":)" + one_noop + "}";
    std::string batch = "[" + job;
    for (int i = 1; i < 1000; ++i) {
        batch += "," + job;
    }
    batch += "]";
    EXPECT_EQ(client.post(api + "/jobs:batch", batch).status, 202);
    EXPECT_EQ(client.post(api + "/jobs:batch", batch).status, 202);
    reader.join();
    EXPECT_EQ(last, "8000") << "the reader missed nothing";
    while (client.get("/metrics").body.find("\norch_sse_connections_active 0\n") ==
           std::string::npos) {
        std::this_thread::yield();
    }
}

TEST(HttpEvents, ManyStreamsSeeTheSame) {
    HttpHarness harness;
    ApiClient client(harness);
    std::vector<std::unique_ptr<EventClient>> streams;
    for (int i = 0; i < 100; ++i) {
        streams.push_back(std::make_unique<EventClient>(harness, "?after=0&type=job_ended"));
        ASSERT_EQ(streams.back()->head.status, 200);
    }
    const std::string id = client.create(one_noop);
    for (const auto& stream : streams) {
        EXPECT_EQ(stream->next().data.find("subject")->as_string(), "jobs/" + id);
    }
}

TEST(HttpEvents, AStopEndsTheStreams) {
    HttpHarness harness;
    EventClient events(harness, "");
    std::thread stopper([&] { harness.service->stop(seconds(20)); });
    EXPECT_TRUE(events.next().id.empty());
    stopper.join();
}

}  // namespace
}  // namespace attacca::e2e
