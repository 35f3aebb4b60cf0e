// SPDX-License-Identifier: Apache-2.0
#include "http/record_view.h"

#include <gtest/gtest.h>

#include "base/json.h"
#include "core/ledger/codec.h"

namespace attacca::http {
namespace {

const char* const id_text = "01890000-0000-7000-8000-000000000001";

std::string bytes_of(core::Payload payload, bool is_job = true) {
    core::Record record;
    if (is_job) {
        record.entity.job = core::JobId{*Uuid::parse(id_text)};
    } else {
        record.entity.name = "ledger";
    }
    record.tenant = "default";
    record.actor = "usr:\"odd\"";
    record.at = WallTime{1'700'000'000'123'456};
    record.payload = std::move(payload);
    std::string out;
    core::encode_record(out, record, {42, 3, {}, {}}, {"attacca.local/x", "node-1"});
    return out;
}

TEST(RecordView, ShowsTheOutsideOfARecord) {
    const std::string bytes = bytes_of(core::JobPaused{});
    const auto view = view_record(bytes);
    ASSERT_TRUE(view) << view.error().text();
    EXPECT_EQ(view->gseq, 42U);
    EXPECT_EQ(view->type, "job_paused");
    EXPECT_EQ(view->job, id_text);
    EXPECT_EQ(view->tenant, "default");
    EXPECT_EQ(view->payload, "{}");
    EXPECT_EQ(view->actor, R"("usr:\"odd\"")");
}

TEST(RecordView, ARecordOfTheServerHasNoJob) {
    const std::string bytes = bytes_of(core::LedgerStopped{}, false);
    const auto view = view_record(bytes);
    ASSERT_TRUE(view);
    EXPECT_EQ(view->job, "");
    EXPECT_EQ(view->entity, "ledger");
    EXPECT_EQ(event_type_of(*view), "attacca.ledger.stopped");
}

TEST(RecordView, BecomesACloudEvent) {
    core::JobEnded ended;
    ended.state = core::JobState::failed;
    const std::string bytes = bytes_of(ended);
    std::string out;
    append_cloud_event(out, *view_record(bytes));
    const auto event = parse_json(out);
    ASSERT_TRUE(event) << out;
    EXPECT_EQ(event->find("specversion")->as_string(), "1.0");
    EXPECT_EQ(event->find("id")->as_string(), "42");
    EXPECT_EQ(event->find("source")->as_string(), "/tenants/default");
    EXPECT_EQ(event->find("type")->as_string(), "attacca.job.failed");
    EXPECT_EQ(event->find("subject")->as_string(), std::string("jobs/") + id_text);
    EXPECT_EQ(event->find("time")->as_string(), "2023-11-14T22:13:20.123Z");
    EXPECT_EQ(event->find("dataschema")->as_string(), "urn:attacca:record:job_ended");
    EXPECT_EQ(event->find("actor")->as_string(), "usr:\"odd\"");
    EXPECT_EQ(event->find("data")->find("state")->as_string(), "failed");
}

TEST(RecordView, HasTheOtherTwoForms) {
    const std::string bytes = bytes_of(core::CancelRequested{});
    std::string out;
    append_event(out, *view_record(bytes));
    EXPECT_EQ(parse_json(out)->find("job")->as_string(), id_text);
    EXPECT_EQ(parse_json(out)->find("id")->as_integer(), 42);
    out.clear();
    append_plain_event(out, *view_record(bytes));
    EXPECT_EQ(parse_json(out)->find("event_id")->as_string(), "42");
    EXPECT_EQ(parse_json(out)->find("event_type")->as_string(), "cancel_requested");
}

TEST(RecordView, KindsHaveTheNamesOfRecordsAndOfEvents) {
    core::JobEnded ended;
    ended.state = core::JobState::cancelled;
    const std::string bytes = bytes_of(ended);
    const std::uint64_t kind = view_record(bytes)->kind;
    EXPECT_EQ(event_kinds_of("attacca.job.cancelled"), kind);
    EXPECT_EQ(event_kinds_of("job_ended") & kind, kind);
    EXPECT_EQ(event_kinds_of("attacca.job.failed") & kind, 0U);
    EXPECT_EQ(event_kinds_of("job_begun"), 0U);
}

TEST(RecordView, RefusesWhatIsNoRecord) {
    EXPECT_FALSE(view_record("{}"));
    EXPECT_FALSE(view_record(R"({"@":"attacca-evidence/1"})"));
}

}  // namespace
}  // namespace attacca::http
