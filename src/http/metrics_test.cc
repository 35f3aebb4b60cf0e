// SPDX-License-Identifier: Apache-2.0
#include "http/metrics.h"

#include <algorithm>
#include <initializer_list>
#include <string>

#include <gtest/gtest.h>

#include "http/exposition_for_test.h"
#include "http/idle_gateway_for_test.h"

namespace attacca::http {
namespace {

TEST(Metrics, CountRequestsByMethodStatusAndEndpoint) {
    Metrics metrics;
    metrics.count_request("GET", "/a/{id}", 200, milliseconds(2));
    metrics.count_request("GET", "/a/{id}", 200, seconds(100));
    metrics.count_request("GET", "/a/{id}", 404, milliseconds(1));
    const IdleGateway gateway;
    const std::string text = metrics.text(gateway, 3);
    const auto has = [&](const std::string& line) {
        return text.find(line + "\n") != std::string::npos;
    };
    EXPECT_TRUE(has(R"(orch_http_requests_total{method="GET",status="200",endpoint="/a/{id}"} 2)"));
    EXPECT_TRUE(has(R"(orch_http_requests_total{method="GET",status="404",endpoint="/a/{id}"} 1)"));
    const std::string name = "orch_http_request_duration_seconds";
    const std::string labels = R"(method="GET",endpoint="/a/{id}")";
    EXPECT_TRUE(has(name + "_bucket{" + labels + R"(,le="0.001"} 1)"));
    EXPECT_TRUE(has(name + "_bucket{" + labels + R"(,le="0.0025"} 2)")) << text;
    EXPECT_TRUE(has(name + "_bucket{" + labels + R"(,le="10"} 2)"));
    EXPECT_TRUE(has(name + "_bucket{" + labels + R"(,le="+Inf"} 3)"));
    EXPECT_TRUE(has(name + "_sum{" + labels + "} 100.003"));
    EXPECT_TRUE(has(name + "_count{" + labels + "} 3"));
    EXPECT_TRUE(has("attacca_http_connections 3"));
    EXPECT_EQ(metrics.request_count(), 3U);
}

// A gateway whose engine shares its slots, and not quite fairly.
class BusyGateway final : public IdleGateway {
  public:
    engine::Status status() const override {
        engine::Status status;
        status.fair.tenants = 3;
        status.fair.ratio_min_ppm = 975'000;
        status.fair.starved = 2;
        status.flows_blocked[3] = 7;
        status.keyed_waiting = 5;
        return status;
    }
    engine::Counters counters() const override {
        engine::Counters counters;
        counters.waits[2].observe(engine::job_bounds_us, seconds(20));
        counters.first_waits.observe(engine::job_bounds_us, milliseconds(40));
        return counters;
    }
};

TEST(Metrics, TellHowFairlySlotsAreShared) {
    const std::string text = Metrics{}.text(BusyGateway{}, 0);
    for (const char* line :
         {"fair_ratio_min 0.975", "fair_jain{window=\"15s\"} 1", "fair_measured_tenants 3",
          "fair_starved_tenants 2", "fair_blocked_flows{reason=\"rate\"} 7",
          "fair_blocked_flows{reason=\"concurrency\"} 0", "fair_idle_slot_seconds_total 0",
          "fair_keyed_jobs_waiting 5", "fair_first_dispatch_seconds_bucket{le=\"0.05\"} 1",
          "fair_first_dispatch_seconds_sum 0.04",
          "queue_wait_seconds_bucket{priority=\"low\",le=\"10\"} 0",
          "queue_wait_seconds_bucket{priority=\"low\",le=\"30\"} 1"}) {
        EXPECT_NE(text.find(std::string(line) + "\n"), std::string::npos) << line;
    }
}

// A gateway whose engine has ended one job, after 20 s, as failed.
class OneFailedJob final : public IdleGateway {
  public:
    engine::Counters counters() const override {
        engine::Counters counters;
        counters.jobs_created = 1;
        counters.jobs_failed = 1;
        counters.job_times[1].observe(engine::job_bounds_us, seconds(20));
        return counters;
    }
};

TEST(Metrics, TellHowLongJobsTookByTheirEnd) {
    const Metrics metrics;
    const OneFailedJob gateway;
    const std::string text = metrics.text(gateway, 0);
    const auto has = [&](const std::string& line) {
        return text.find(line + "\n") != std::string::npos;
    };
    const std::string name = "orch_task_duration_seconds";
    EXPECT_TRUE(has("# TYPE " + name + " histogram"));
    const std::string failed = R"(core_id="default",status="failed")";
    EXPECT_TRUE(has("orch_tasks_total{" + failed + "} 1"));
    EXPECT_TRUE(has(name + "_bucket{" + failed + R"(,le="10"} 0)"));
    EXPECT_TRUE(has(name + "_bucket{" + failed + R"(,le="30"} 1)")) << text;
    EXPECT_TRUE(has(name + "_bucket{" + failed + R"(,le="+Inf"} 1)"));
    EXPECT_TRUE(has(name + "_sum{" + failed + "} 20"));
    EXPECT_TRUE(has(name + "_count{" + failed + "} 1"));
    EXPECT_TRUE(has(name + R"(_count{core_id="default",status="completed"} 0)"));
    EXPECT_TRUE(has(name + R"(_count{core_id="default",status="cancelled"} 0)"));
}

TEST(Metrics, HoldEveryNameOfWhatIsServed) {
    const Metrics metrics;
    const IdleGateway gateway;
    const std::string text = metrics.text(gateway, 0);
    for (const char* name :
         {"orch_http_requests_total", "orch_http_request_duration_seconds",
          "orch_task_duration_seconds", "orch_tasks_total", "orch_task_queue_depth",
          "orch_sse_connections_active", "orch_sse_messages_sent_total",
          "orch_system_cpu_percent", "orch_system_memory_percent",
          "orch_system_disk_usage_bytes"}) {
        EXPECT_NE(text.find("# HELP " + std::string(name) + " "), std::string::npos) << name;
        EXPECT_NE(text.find("# TYPE " + std::string(name) + " "), std::string::npos) << name;
    }
}

TEST(Metrics, FollowTheRulesOfTheExpositionFormat) {
    Metrics metrics;
    metrics.count_request("GET", "/a", 200, milliseconds(2));
    metrics.count_request("GET", "/a", 404, seconds(2));
    metrics.count_request("PUT", "/b/{id}", 200, milliseconds(1));
    const OneFailedJob gateway;
    const std::string text = metrics.text(gateway, 0);
    EXPECT_EQ(fault_in_exposition(text), "");
    EXPECT_GT(std::count(text.begin(), text.end(), '\n'), 100);
}

// The rules themselves can be broken.
TEST(Metrics, RulesOfTheExpositionFormatFindWhatIsWrong) {
    const std::string head = "# HELP a what\n# TYPE a counter\n";
    EXPECT_EQ(fault_in_exposition(head + "a{l=\"x\"} 1\na{l=\"y\"} 2.5\n"), "");
    for (const std::string& text : std::initializer_list<std::string>{
             head + "a 1",                                 // no end of line
             "a 1\n",                                      // no type
             head + "b 1\n",                               // another family's
             head + "a{l=\"x\"} 1\na{l=\"x\"} 2\n",         // twice
             head + "a{l=x} 1\n",                          // no quotes
             head + "a one\n",                             // no number
             head + "a 1\n" + head + "a{l=\"x\"} 1\n",      // the family stands twice
             "# TYPE h histogram\n# HELP h what\nh_bucket{le=\"1\"} 2\nh_bucket{le=\"+Inf\"} 1\n"
             "h_sum 1\nh_count 1\n",                       // buckets fall
             "# HELP h what\n# TYPE h histogram\nh_bucket{le=\"+Inf\"} 2\nh_sum 1\nh_count 1\n",
             "# HELP h what\n# TYPE h histogram\nh_bucket{le=\"1\"} 1\nh_sum 1\nh_count 1\n"}) {
        EXPECT_NE(fault_in_exposition(text), "") << text;
    }
}

}  // namespace
}  // namespace attacca::http
