// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/json.h"
#include "base/result.h"
#include "base/time.h"
#include "core/graph/expression.h"
#include "core/graph/find_workflow.h"
#include "core/graph/node_kind.h"
#include "core/graph/task_kind.h"
#include "core/job/ids.h"
#include "core/job/states.h"

// A definition is a validated DAG: what a job will do, apart from its name and parameters. It is
// immutable and shared by all jobs that were submitted with equal text.
//
// Its body is normalised JSON: equal definitions have equal bodies, hence one SHA-256.

namespace attacca::core {

inline constexpr std::size_t nodes_max = 100000;
inline constexpr std::size_t edges_max = 1000000;
inline constexpr std::size_t fan_in_max = 4096;

// When a node may start, given the ends of its needs (`needs_when`).
enum class Join : std::uint8_t { all_succeeded, any_succeeded, all_done, any_failed };

enum class RetryStrategy : std::uint8_t {
    none,
    immediate,
    linear,
    exponential,
    fibonacci,
    custom,
    // Delays as `exponential`; and what fails counts against what it depends on, whose breaker
    // keeps everybody away for a while.
    circuit_breaker,
};

struct RetryPolicy {
    bool is_given = false;  // the file says `retry`: then exit statuses other than 0 are retried
    RetryStrategy strategy = RetryStrategy::exponential;
    std::uint32_t max_attempts = 3;
    std::int64_t delay_ms = 1000;
    std::int64_t max_delay_ms = 30000;
    std::int64_t multiplier_thousandths = 2000;
    bool jitter = true;
    std::vector<std::int64_t> delays_ms;   // of `custom`
    std::vector<std::int64_t> exit_codes;  // retry only these, when not empty
    std::vector<std::int64_t> never_exit_codes;
};

struct MapDef {
    std::optional<Expression> over;  // an expression, or
    Json over_items;                 // a literal array (its strings may be templates)
    std::string as = "item";
    std::optional<Template> key;      // a name for people; default the item's position
    std::optional<Expression> where;  // per item; false = left out
    std::uint32_t parallel = 0;       // 0: only the job's own limit
    bool stops_on_error = false;
    std::uint32_t max_items = 10000;
};

enum class OutputFormat : std::uint8_t { text, lines, json, jsonl };
enum class OutputSource : std::uint8_t { standard_output, standard_error, file };
struct OutputDef {
    std::string name;
    OutputSource source = OutputSource::standard_output;
    std::string file;
    OutputFormat format = OutputFormat::text;
    std::int64_t max_bytes = 1048576;
};

struct RunDef {
    bool is_shell = false;       // `script` for `sh -eu`, no expressions in it; else argv
    std::string script;
    std::vector<Template> argv;
    std::string dir;             // working directory; empty = the attempt's own
};

struct WaitDef {
    std::optional<Duration> length;
    std::optional<Template> until;  // RFC 3339
};

struct ScanDef {
    std::string tool;
    std::vector<Template> targets;                      // each yields a string or a list
    std::vector<std::pair<std::string, Json>> options;  // literals, or strings as templates
};

// Work for a worker outside this server: it waits in its lane until one claims it.
struct TaskDef {
    std::string lane;
    std::vector<std::string> capabilities;  // what its worker must have: ascending, each once
    Json spec;  // what the worker gets: `type`, `args`, `input`; texts in it may be templates
    bool stays = false;  // the lane is kept for what follows of the same owner:
    std::shared_ptr<const Template> owner;  // null = its job
};

struct NodeExtras;

struct NodeDef {
    std::string id;
    NodeKind kind = NodeKind::noop;
    bool is_finally = false;
    Join join = Join::all_succeeded;
    OnFailure on_failure = OnFailure::fail;
    bool is_fallback = false;          // runs only when the one node that it needs falls back on it
    NodeIndex fallback = no_index;     // that runs in its place when it fails
    std::vector<NodeIndex> needs;
    std::vector<NodeIndex> dependents;
    std::optional<Expression> condition;  // `if`
    std::shared_ptr<const MapDef> map;    // rare and large, so not in place; null = no map
    RetryPolicy retry;
    std::optional<Duration> timeout;
    std::optional<Duration> heartbeat;
    std::vector<std::pair<std::string, Template>> env;  // job-wide and default entries merged in
    RunDef run;
    WaitDef wait;
    ScanDef scan;
    std::shared_ptr<const TaskDef> task;  // of a task node; rare, so not in place
    std::shared_ptr<const NodeExtras> extras;  // of the rarer kinds; see node_extras.h
    std::shared_ptr<const Template> lock;      // that an attempt holds; rare
    std::vector<OutputDef> outputs;
    std::vector<std::string> artifacts;  // relative paths below the working directory
};

// Its attempts use something whose trouble others share: see core/breaker.
[[nodiscard]] bool may_depend(const NodeDef& node);

// Where scans may go: `scope: {include, exclude}`; checked by core/scan.
struct ScopeDef {
    std::vector<std::string> include;
    std::vector<std::string> exclude;
};

// A node beside the first letters of its id, which mostly tell two ids apart: each record names a
// node, and a search that reads the ids themselves jumps about in the definition.
struct IdEntry {
    std::uint64_t prefix = 0;  // in the order of compare_ids
    NodeIndex node = 0;
    friend bool operator==(const IdEntry&, const IdEntry&) = default;
};

struct Definition {
    Sha256 digest;     // of `body`
    std::string body;  // normalised JSON
    std::vector<NodeDef> nodes;  // main nodes in the order given, then the finally nodes
    NodeIndex main_count = 0;
    std::vector<IdEntry> by_id;  // all nodes, sorted by id without regard to case
    Duration timeout = seconds(3600);
    std::uint32_t parallel = 10;
    bool is_sealed = false;  // a job's texts and files are kept so that they can be erased
    std::string retention;   // how long a job's records are kept after its end; empty: as usual
    std::optional<Priority> priority;  // of `limits`; the job's own priority wins
    std::optional<Template> concurrency_key;  // of jobs with the same one runs; null = none
    std::optional<ScopeDef> scope;
    Json params;  // declarations, an object (empty when none)
    std::vector<std::pair<std::string, Template>> outputs;
    std::vector<std::string> stay_lanes;  // of such tasks, child jobs' too: ascending, each once
    std::vector<TaskKind> task_kinds;  // of its tasks and its child jobs': ascending, each once
    // A `job` node names a workflow that nobody was there to find: such a definition can be shown
    // and sent to a server, not run.
    bool is_open = false;

    // no_index when there is no such node.
    [[nodiscard]] NodeIndex find(std::string_view id) const;
};

// From the API's form (`dag_definition`: nodes[], edges[], finally[], outputs, limits, defaults,
// env, scope, params). `pointer` is where it stands in the request, for error pointers.
// A workflow that a node names is looked up now and becomes part of the body: what is submitted or
// applied keeps the version that it began with. Without `find` the definition is open.
// Cost O(nodes + edges). Errors: every dag_*, unknown_field, read_only_field, wrong_type,
// missing_field, invalid_value, out_of_range, retry_policy, expression_invalid, not_supported,
// tool_argument_rejected, target_out_of_scope.
[[nodiscard]] Result<Definition> parse_definition(const Json& json, std::string_view pointer,
                                                  const FindWorkflow& find = {});

// From a stored body. Errors: corrupt.
[[nodiscard]] Result<Definition> load_definition(std::string_view body);

// `^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$`
[[nodiscard]] bool is_lane_name(std::string_view text);

// Values for the declared parameters: checks types, applies defaults, refuses unknown names.
// Errors: unknown_field, missing_field, wrong_type, invalid_value, out_of_range.
[[nodiscard]] Result<Json> bind_params(const Json& declarations, const Json& given);

}  // namespace attacca::core
