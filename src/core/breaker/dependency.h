// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/job/failure.h"
#include "core/job/job.h"

// What an instance depends on: the thing whose trouble is shared by all that use it.
//
//   http:HOST[:PORT]   an http or notify node, by the address that it renders
//   scan:TARGET        a scan of one target; scan:TOOL when there are more
//   run:PROGRAM        a run or test node that starts a program (its name without directories)
//   lane:NAME          a task, by its lane
//
// A shell script, and what the engine does itself, depends on nothing that has a name. The name
// follows from the definition, the item and what the expressions see, so it is the same each time.

namespace attacca::core {

inline constexpr std::size_t dependency_bytes_max = 128;

// Nothing also when an expression cannot be evaluated: then the attempt will fail by itself.
[[nodiscard]] std::optional<std::string> dependency_of(const Job& job, InstanceIndex instance);

// `^[a-z]+:[a-z0-9._:-]{1,…}$`, at most 128 bytes: the names that dependency_of() makes.
[[nodiscard]] bool is_dependency_name(std::string_view name);

// The failure is one of what the node depends on, not of what it was asked.
[[nodiscard]] bool counts_against(const NodeDef& node, FailureClass failure);

}  // namespace attacca::core
