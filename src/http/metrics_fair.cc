// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <string_view>
#include <utility>

#include "http/metrics.h"
#include "http/metrics_text.h"

// How fair the server's slots are shared. No tenant has a label: there may be a million of them.
// Alarm on the smallest ratio, on the lag and on who is starved; Jain's index hides a few of those.

namespace attacca::http {
namespace {

void append_millionths_gauge(std::string& out, std::string_view name, std::string_view labels,
                             std::string_view help, std::int64_t ppm) {
    append_head(out, name, "gauge", help);
    out += std::string(name) + std::string(labels) + " ";
    append_metric_seconds(out, ppm);
    out += '\n';
}

// By the bits of core/schedule/fair/parts.h; what is only empty is not held back.
constexpr std::pair<std::size_t, std::string_view> blocking_reasons[] = {
    {2, "concurrency"}, {3, "rate"}, {4, "quota"}};

}  // namespace

void append_fairness(std::string& out, const engine::Counters& counters,
                     const engine::Status& status) {
    const core::FairFigures& fair = status.fair;
    append_millionths_gauge(out, "fair_ratio_min", "",
                            "Smallest share of slot time against what the weight gives.",
                            fair.ratio_min_ppm);
    append_millionths_gauge(out, "fair_ratio_p01", "", "The same, of one in a hundred.",
                            fair.ratio_p01_ppm);
    append_millionths_gauge(out, "fair_ratio_p99", "", "The same, of 99 in a hundred.",
                            fair.ratio_p99_ppm);
    append_millionths_gauge(out, "fair_jain", "{window=\"15s\"}",
                            "Jain's index of those that were due at least ten entries.",
                            fair.jain_ppm);
    append_millionths_gauge(out, "fair_max_lag_quanta", "",
                            "How far the last tenant is behind, in entries.",
                            fair.max_lag_quanta_ppm);
    append_values(out, {{"fair_measured_tenants", "gauge", "Tenants that these figures are of.",
                         fair.tenants},
                        {"fair_starved_tenants", "gauge",
                         "Tenants with work of which nothing started for a window of 15 s.",
                         fair.starved},
                        {"fair_debt_capped_total", "counter",
                         "Times that a tenant's debt was cut to what the window allows.",
                         status.debts_capped},
                        {"fair_keyed_jobs_waiting", "gauge",
                         "Jobs that wait for their concurrency key.", status.keyed_waiting},
                        {"fair_locks_held", "gauge", "Locks that attempts hold.",
                         status.locks_held}});
    append_head(out, "fair_idle_slot_seconds_total", "counter",
                "Time for which a slot was free while something might have started.");
    out += "fair_idle_slot_seconds_total ";
    append_metric_seconds(out, static_cast<std::int64_t>(counters.idle_us_sum));
    out += '\n';
    append_head(out, "fair_blocked_flows", "gauge", "Tenants' work that a limit holds back.");
    for (const auto& [bit, name] : blocking_reasons) {
        out += "fair_blocked_flows{reason=\"" + std::string(name) + "\"} " +
               std::to_string(status.flows_blocked[bit]) + "\n";
    }
    append_head(out, "fair_first_dispatch_seconds", "histogram",
                "Time from a job's creation to its first start.");
    append_histogram(out, "fair_first_dispatch_seconds", "", engine::job_bounds_us,
                     counters.first_waits);
    append_head(out, "queue_wait_seconds", "histogram",
                "Time from which a node instance might have started to its start.");
    constexpr std::string_view priority_names[] = {"high", "medium", "low"};
    for (std::size_t i = 0; i < counters.waits.size(); ++i) {
        append_histogram(out, "queue_wait_seconds",
                         "priority=\"" + std::string(priority_names[i]) + "\"",
                         engine::job_bounds_us, counters.waits[i]);
    }
}

}  // namespace attacca::http
