// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/json.h"
#include "cli/progress_model.h"
#include "cli/text.h"
#include "cli/time_words.h"

// Jobs as tables for people. Everything that a table shows is in the JSON as well. Pure.

namespace attacca::cli {

// `items` of a list of jobs.
[[nodiscard]] std::string jobs_table(const Json& items, const TimeWords& times, bool has_header,
                                     const Style& style);
// It was told to end, and has not been cancelled yet.
[[nodiscard]] bool is_cancelling(const Json& job);
[[nodiscard]] std::string job_page(const Json& job, const TimeWords& times, const Style& style);
[[nodiscard]] std::string events_table(const Json& items, const TimeWords& times, bool has_header);

// Which nodes failed for good and why, below a job's page; empty when none did.
[[nodiscard]] std::string failures_text(const std::vector<Failure>& failures, const Style& style);

}  // namespace attacca::cli
