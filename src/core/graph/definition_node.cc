// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <utility>

#include "core/graph/definition_parts.h"

namespace attacca::core {
namespace {

constexpr std::string_view node_keys[] = {
    "id",      "type",  "description", "needs",     "needs_when", "if",      "map",
    "timeout", "retry", "on_failure",  "run",       "scan",       "wait",    "noop",
    "shell",   "dir",   "env",         "heartbeat", "outputs",    "artifacts", "approve",
    "task",    "test",  "condition", "checkpoint", "group",   "job",
    "http",    "notify", "fallback", "lock"};
constexpr std::string_view later_keys[] = {"amqp", "runner", "concurrency_key"};
constexpr std::string_view map_keys[] = {
    "over", "as", "key", "where", "parallel", "on_error", "max_items"};
constexpr std::string_view output_keys[] = {"from", "file", "as", "max_bytes"};
constexpr std::string_view reserved_names[] = {
    "params", "env", "secrets", "job", "nodes", "true", "false", "null"};

bool has_command(NodeKind kind) {
    return kind == NodeKind::run || kind == NodeKind::test;
}

bool read_on_failure(const Input& node, NodeDef& out, Faults& faults) {
    const auto value = node.member("on_failure");
    if (!value) {
        return true;
    }
    std::string_view names[on_failure_count];
    for (std::size_t i = 0; i < on_failure_count; ++i) {
        names[i] = name_of(static_cast<OnFailure>(i));
    }
    std::size_t choice = 0;
    if (!read_choice(*value, names, choice, faults)) {
        return false;
    }
    out.on_failure = static_cast<OnFailure>(choice);
    if (out.is_finally && ends_job(out.on_failure)) {
        return faults.add(*value, Problem::invalid_value,
                          "nothing is left to end when a finally node fails");
    }
    return out.on_failure != OnFailure::escalate_manual || out.kind != NodeKind::approve ||
           faults.add(*value, Problem::invalid_value,
                      "a person has decided already when an approval fails");
}

bool read_join(const Input& node, NodeDef& out, Faults& faults) {
    const auto value = node.member("needs_when");
    std::size_t join = 0;
    if (value && !read_choice(*value, join_names, join, faults)) {
        return false;
    }
    out.join = static_cast<Join>(join);
    return true;
}

bool read_optional_duration(const Input& node,
                            std::string_view key,
                            std::optional<Duration>& out,
                            Faults& faults) {
    const auto value = node.member(key);
    if (!value) {
        return true;
    }
    Duration length;
    if (!read_duration(*value, length, faults)) {
        return false;
    }
    out = length;
    return true;
}

std::size_t bytes_of(const RetryPolicy& policy) {
    return sizeof(std::int64_t) * (policy.delays_ms.size() + policy.exit_codes.size() +
                                   policy.never_exit_codes.size());
}

std::size_t bytes_of(const Environment& env) {
    std::size_t bytes = 0;
    for (const auto& [name, value] : env) {
        bytes += sizeof(std::pair<std::string, Template>) + name.size() +
                 (value.is_literal() ? value.text().size() : 0);
    }
    return bytes;
}

// Every node gets a copy, so a large job-wide part times many nodes would fill the memory.
bool add_copied(const Input& node, std::size_t bytes, Defaults& defaults, Faults& faults) {
    defaults.copied_bytes += bytes;
    return defaults.copied_bytes <= copied_bytes_max ||
           faults.add(node, Problem::dag_too_large,
                      "job-wide `env` and `defaults`, times the nodes, exceed 128 MiB");
}

bool read_retry_of(const Input& node, Defaults& defaults, NodeDef& out, Faults& faults) {
    const auto value = node.member("retry");
    if (value) {
        return read_retry(*value, out.retry, faults);
    }
    if (!defaults.retry) {
        return true;
    }
    out.retry = *defaults.retry;
    return add_copied(node, bytes_of(out.retry), defaults, faults);
}

// The node's own entries win over the job-wide ones.
// What is no command has no environment, but its `if` may ask for the job's.
bool reads_env(const std::optional<Expression>& condition) {
    if (!condition) {
        return false;
    }
    const std::vector<Reference>& references = condition->references();
    return std::any_of(references.begin(), references.end(),
                       [](const Reference& one) { return one.root == "env"; });
}

bool read_env_of(const Input& node, Sight sight, Defaults& defaults, NodeDef& out,
                 Reading& reading) {
    const auto value = node.member("env");
    if (!has_command(out.kind) && !reads_env(out.condition)) {
        return true;
    }
    if (value && !read_environment(*value, sight, out.env, reading)) {
        return false;
    }
    if (defaults.env.empty()) {
        return true;
    }
    Environment merged;
    std::set_union(out.env.begin(), out.env.end(), defaults.env.begin(), defaults.env.end(),
                   std::back_inserter(merged),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
    out.env = std::move(merged);
    return add_copied(node, bytes_of(out.env), defaults, reading.faults);
}

bool read_map_of(const Input& node, Sight sight, NodeDef& out, Reading& reading) {
    const auto value = node.member("map");
    if (!value) {
        return true;
    }
    auto map = std::make_shared<MapDef>();
    if (!read_map(*value, sight, *map, reading)) {
        return false;
    }
    out.map = std::move(map);
    return true;
}

bool read_over(const Input& value, Sight sight, MapDef& out, Reading& reading) {
    if (!value.json().is_array()) {
        return read_expression(value, sight, out.over, reading);
    }
    bool is_read = true;
    for (std::size_t i = 0; i < value.json().as_array().size() && !reading.faults.is_full(); ++i) {
        const Json& item = value.json().as_array()[i];
        Template text;
        is_read = (!item.is_string() ||
                   read_template(Input(value, i, item), sight, text, reading)) &&
                  is_read;
    }
    out.over_items = value.json();
    return is_read;
}

bool read_map_limits(const Input& object, MapDef& out, Faults& faults) {
    constexpr Range parallel_range{1, 100000};
    constexpr Range items_range{1, 100000};
    std::int64_t parallel = 0;
    std::int64_t max_items = out.max_items;
    std::size_t on_error = 0;
    constexpr std::string_view on_error_names[] = {"continue", "stop"};
    const auto given_parallel = object.member("parallel");
    const auto given_items = object.member("max_items");
    const auto given_on_error = object.member("on_error");
    if (!all_read(
            {!given_parallel || read_integer(*given_parallel, parallel_range, parallel, faults),
             !given_items || read_integer(*given_items, items_range, max_items, faults),
             !given_on_error || read_choice(*given_on_error, on_error_names, on_error, faults)})) {
        return false;
    }
    out.parallel = static_cast<std::uint32_t>(parallel);
    out.max_items = static_cast<std::uint32_t>(max_items);
    out.stops_on_error = on_error == 1;
    return true;
}

bool read_item_name(const Input& object, MapDef& out, Faults& faults) {
    const auto value = object.member("as");
    if (!value) {
        return true;
    }
    if (!read_text(*value, out.as, faults)) {
        return false;
    }
    const bool is_reserved = std::find(std::begin(reserved_names), std::end(reserved_names),
                                       out.as) != std::end(reserved_names);
    if (!is_id(out.as) || is_reserved || out.as.find('-') != std::string::npos) {
        return faults.add(*value, Problem::invalid_value,
                          "`" + quoted(out.as) + "` cannot name a map's item: letters, digits and "
                                                 "`_`, and none of params, env, job, nodes");
    }
    return true;
}

bool read_output(const Input& object, OutputDef& out, Faults& faults) {
    constexpr Range bytes_range{1, std::int64_t{16} << 20U};
    const bool has_keys = check_keys(object, {output_keys}, faults);
    const auto from = object.member("from");
    const auto file = object.member("file");
    const auto as = object.member("as");
    const auto max_bytes = object.member("max_bytes");
    std::size_t source = file ? 2 : 0;
    std::size_t format = 0;
    if (!all_read({has_keys, !from || read_choice(*from, output_source_names, source, faults),
                   !file || read_relative_path(*file, out.file, faults),
                   !as || read_choice(*as, output_format_names, format, faults),
                   !max_bytes || read_integer(*max_bytes, bytes_range, out.max_bytes, faults)})) {
        return false;
    }
    if (format >= output_formats_served) {
        return faults.add(*as, Problem::not_supported,
                          "the format `" + std::string(output_format_names[format]) +
                              "` is not served yet");
    }
    out.source = static_cast<OutputSource>(source);
    out.format = static_cast<OutputFormat>(format);
    if (file.has_value() != (out.source == OutputSource::file)) {
        return faults.add(object, Problem::invalid_value, "`from: file` and `file` go together");
    }
    return true;
}

}  // namespace

bool read_map(const Input& object, Sight sight, MapDef& out, Reading& reading) {
    const bool has_keys = check_keys(object, {map_keys}, reading.faults);
    const auto over = object.member("over");
    const bool has_over =
        over ? read_over(*over, sight, out, reading)
             : has_keys && reading.faults.add(object, Problem::missing_field, "a map needs `over`");
    // What follows may read the item by its name.
    if (!all_read({has_keys, has_over, read_map_limits(object, out, reading.faults),
                   read_item_name(object, out, reading.faults)})) {
        return false;
    }
    if (out.over_items.is_array() && out.over_items.as_array().size() > out.max_items) {
        return reading.faults.add(*over, Problem::out_of_range,
                                  "the list is longer than `max_items`");
    }
    sight.item = out.as;
    const auto key = object.member("key");
    if (key) {
        Template text;
        if (!read_template(*key, sight, text, reading)) {
            return false;
        }
        out.key = std::move(text);
    }
    const auto where = object.member("where");
    return !where || read_expression(*where, sight, out.where, reading);
}

bool read_outputs(const Input& object, std::vector<OutputDef>& out, Faults& faults) {
    if (!check_object(object, faults)) {
        return false;
    }
    bool is_read = true;
    for (const Json::Member& member : object.json().as_object()) {
        const Input value(object, member.key, member.value);
        OutputDef output;
        output.name = member.key;
        is_read = (is_id(member.key) ||
                   faults.add(value, Problem::invalid_value,
                              "`" + quoted(member.key) + "` cannot name an output")) &&
                  read_output(value, output, faults) && is_read;
        out.push_back(std::move(output));
    }
    std::sort(out.begin(), out.end(),
              [](const OutputDef& a, const OutputDef& b) { return a.name < b.name; });
    return is_read;
}

// What is said for all nodes may be said in vain for some.
bool check_retry(const Input& object, const NodeDef& node, Faults& faults) {
    const auto retry = object.member("retry");
    return !retry || node.retry.strategy != RetryStrategy::circuit_breaker || may_depend(node) ||
           faults.add(*retry, Problem::retry_policy,
                      "the strategy `circuit_breaker` is for nodes that depend on something with "
                      "a name: a program, a test, a request, a scan or a lane");
}

bool read_exclusion(const Input& value, Sight sight, Template& out, Reading& reading) {
    if (!read_template(value, sight, out, reading)) {
        return false;
    }
    return !out.is_literal() || !out.text().empty() ||
           reading.faults.add(value, Problem::invalid_value,
                              "an empty text excludes nobody: leave it out, or give it a name");
}

bool read_lock(const Input& node, Sight sight, NodeDef& out, Reading& reading) {
    const auto value = node.member("lock");
    if (!value) {
        return true;
    }
    if (!has_runner(out.kind)) {
        return reading.faults.add(*value, Problem::invalid_value,
                                  "a lock is for nodes whose attempts do something: `" +
                                      std::string(name_of(out.kind)) + "` holds none");
    }
    Template lock;
    if (!read_exclusion(*value, sight, lock, reading)) {
        return false;
    }
    out.lock = std::make_shared<const Template>(std::move(lock));
    return true;
}

bool read_node(const Input& object, Defaults& defaults, NodeDef& out, Reading& reading) {
    Faults& faults = reading.faults;
    std::string description;
    const bool has_keys = check_keys(object, {node_keys, later_keys}, faults);
    // A key that is not known may have been meant to say what the node does.
    if ((!has_keys && !names_kind(object)) || !read_kind_name(object, out, faults)) {
        return false;
    }
    const Sight sight_of_if;
    Sight sight{.sees_env = has_command(out.kind)};
    const auto given_description = object.member("description");
    const auto condition = object.member("if");
    bool has_map = false;
    const bool has_common = all_read(
        {has_keys, !given_description || read_text(*given_description, description, faults),
         !condition || read_expression(*condition, sight_of_if, out.condition, reading),
         read_on_failure(object, out, faults), read_join(object, out, faults),
         has_map = read_map_of(object, sight, out, reading),
         read_optional_duration(object, "timeout", out.timeout, faults),
         read_optional_duration(object, "heartbeat", out.heartbeat, faults),
         read_retry_of(object, defaults, out, faults)});
    if (!has_map) {
        return false;  // what follows may read its item
    }
    // What is right for a command is not for a person.
    if (!out.timeout && out.kind != NodeKind::approve) {
        out.timeout = defaults.timeout;
    }
    sight.item = out.map ? std::string_view(out.map->as) : std::string_view();
    return all_read({has_common,
                     read_kind(object, sight, out, reading) && check_retry(object, out, faults),
                     read_lock(object, sight, out, reading),
                     read_env_of(object, sight, defaults, out, reading)});
}

}  // namespace attacca::core
