// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "core/command.h"
#include "core/state.h"

// The job that an occurrence starts, or a person who starts a workflow.

namespace attacca::core {

// Without an id. Errors: not_found and is_disabled of its workflow, and those of bind_params().
[[nodiscard]] Result<NewJob> job_of_schedule(const State& state,
                                             const Schedule& schedule,
                                             WallTime nominal);

// A job of the workflow's newest version. `origin` is added to the job's details.
// Errors: is_disabled, and those of bind_params().
[[nodiscard]] Result<NewJob> job_of_workflow(const Workflow& workflow,
                                             const Json& params,
                                             Json origin);

// Whether the spec's workflow is there and takes its parameters. Errors with pointers.
[[nodiscard]] Result<void> check_workflow(const State& state,
                                          const std::string& tenant,
                                          const ScheduleSpec& spec);

}  // namespace attacca::core
