// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "cli/job_source.h"

// With a store behind it: tests/e2e/cli_run_test.cc.

namespace attacca::cli {
namespace {

// A job of a map with one named item, which failed.
class ToldSource final : public JobSource {
  public:
    Result<Json> list(const JobQuery&) override { return Json::object(); }
    Result<Json> job(const std::string& id) override {
        Json job = Json::object();
        job.set("id", id);
        return job;
    }
    Result<Json> events(const std::string&) override {
        return parse_json(
            R"({"items":[{"id":1,"type":"job_created","time":"2026-03-01T12:00:00Z",)"
            R"("job":"j","data":{"name":"n"}},{"id":2,"type":"map_expanded",)"
            R"("time":"2026-03-01T12:00:00Z","job":"j","data":{"node":"m","count":1}},)"
            R"({"id":3,"type":"job_ended","time":"2026-03-01T12:00:01Z","job":"j",)"
            R"("data":{"state":"failed","fin":true}}]})");
    }
    Result<std::vector<Instance>> instances(const std::string&) override {
        return std::vector<Instance>{{"m", std::nullopt, ""}, {"m", 0, "10.0.0.7"}};
    }
    Result<std::string> log(const std::string&, const LogWanted&) override {
        return std::string{"0123456789"};
    }
    Result<void> follow_log(const std::string&, const LogWanted&,
                            const std::function<bool(std::string_view)>&) override {
        return {};
    }
    Result<Json::Array> artifacts(const std::string&, const ArtifactsWanted&) override {
        return Json::Array{};
    }
    Result<void> artifact(const std::string&, const Json&,
                          const std::function<bool(std::string_view)>&) override {
        return {};
    }
};

TEST(StoredFeed, TellsAllEventsAndTheNamesOfItems) {
    ToldSource source;
    ProgressModel model("n");
    const std::unique_ptr<JobFeed> feed = stored_feed(source, "j", model);
    std::vector<std::string> types;
    EXPECT_TRUE(feed->follow(
        [&](const JobEvent& event) {
            types.push_back(event.type);
            static_cast<void>(model.apply(event));
        },
        [] { return true; }));
    EXPECT_EQ(types, (std::vector<std::string>{"job_created", "map_expanded", "job_ended"}));
    EXPECT_TRUE(model.is_over());
    EXPECT_EQ(model.instance_name("m", 0), "m[10.0.0.7]");
    EXPECT_EQ(text_member(*feed->job(), "id"), "j");
    EXPECT_EQ(feed->cancel().error().problem, Problem::state_conflict);
}

TEST(StoredFeed, GivesTheEndOfALog) {
    ToldSource source;
    ProgressModel model("n");
    const std::unique_ptr<JobFeed> feed = stored_feed(source, "j", model);
    EXPECT_EQ(feed->log_tail({"m", 0, 0, "stdout"}, 4), "6789");
    EXPECT_EQ(feed->log_tail({"m", 0, 0, "stdout"}, 40), "0123456789");
}

}  // namespace
}  // namespace attacca::cli
