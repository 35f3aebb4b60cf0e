// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/graph/definition.h"
#include "core/graph/reading.h"

// The parts of a definition, each read by one function. Private to definition*.cc.

namespace attacca::core {

struct HttpDef;
struct NotifyDef;

// What nodes take over when they say nothing themselves.
struct Defaults {
    std::optional<Duration> timeout;
    std::optional<RetryPolicy> retry;
    Environment env;
    // Copies of job-wide things in all nodes together, at most copied_bytes_max.
    std::size_t copied_bytes = 0;
};
inline constexpr std::size_t copied_bytes_max = std::size_t{128} << 20U;

// Needs and the id are read by the graph, before. Faults: all but dag_*.
[[nodiscard]] bool read_node(const Input& object, Defaults& defaults, NodeDef& out,
                             Reading& reading);
// Whether any key says what the node does.
[[nodiscard]] bool names_kind(const Input& node);
// The kind, by the key that names it or by `type`.
[[nodiscard]] bool read_kind_name(const Input& node, NodeDef& out, Faults& faults);
// What belongs to the node's kind.
[[nodiscard]] bool read_kind(const Input& node, Sight sight, NodeDef& out, Reading& reading);

// `run` of a run node or of a test.
[[nodiscard]] bool read_command(const Input& value, Sight sight, RunDef& out, Reading& reading);
[[nodiscard]] bool read_artifacts(const Input& value, std::vector<std::string>& out,
                                  Faults& faults);
// Requests: `http`, and `notify`, which is one with a body of its own.
[[nodiscard]] bool read_http(const Input& node, Sight sight, HttpDef& out, Reading& reading);
[[nodiscard]] bool read_notify(const Input& node, Sight sight, NotifyDef& out, Reading& reading);
// What belongs to a kind that keeps it in NodeDef::extras.
[[nodiscard]] bool read_extras(const Input& node, Sight sight, NodeDef& out, Reading& reading);

// Targets and options that are no expressions are checked, against the scope too.
[[nodiscard]] bool read_scan(const Input& node, Sight sight, ScanDef& out, Reading& reading);

[[nodiscard]] bool read_task(const Input& node, Sight sight, std::shared_ptr<const TaskDef>& out,
                             Reading& reading);

// Faults: retry_policy, wrong_type, unknown_field, not_supported, invalid_value, out_of_range.
[[nodiscard]] bool read_retry(const Input& object, RetryPolicy& out, Faults& faults);
// As a member of the normalised body.
void append_retry(std::string& out, const RetryPolicy& policy);
[[nodiscard]] bool read_map(const Input& object, Sight sight, MapDef& out, Reading& reading);
// A concurrency key or a lock: a text that is not empty.
[[nodiscard]] bool read_exclusion(const Input& value, Sight sight, Template& out,
                                  Reading& reading);
[[nodiscard]] bool read_outputs(const Input& object, std::vector<OutputDef>& out, Faults& faults);

inline constexpr std::string_view strategy_names[] = {
    "none", "immediate", "linear", "exponential", "fibonacci", "custom", "circuit_breaker"};
inline constexpr std::string_view join_names[] = {"all_succeeded", "any_succeeded",
                                                               "all_done", "any_failed"};
inline constexpr std::string_view output_source_names[] = {"stdout", "stderr", "file"};
inline constexpr std::string_view output_format_names[] = {
    "text", "lines", "json", "jsonl", "csv", "junit", "nmap-xml", "nuclei-jsonl", "sarif"};
// Of the formats, these many are served.
inline constexpr std::size_t output_formats_served = 4;

}  // namespace attacca::core
