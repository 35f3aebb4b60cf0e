// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "cli/job_event.h"
#include "cli/progress_model.h"

// Jobs that the tests of the progress display share, told by their events.

namespace attacca::cli {

inline constexpr std::int64_t sample_start_us = 1'772'366'400'000'000;

class EventScript {
  public:
    explicit EventScript(std::string job) : job_(std::move(job)) {}

    // `at_ms` counts from the job's creation.
    EventScript& add(std::int64_t at_ms, std::string type, const std::string& data = "{}") {
        JobEvent event;
        event.gseq = gseq_++;
        event.type = std::move(type);
        event.at = WallTime{sample_start_us + at_ms * 1000};
        event.actor = "svc:engine";
        event.job = job_;
        event.data = *parse_json(data);
        events_.push_back(std::move(event));
        return *this;
    }
    EventScript& start(std::int64_t at_ms, const std::string& node, const std::string& more = "") {
        return add(at_ms, "attempt_started",
                   R"({"attempt":1,"fence":7,"node":")" + node + "\"" + more + "}");
    }
    EventScript& end(std::int64_t at_ms, const std::string& node, const std::string& outcome,
                     const std::string& more = "") {
        return add(at_ms, "attempt_ended",
                   R"({"fence":7,"node":")" + node + R"(","outcome":")" + outcome + "\"" + more +
                       "}");
    }
    [[nodiscard]] const std::vector<JobEvent>& events() const { return events_; }

  private:
    std::string job_;
    std::uint64_t gseq_ = 100;
    std::vector<JobEvent> events_;
};

inline constexpr const char* sample_job = "01920000-0000-7000-8000-000000000001";

// A scan: ports, a map over hosts of which one fails, a report, a finally node.
inline EventScript sample_scan() {
    EventScript script(sample_job);
    script.add(0, "job_created", R"({"name":"perimeter-scan"})")
        .start(12, "ports")
        .end(8'120, "ports", "succeeded", R"(,"attempt":1)")
        .add(8'120, "map_expanded", R"({"body":"00","count":3,"node":"checks"})")
        .start(8'130, "checks", R"(,"item":0)")
        .start(8'131, "checks", R"(,"item":1)")
        .end(9'000, "checks", "succeeded", R"(,"attempt":1,"item":0)")
        .start(9'001, "checks", R"(,"item":2)")
        .end(9'500, "checks", "failed",
             R"(,"attempt":1,"detail":"connection refused","exit_code":1,"item":1,)"
             R"("retry_in_ms":1500)")
        .add(11'000, "attempt_started", R"({"attempt":2,"fence":9,"item":1,"node":"checks"})")
        .end(11'800, "checks", "failed",
             R"(,"attempt":2,"detail":"connection refused","exit_code":1,"item":1)")
        .end(12'000, "checks", "succeeded", R"(,"attempt":1,"item":2)")
        .start(12'010, "report")
        .end(13'400, "report", "succeeded", R"(,"attempt":1)")
        .start(13'410, "tell")
        .end(13'900, "tell", "succeeded", R"(,"attempt":1)")
        .add(13'901, "job_ended", R"({"fin":true,"reason":"node_failed","state":"failed"})");
    return script;
}

inline ProgressModel sample_model() {
    ProgressModel model("perimeter-scan");
    for (const char* id : {"ports", "checks", "report", "tell"}) {
        NodeProgress node;
        node.id = id;
        node.is_map = std::string_view{id} == "checks";
        node.is_finally = std::string_view{id} == "tell";
        model.add_node(std::move(node));
    }
    model.name_item("checks", 0, "10.0.0.1");
    model.name_item("checks", 1, "10.0.0.7");
    return model;
}

}  // namespace attacca::cli
