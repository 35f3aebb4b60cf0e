// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <tuple>

#include "base/time.h"
#include "engine/gateway.h"

// Counters of the edge, and everything /metrics says in Prometheus' text format 0.0.4. The names
// orch_* are those of the source system N (requirement N12); attacca_* are our own.
// Safe from any thread.

namespace attacca::http {

inline constexpr std::array<std::int64_t, 12> bucket_bounds_us = {
    1000, 2500, 5000, 10000, 25000, 50000, 100000, 250000, 500000, 1000000, 2500000, 10000000};

// Of the fair queue (metrics_fair.cc).
void append_fairness(std::string& out, const engine::Counters& counters,
                     const engine::Status& status);

class Metrics {
  public:
    // `endpoint` is the route's pattern, so that the number of series is bounded; it must outlive
    // the metrics.
    void count_request(std::string_view method,
                       std::string_view endpoint,
                       int status,
                       Duration duration);

    std::atomic<std::uint64_t> sse_connections{0};
    std::atomic<std::uint64_t> sse_messages{0};

    [[nodiscard]] std::uint64_t request_count() const { return requests_total_.load(); }
    // `connections`: open ones of the server.
    [[nodiscard]] std::string text(const engine::Gateway& gateway, std::size_t connections) const;

  private:
    using RequestTimes = engine::Histogram<bucket_bounds_us.size()>;
    void append_requests(std::string& out) const;

    mutable std::mutex mutex_;  // guards the maps
    std::map<std::tuple<std::string_view, std::string_view, int>, std::uint64_t> requests_;
    std::map<std::pair<std::string_view, std::string_view>, RequestTimes> durations_;
    std::atomic<std::uint64_t> requests_total_{0};
};

}  // namespace attacca::http
