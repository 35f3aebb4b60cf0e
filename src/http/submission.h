// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "core/command.h"
#include "core/graph/definition.h"

// From a request's body to jobs that can be submitted: every field checked, every fault with its
// place. Pure; the caller gives the ids.
//
// Equal texts give equal jobs, so that a content hash finds duplicates.

namespace attacca::http {

inline constexpr std::size_t batch_jobs_max = 10000;
inline constexpr std::size_t name_characters_max = 200;

// `find` knows the workflows of the tenant; without it a definition that names one is refused.
// Errors: json_*, every error of parse_definition and bind_params, and of the job's own fields:
// wrong_type, missing_field, unknown_field, read_only_field, invalid_value, out_of_range.
[[nodiscard]] Result<core::NewJob> parse_job(std::string_view body,
                                             const core::FindWorkflow& find = {});

// The same from JSON that stands at `pointer` in the request.
[[nodiscard]] Result<core::NewJob> job_of(const Json& json,
                                          const std::string& pointer,
                                          const core::FindWorkflow& find = {});
// The JSON of a body, refused early when it names more nodes than there may be.
[[nodiscard]] Result<Json> parse_bounded(std::string_view body);

// An array of such jobs, 1 to batch_jobs_max; pointers begin with the job's position.
[[nodiscard]] Result<std::vector<core::NewJob>> parse_jobs(std::string_view body,
                                                           const core::FindWorkflow& find = {});

}  // namespace attacca::http
