// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "core/job/attempt_spec.h"
#include "core/job/job.h"

// Turns a node's definition into what its runner gets: every expression replaced by its value.
//
// An argv element that begins with an expression may not come out as an option or a file argument
// (leading `-` or `@`): such a value fails the node (interface.md 2.4, shell injection).

namespace attacca::core {

// `work_root`: the directory that holds the attempts' working directories.
// Errors: expression_invalid, invalid_value, tool_argument_rejected, target_out_of_scope.
[[nodiscard]] Result<AttemptSpec> render_attempt(const Job& job,
                                                 InstanceIndex instance,
                                                 FenceToken fence,
                                                 const std::string& work_root);

// What a worker gets for a task: the JSON text of its spec, and the item's name.
struct TaskRendering {
    std::string spec;
    std::string item_key;  // of a map item, for people; else empty
};
// Errors: expression_invalid, out_of_range.
[[nodiscard]] Result<TaskRendering> render_task(const Job& job, InstanceIndex instance);

// What the person is asked whom an approve node waits for; never empty, and cut to fit in a record.
[[nodiscard]] Result<std::string> render_message(const Job& job, InstanceIndex instance);

// The outputs of a node that only computes them: a condition (`result`), a checkpoint.
[[nodiscard]] Result<Json> render_values(const Job& job, InstanceIndex instance);

// The parameters that a `job` node gives to its child, before they are checked.
[[nodiscard]] Result<Json> render_child_params(const Job& job, InstanceIndex instance);

// When a wait node that starts at `at` is over.
[[nodiscard]] Result<WallTime> render_until(const Job& job, InstanceIndex instance, WallTime at);

// The items of a map: `over`, less those that `where` leaves out.
[[nodiscard]] Result<Json> render_items(const Job& job, NodeIndex node);

// The job's result: the definition's `outputs`. A value that cannot be had is null.
[[nodiscard]] Json render_outputs(const Job& job);

}  // namespace attacca::core
