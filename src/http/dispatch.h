// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "core/command.h"
#include "http/job_view.h"

// A dispatch (requirement N1) is a job of one node: a task in the lane that `coreId` names. Its id
// is `task-` and the job's. What the job's own fields have no place for stands in its labels.

namespace attacca::http {

// Errors: those of JSON, and missing_field, unknown_field, wrong_type, invalid_value, out_of_range.
[[nodiscard]] Result<core::NewJob> parse_dispatch(std::string_view body);

[[nodiscard]] std::string dispatch_id(const core::JobId& id);
// The job's id in text, or nothing that is one.
[[nodiscard]] std::string_view job_of_dispatch(std::string_view id);

// As it was when it was created: the answer to the dispatch.
[[nodiscard]] Result<std::string> dispatched_json(const JobView& jobs, const ports::JobRow& row);
// As it is. Errors: not_found, for a job that is no dispatch.
[[nodiscard]] Result<std::string> dispatch_json(const JobView& jobs, const ports::JobRow& row);

}  // namespace attacca::http
