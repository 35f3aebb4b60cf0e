// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/result.h"
#include "core/job/job.h"
#include "core/state.h"

namespace attacca::core {

// Whose a task is, where that may matter to its lane: the text that its `owner` names (as locks are
// named: exclusion/name.h), else `job/<id>` of its job, of a child job the topmost, when a task of
// that on this lane says `stay`. Empty: no lane will ever be kept for it.
// Precondition: a task node. Errors: invalid_value, expression_invalid, of `owner`.
[[nodiscard]] Result<std::string> owner_of(const State& state, const Job& job,
                                           InstanceIndex instance);

// Of its lane, while that is kept for somebody; nullptr otherwise, and for what is no task.
[[nodiscard]] const Reservation* reservation_at(const State& state, const Job& job,
                                                InstanceIndex instance);
// Precondition: reservation_at() is one.
[[nodiscard]] bool is_kept_for(const State& state, const Job& job, InstanceIndex instance);

// As the job itself is called as an owner.
[[nodiscard]] std::string owner_name(const Job& job);

}  // namespace attacca::core
