// SPDX-License-Identifier: Apache-2.0
#include "cli/stored_job.h"

#include <gtest/gtest.h>

#include "cli/sample_events.h"
#include "core/graph/pipeline.h"

namespace attacca::cli {
namespace {

const std::string digest_text(64, 'a');

std::string artifacts(const std::string& stream, int bytes) {
    return R"(,"artifacts":[{"d":"sha256:)" + digest_text + R"(","n":")" + stream +
           R"(","s":)" + std::to_string(bytes) + "}]";
}

TEST(StoredLog, IsThatOfTheLastAttemptUnlessOneIsNamed) {
    EventScript script("j");
    script.end(1, "a", "failed", R"(,"attempt":1)" + artifacts("stdout", 1))
        .end(2, "a", "succeeded", R"(,"attempt":2)" + artifacts("stdout", 2))
        .end(3, "m", "succeeded", R"(,"attempt":1,"item":4)" + artifacts("stderr", 3));
    const auto& events = script.events();
    EXPECT_EQ(stored_log(events, {"a", std::nullopt, 0, "stdout"})->bytes, 2U);
    EXPECT_EQ(stored_log(events, {"a", std::nullopt, 1, "stdout"})->bytes, 1U);
    EXPECT_EQ(stored_log(events, {"m", 4, 0, "stderr"})->bytes, 3U);
    EXPECT_EQ(stored_log(events, {"m", 4, 0, "stderr"})->digest, *sha256_of_hex(digest_text));
    EXPECT_FALSE(stored_log(events, {"m", 5, 0, "stderr"}));
    EXPECT_FALSE(stored_log(events, {"m", std::nullopt, 0, "stderr"}));
    EXPECT_FALSE(stored_log(events, {"a", std::nullopt, 0, "stderr"}));
}

TEST(StoredLog, AnAttemptThatNeverWasIsNoneWithoutALog) {
    EventScript script("j");
    script.end(1, "a", "failed", R"(,"attempt":1)").end(2, "m", "failed",
                                                         R"(,"attempt":1,"item":4)");
    const auto& events = script.events();
    EXPECT_TRUE(has_attempt(events, {"a", std::nullopt, 0, "stdout"}));
    EXPECT_TRUE(has_attempt(events, {"a", std::nullopt, 1, "stdout"}));
    EXPECT_TRUE(has_attempt(events, {"m", 4, 1, "stdout"}));
    EXPECT_FALSE(has_attempt(events, {"a", std::nullopt, 2, "stdout"}));
    EXPECT_FALSE(has_attempt(events, {"m", 5, 1, "stdout"}));
    EXPECT_FALSE(has_attempt(events, {"m", std::nullopt, 1, "stdout"}));
}

TEST(StoredLog, OfAnAttemptWithoutTheStreamNothingOlderIsShown) {
    EventScript script("j");
    script.end(1, "a", "failed", R"(,"attempt":1)" + artifacts("stdout", 1))
        .end(2, "a", "error", R"(,"attempt":2)");
    EXPECT_FALSE(stored_log(script.events(), {"a", std::nullopt, 0, "stdout"}));
}

TEST(StoredArtifacts, AreThoseOfEveryAttemptInTheFormOfTheApi) {
    EventScript script("j");
    script.end(1, "a", "failed", R"(,"attempt":1)" + artifacts("report.txt", 1))
        .end(2, "m", "succeeded",
             R"(,"attempt":2,"item":4,"output_file":{"d":"sha256:)" + digest_text +
                 R"(","m":"application/json","n":"output","s":9,"t":true})");
    Json list = Json::array();
    for (Json& file : stored_artifacts(script.events())) {
        list.push(std::move(file));
    }
    EXPECT_EQ(list.text(),
              R"([{"name":"report.txt","node":"a","attempt":1,"sha256":")" + digest_text +
                  R"(","bytes":1,"media_type":""},{"name":"output","node":"m","item":4,)"
                  R"("attempt":2,"sha256":")" +
                  digest_text +
                  R"(","bytes":9,"media_type":"application/json","truncated":true}])");
}

TEST(BodyDigest, IsReadInEachForm) {
    EXPECT_EQ(body_digest(digest_text), *sha256_of_hex(digest_text));
    EXPECT_EQ(body_digest("sha256:" + digest_text), *sha256_of_hex(digest_text));
    EXPECT_EQ(body_digest(base64(sha256_of_hex(digest_text)->view())),
              *sha256_of_hex(digest_text));
    EXPECT_FALSE(body_digest("sha256:00"));
    EXPECT_FALSE(body_digest(""));
}

std::vector<std::string> names(const std::string& map, const std::string& items) {
    const Result<core::Pipeline> pipeline = core::parse_pipeline(*parse_json(
        R"({"attacca":"v1","name":"x","params":{"n":{"type":"integer"}},)"
        R"("nodes":{"m":{"noop":true,"map":)" + map + "}}}"));
    EXPECT_TRUE(pipeline);
    Json params = Json::object();
    params.set("n", 3);
    return item_names(pipeline->definition.nodes[0], parse_json(items)->as_array(), params);
}

TEST(ItemNames, ComeFromTheKeyOrFromTheItemItself) {
    EXPECT_EQ(names(R"({"over":["x"],"as":"host","key":"${{ host.ip }}:${{ params.n }}"})",
                    R"([{"ip":"10.0.0.1","port":443}])"),
              std::vector<std::string>{"10.0.0.1:3"});
    EXPECT_EQ(names(R"({"over":["x"],"key":"${{ job.name }}"})", R"(["ada"])"),
              std::vector<std::string>{"ada"});
    EXPECT_EQ(names(R"({"over":["x"]})",
                    R"(["ada",7,{"address":"10.0.0.7"},{"name":"n","id":"i"},[1],true])"),
              (std::vector<std::string>{"ada", "7", "10.0.0.7", "i", "", ""}));
}

TEST(JobSummary, HoldsTheRow) {
    ports::JobRow row;
    row.name = "demo";
    row.state = core::JobState::failed;
    row.reason = core::JobReason::timeout;
    row.created_at = WallTime{sample_start_us};
    row.total = 4;
    row.done = 3;
    row.failed = 1;
    const Json job = job_summary(row);
    EXPECT_EQ(text_member(job, "status"), "failed");
    EXPECT_EQ(text_member(job, "reason"), "timeout");
    EXPECT_EQ(number_member(job, "progress"), 75);
    EXPECT_EQ(text_member(job, "created_at"), "2026-03-01T12:00:00.000Z");
    EXPECT_EQ(job.find("started_at"), nullptr);
    EXPECT_EQ(number_member(*job.find("counts"), "failed"), 1);
}

}  // namespace
}  // namespace attacca::cli
