// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "core/graph/definition.h"
#include "core/job/states.h"
#include "core/schedule/schedule_spec.h"

// A pipeline file (interface.md 2.4): a name, labels and a definition in one document.

namespace attacca::core {

struct Pipeline {
    std::string name;
    std::string description;
    Json labels;  // an object of strings, empty when there are none
    Priority priority = Priority::medium;
    Definition definition;
    // When a server starts it by itself, once it is applied there as a workflow. `workflow` and
    // `is_trigger` of these are not set.
    std::vector<ScheduleSpec> triggers;
};
inline constexpr std::size_t triggers_max = 20;

// `file` is the file as JSON, whatever syntax it had. Pointers of errors are those of the file.
// Errors: those of parse_definition().
[[nodiscard]] Result<Pipeline> parse_pipeline(const Json& file, const FindWorkflow& find = {});

// `^[a-z][a-z0-9-]{0,62}$`
[[nodiscard]] bool is_pipeline_name(std::string_view name);

// The JSON Schema (draft-07) of the file, for editors. It knows what is served in full, and lets
// pass what is only known by name.
[[nodiscard]] std::string pipeline_schema();

}  // namespace attacca::core
