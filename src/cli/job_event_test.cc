// SPDX-License-Identifier: Apache-2.0
#include "cli/job_event.h"

#include <gtest/gtest.h>

namespace attacca::cli {
namespace {

constexpr std::string_view record =
    R"({"@":"attacca-evidence/1","act":"svc:engine","art":[{"d":"sha256:00","m":"text/plain",)"
    R"("n":"stdout","s":3}],"ent":"job/01920000-0000-7000-8000-000000000001","eseq":2,"gseq":12,)"
    R"("n":"AAAAAAAAAAAAAAAAAAAAAA==","org":"o","p":{"attempt":1,"node":"hi",)"
    R"("outcome":"succeeded"},"prev":"x","res":"ok","src":"node-1",)"
    R"("t":"2026-03-01T12:00:00.123456Z","ten":"default","tgt":"t","typ":"attempt_ended"})";

TEST(JobEvent, IsReadFromARecord) {
    const Result<JobEvent> event = event_of_record(record);
    ASSERT_TRUE(event);
    EXPECT_EQ(event->gseq, 12U);
    EXPECT_EQ(event->type, "attempt_ended");
    EXPECT_EQ(event->job, "01920000-0000-7000-8000-000000000001");
    EXPECT_EQ(text_member(event->data, "node"), "hi");
    EXPECT_NE(event->data.find("artifacts"), nullptr);
    EXPECT_EQ(rfc3339(event->at), "2026-03-01T12:00:00.123456Z");
}

TEST(JobEvent, IsReadFromAServersAnswer) {
    const Json item = *parse_json(
        R"({"id":12,"type":"job_ended","time":"2026-03-01T12:00:00.123Z","actor":"a",)"
        R"("job":"j","data":{"state":"failed"}})");
    const Result<JobEvent> event = event_of_wire(item);
    ASSERT_TRUE(event);
    EXPECT_EQ(event->gseq, 12U);
    EXPECT_EQ(text_member(event->data, "state"), "failed");
}

TEST(JobEvent, ComesBackFromACloudEvent) {
    JobEvent event = *event_of_record(record);
    for (const char* type : {"job_created", "attempt_ended", "map_expanded", "cancel_requested",
                             "job_paused", "job_resumed", "attempt_started"}) {
        event.type = type;
        const Result<JobEvent> back = event_of_wire(cloud_event(event));
        ASSERT_TRUE(back);
        EXPECT_EQ(back->type, type);
        EXPECT_EQ(back->gseq, event.gseq);
        EXPECT_EQ(back->job, event.job);
        EXPECT_EQ(back->data, event.data);
    }
    event.type = "job_ended";
    event.data = *parse_json(R"({"state":"cancelled"})");
    EXPECT_EQ(event_of_wire(cloud_event(event))->type, "job_ended");
}

TEST(JobEvent, NonsenseIsAnError) {
    EXPECT_EQ(event_of_record("{}").error().problem, Problem::corrupt);
    EXPECT_EQ(event_of_record("nonsense").error().problem, Problem::corrupt);
    EXPECT_EQ(event_of_wire(Json::object()).error().problem, Problem::corrupt);
    EXPECT_FALSE(event_of_wire(*parse_json(R"({"data":{},"time":"yesterday"})")));
}

TEST(JobEvent, BecomesACloudEvent) {
    const Json cloud = cloud_event(*event_of_record(record));
    EXPECT_EQ(text_member(cloud, "specversion"), "1.0");
    EXPECT_EQ(text_member(cloud, "id"), "12");
    EXPECT_EQ(text_member(cloud, "type"), "attacca.attempt.ended");
    EXPECT_EQ(text_member(cloud, "subject"), "jobs/01920000-0000-7000-8000-000000000001");
    EXPECT_EQ(text_member(cloud, "dataschema"), "urn:attacca:record:attempt_ended");
    EXPECT_EQ(text_member(cloud, "time"), "2026-03-01T12:00:00.123Z");
    JobEvent end;
    end.type = "job_ended";
    end.data = *parse_json(R"({"state":"completed"})");
    EXPECT_EQ(text_member(cloud_event(end), "type"), "attacca.job.completed");
}

TEST(Members, AreNeutralWhenMissingOrOfAnotherType) {
    const Json object = *parse_json(R"({"a":1,"b":"x"})");
    EXPECT_EQ(text_member(object, "a"), "");
    EXPECT_EQ(text_member(object, "c"), "");
    EXPECT_EQ(number_member(object, "b", -1), -1);
    EXPECT_EQ(number_member(object, "a"), 1);
    EXPECT_EQ(text_member(Json{}, "a"), "");
}

}  // namespace
}  // namespace attacca::cli
