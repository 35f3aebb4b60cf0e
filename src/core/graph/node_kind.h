// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

// What a node does. One row of the table for each kind: its name is the key of the pipeline file,
// the word in answers and in filters.
//
// Stored: a job's row has bit n for NodeKind n. A new kind goes to the end.

namespace attacca::core {

enum class NodeKind : std::uint8_t {
    noop,
    run,
    wait,
    scan,
    task,
    approve,
    test,
    group,
    condition,
    checkpoint,
    http,
    notify,
    job,
};

// A runner or a worker carries out its attempts, which hold a slot or a lease.
[[nodiscard]] constexpr bool has_runner(NodeKind kind) {
    switch (kind) {
        case NodeKind::noop:
        case NodeKind::run:
        case NodeKind::scan:
        case NodeKind::test:
        case NodeKind::http:
        case NodeKind::notify:
        case NodeKind::task: return true;
        case NodeKind::wait:
        case NodeKind::approve:
        case NodeKind::group:
        case NodeKind::condition:
        case NodeKind::checkpoint:
        case NodeKind::job: return false;
    }
    return true;
}

struct NodeKindName {
    std::string_view name;
    NodeKind kind;
};

inline constexpr std::array node_kind_names = {
    NodeKindName{"noop", NodeKind::noop},
    NodeKindName{"run", NodeKind::run},
    NodeKindName{"wait", NodeKind::wait},
    NodeKindName{"scan", NodeKind::scan},
    NodeKindName{"task", NodeKind::task},
    NodeKindName{"approve", NodeKind::approve},
    NodeKindName{"test", NodeKind::test},
    NodeKindName{"group", NodeKind::group},
    NodeKindName{"condition", NodeKind::condition},
    NodeKindName{"checkpoint", NodeKind::checkpoint},
    NodeKindName{"http", NodeKind::http},
    NodeKindName{"notify", NodeKind::notify},
    NodeKindName{"job", NodeKind::job},
};

// What other systems call some of them (requirement I8); `type` and filters know these too.
inline constexpr std::array other_type_names = {
    NodeKindName{"process", NodeKind::run},
    NodeKindName{"test_case", NodeKind::test},
    NodeKindName{"test_suite", NodeKind::test},
    NodeKindName{"parallel_group", NodeKind::group},
    NodeKindName{"sequential_group", NodeKind::group},
    NodeKindName{"notification", NodeKind::notify},
    NodeKindName{"sub_job", NodeKind::job},
    NodeKindName{"sub-job", NodeKind::job},
};

// Of the other kinds the schema knows the names, and nothing serves them yet.
[[nodiscard]] bool is_served(NodeKind kind);

[[nodiscard]] std::string_view name_of(NodeKind kind);
[[nodiscard]] std::optional<NodeKind> node_kind_of(std::string_view name);
// By its own name or one of other_type_names.
[[nodiscard]] std::optional<NodeKind> kind_of_type(std::string_view name);

}  // namespace attacca::core
