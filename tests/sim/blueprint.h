// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/graph/definition.h"
#include "prng.h"

// A random definition, as the simulator itself understands it: the product gets it as JSON and
// parses it; the reference model works on this form and never looks at the parsed one.

namespace attacca::sim {

enum class Condition : std::uint8_t {
    none,
    holds,        // true
    fails,        // false
    breaks,       // cannot be evaluated: the node fails
    need_value,   // nodes.<need>.outputs.v == value
    need_status,  // nodes.<need>.status == 'succeeded'
    any_failed,   // failed()
    all_succeeded,  // succeeded()
};

// How the worker treats attempts of a node.
enum class Temper : std::uint8_t {
    normal,
    failing,   // fails half of its attempts
    poison,    // fails every one
    broken,    // runner errors, transient
    slow,      // takes seconds
    hanging,   // runs into its time-out
};

struct BlueNode {
    core::NodeKind kind = core::NodeKind::noop;
    bool is_finally = false;
    core::Join join = core::Join::all_succeeded;
    std::vector<std::uint32_t> needs;
    Condition condition = Condition::none;
    std::uint32_t condition_need = 0;
    std::int64_t condition_value = 0;
    bool is_map = false;
    std::uint32_t map_given = 0;     // literal items 0 … given-1
    bool map_drops_one = false;      // `where` leaves item 1 out
    std::uint32_t map_parallel = 0;
    bool map_stops = false;
    bool has_retry = false;
    core::RetryStrategy strategy = core::RetryStrategy::exponential;
    std::uint32_t max_attempts = 3;
    std::int64_t delay_ms = 1000;
    std::int64_t max_delay_ms = 30000;
    std::optional<std::int64_t> timeout_ms;
    std::int64_t wait_ms = 0;
    std::uint32_t lane = 0;          // of a task
    bool is_picky = false;           // a task for workers with a capability that half of them have
    bool stays = false;              // a task whose lane is kept for its owner
    std::optional<std::uint32_t> owner;  // of a task; none = its job
    std::optional<std::uint32_t> lock;
    core::OnFailure on_failure = core::OnFailure::fail;
    bool is_fallback = false;        // of the node before it, the only one that it needs
    Temper temper = Temper::normal;

    [[nodiscard]] std::uint32_t item_count() const {
        return map_given - (map_drops_one && map_given > 1 ? 1U : 0U);
    }
};

struct Blueprint {
    std::vector<BlueNode> nodes;  // main nodes, each after its needs, then the finally nodes
    std::uint32_t main_count = 0;
    std::int64_t timeout_ms = 3600000;
    std::uint32_t parallel = 10;
    std::optional<std::uint32_t> key;  // of concurrency
    std::shared_ptr<const core::Definition> definition;
};

struct Shape {
    std::uint32_t nodes_max = 8;
    std::uint32_t map_per_thousand = 50;
    std::uint32_t condition_per_thousand = 100;
    std::uint32_t trouble_per_thousand = 150;
    std::uint32_t wait_per_thousand = 40;
    std::uint32_t finally_per_thousand = 250;
    std::uint32_t task_per_thousand = 0;
    std::uint32_t stay_per_thousand = 0;
    std::uint32_t key_per_thousand = 0;
    std::uint32_t lock_per_thousand = 0;
    std::uint32_t checkpoint_per_thousand = 0;
};

// The name of a node in the JSON and in records.
[[nodiscard]] std::string node_name(std::uint32_t node);
// Precondition: a name that node_name() made.
[[nodiscard]] std::uint32_t node_of_name(const std::string& name);

[[nodiscard]] inline std::string key_text(const Blueprint& blueprint) {
    return blueprint.key ? "k" + std::to_string(*blueprint.key) : std::string();
}
[[nodiscard]] inline std::string lock_text(const BlueNode& node) {
    return node.lock ? "l" + std::to_string(*node.lock) : std::string();
}

// Whose the task of a job is, where its lane may be kept for somebody.
[[nodiscard]] std::string owner_text(const Blueprint& blueprint, const BlueNode& node,
                                     const core::JobId& job);

// Without its definition.
[[nodiscard]] Blueprint draw_blueprint(Prng& prng, const Shape& shape);
// The `dag_definition` that a client would send.
[[nodiscard]] std::string json_of(const Blueprint& blueprint);

}  // namespace attacca::sim
