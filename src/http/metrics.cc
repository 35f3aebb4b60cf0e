// SPDX-License-Identifier: Apache-2.0
#include "http/metrics.h"

#include <algorithm>

#include "base/json.h"
#include "http/log.h"
#include "http/machine.h"
#include "http/metrics_text.h"

namespace attacca::http {
namespace {

std::string lane_labels(std::string_view status) {
    return "core_id=\"" + std::string(default_lane) + "\",status=\"" + std::string(status) + "\"";
}

void append_jobs(std::string& out, const engine::Counters& counters, const engine::Status& status) {
    append_head(out, "orch_tasks_total", "counter", "Jobs by what became of them.");
    const std::pair<std::string_view, std::uint64_t> totals[] = {
        {"created", counters.jobs_created},
        {"completed", counters.jobs_completed},
        {"failed", counters.jobs_failed},
        {"cancelled", counters.jobs_cancelled}};
    for (const auto& [name, value] : totals) {
        out += "orch_tasks_total{" + lane_labels(name) + "} " + std::to_string(value) + "\n";
    }
    constexpr std::string_view duration = "orch_task_duration_seconds";
    append_head(out, duration, "histogram", "Time from a job's first start to its durable end.");
    for (std::size_t i = 0; i < counters.job_times.size(); ++i) {
        append_histogram(out, duration, lane_labels(totals[i + 1].first), engine::job_bounds_us,
                         counters.job_times[i]);
    }
    append_head(out, "orch_task_queue_depth", "gauge", "Node instances that wait for a slot.");
    const std::string_view priorities[] = {"high", "medium", "low"};
    for (std::size_t i = 0; i < 3; ++i) {
        out += "orch_task_queue_depth{priority=\"" + std::string(priorities[i]) + "\"} " +
               std::to_string(status.queued_by_priority[i]) + "\n";
    }
}

void append_anchors(std::string& out, const engine::Status& status) {
    const engine::AnchorStatus& anchors = status.anchors;
    const std::uint64_t unwitnessed =
        anchors.witnesses == 0 ? 0 : status.ledger_size - std::min(status.ledger_size,
                                                                   anchors.witnessed_size);
    append_values(
        out,
        {{"attacca_anchored_size", "gauge", "Records that the anchor file's checkpoint covers.",
          anchors.file_size},
         {"attacca_anchor_failing", "gauge", "1 when the anchor file cannot be written.",
          anchors.is_file_failing ? 1U : 0U},
         {"attacca_witnesses", "gauge", "Witnesses that are asked to cosign.", anchors.witnesses},
         {"attacca_witnessed_size", "gauge", "Records that enough witnesses have cosigned.",
          anchors.witnessed_size},
         {"attacca_witness_lag_records", "gauge", "Records that they have not cosigned yet.",
          unwitnessed},
         {"attacca_witness_contradicted", "gauge",
          "1 when a witness holds what this ledger does not go on from.",
          anchors.is_contradicted ? 1U : 0U}});
    append_head(out, "attacca_witness_lag_seconds", "gauge",
                "For how long the newest records have not been cosigned.");
    out += "attacca_witness_lag_seconds ";
    append_metric_seconds(out, anchors.witness_lag.us);
    out += '\n';
}

void append_engine(std::string& out,
                   const engine::Counters& counters,
                   const engine::Status& status) {
    append_values(
        out,
        {{"attacca_ready", "gauge", "1 when the engine takes submissions.",
          status.is_ready ? 1U : 0U},
         {"attacca_storage_full", "gauge", "1 when submissions are refused for lack of space.",
          status.is_storage_full ? 1U : 0U},
         {"attacca_signer_degraded", "gauge", "1 when the root key does not answer.",
          status.keys.is_degraded ? 1U : 0U},
         {"attacca_key_expired", "gauge", "1 when the window of the key that signs has run out.",
          status.keys.is_expired ? 1U : 0U},
         {"attacca_ledger_size", "gauge", "Records in the ledger.", status.ledger_size},
         {"attacca_live_jobs", "gauge", "Jobs that are not final.", status.live_jobs},
         {"attacca_quarantined_rows", "gauge",
          "Rows that could not be read at the start, and were set aside.", status.quarantined},
         {"attacca_ready_nodes", "gauge", "Node instances that wait for a slot.",
          status.ready_nodes},
         {"attacca_running_nodes", "gauge", "Node instances that hold a slot.",
          status.running_nodes},
         {"attacca_slots", "gauge", "Slots for attempts.", status.slots},
         {"attacca_mailbox_depth", "gauge", "Commands that wait for the engine.",
          status.mailbox_depth},
         {"attacca_commands_total", "counter", "Commands decided.", counters.commands},
         {"attacca_records_total", "counter", "Records committed.", counters.records},
         {"attacca_key_rotations_total", "counter", "Hand-overs to another signing key.",
          status.keys.rotations},
         {"attacca_batches_total", "counter", "Batches committed.", counters.batches},
         {"attacca_attempts_started_total", "counter", "Attempts started.",
          counters.attempts_started},
         {"attacca_attempts_ended_total", "counter", "Attempts ended.", counters.attempts_ended},
         {"attacca_retries_total", "counter", "Attempts that ended with another one to come.",
          counters.retries},
         {"attacca_breakers_open", "gauge", "Circuit breakers that let nothing through.",
          status.breakers_open},
         {"attacca_breakers_half_open", "gauge", "Circuit breakers that let probes through.",
          status.breakers_half_open},
         {"attacca_dead_letters_open", "gauge", "Dead letters that wait for somebody.",
          status.dead_letters_open},
         {"attacca_dead_letters_total", "counter", "Jobs that became dead letters.",
          counters.dead_letters},
         {"attacca_collected_files_total", "counter",
          "Files that no record named any more, and that were removed.",
          counters.collected_files},
         {"attacca_collected_bodies_total", "counter",
          "Bodies that no record named any more, and that were removed.",
          counters.collected_bodies},
         {"attacca_collected_bytes_total", "counter", "Bytes of both.", counters.collected_bytes},
         {"attacca_breakers_opened_total", "counter", "Openings of circuit breakers.",
          counters.breakers_opened},
         {"attacca_breakers_half_opened_total", "counter", "Times that a breaker began to probe.",
          counters.breakers_half_opened},
         {"attacca_breakers_closed_total", "counter", "Breakers that closed after a probe.",
          counters.breakers_closed},
         {"attacca_reports_fenced_total", "counter", "Reports refused for an old fence token.",
          counters.reports_fenced}});
    append_anchors(out, status);
    append_head(out, "attacca_commit_seconds_total", "counter", "Time spent in commits.");
    out += "attacca_commit_seconds_total ";
    append_metric_seconds(out, static_cast<std::int64_t>(counters.commit_us_sum));
    out += '\n';
}

void append_machine(std::string& out, const std::string& directory) {
    const Machine machine = look_at_machine(directory);
    append_head(out, "orch_system_cpu_percent", "gauge", "Use of the machine's processors.");
    out += "orch_system_cpu_percent " + std::to_string(machine.cpu_percent) + "\n";
    append_head(out, "orch_system_memory_percent", "gauge", "Use of the machine's memory.");
    out += "orch_system_memory_percent " + std::to_string(machine.memory_percent) + "\n";
    append_head(out, "orch_system_disk_usage_bytes", "gauge",
                "Bytes in use on the data directory's file system.");
    out += "orch_system_disk_usage_bytes{path=\"data\"} " +
           std::to_string(machine.disk_used_bytes) + "\n";
    append_values(out, {{"process_resident_memory_bytes", "gauge", "Resident memory of the server.",
                         machine.resident_bytes}});
}

}  // namespace

void Metrics::count_request(std::string_view method,
                            std::string_view endpoint,
                            int status,
                            Duration duration) {
    requests_total_.fetch_add(1, std::memory_order_relaxed);
    const std::lock_guard lock(mutex_);
    ++requests_[{method, endpoint, status}];
    durations_[{method, endpoint}].observe(bucket_bounds_us, duration);
}

void Metrics::append_requests(std::string& out) const {
    const std::lock_guard lock(mutex_);
    append_head(out, "orch_http_requests_total", "counter", "HTTP requests answered.");
    for (const auto& [key, count] : requests_) {
        const auto& [method, endpoint, status] = key;
        out += "orch_http_requests_total{method=\"" + std::string(method) + "\",status=\"" +
               std::to_string(status) + "\",endpoint=\"" + std::string(endpoint) + "\"} " +
               std::to_string(count) + "\n";
    }
    constexpr std::string_view name = "orch_http_request_duration_seconds";
    append_head(out, name, "histogram", "Time from the whole request to its answer.");
    for (const auto& [key, histogram] : durations_) {
        const std::string labels = "method=\"" + std::string(key.first) + "\",endpoint=\"" +
                                   std::string(key.second) + "\"";
        append_histogram(out, name, labels, bucket_bounds_us, histogram);
    }
}

std::string Metrics::text(const engine::Gateway& gateway, std::size_t connections) const {
    std::string out;
    out.reserve(8192);
    append_requests(out);
    const engine::Counters counters = gateway.counters();
    const engine::Status status = gateway.status();
    append_jobs(out, counters, status);
    append_values(out, {{"orch_sse_connections_active", "gauge", "Open event streams.",
                         sse_connections.load()},
                        {"orch_sse_messages_sent_total", "counter", "Events sent to streams.",
                         sse_messages.load()},
                        {"attacca_http_connections", "gauge", "Open connections.", connections}});
    append_engine(out, counters, status);
    append_fairness(out, counters, status);
    append_machine(out, gateway.live_directory());
    return out;
}

}  // namespace attacca::http
