// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include "core/state.h"

// Child jobs: a `job` node's attempt makes a job of its own and waits for its end, without a slot.
//
// The child's id follows from the attempt, and both stand in one decision: however often the server
// is killed, an attempt has one child.

namespace attacca::core {

inline constexpr std::uint32_t child_depth_max = 16;

[[nodiscard]] JobId child_job_id(const JobId& parent, FenceToken fence);

// Of a job that is being created. A parent that is not live (it was set aside) leaves a link that
// leads nowhere: then nobody waits for the child.
[[nodiscard]] std::optional<ParentLink> link_to_parent(const State& state,
                                                       const JobCreated& created);

// The instance of the parent that waits for this job's end; null when there is none.
[[nodiscard]] const Instance* waiting_parent(const State& state, const Job& child);

// The live child of an instance that waits for one; null when there is none.
[[nodiscard]] const Job* child_of(const State& state, const Job& parent, const Instance& instance);

// A child that has not begun has no arrow to `paused`, and no record: it is held while its parent
// is paused. Called by apply only: it follows from the parent's record.
void hold_children(State& state, const Job& parent);
void free_children(State& state, const Job& parent);

// How many jobs stand above it.
[[nodiscard]] std::uint32_t depth_of(const State& state, const Job& job);

}  // namespace attacca::core
