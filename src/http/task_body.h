// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "core/command.h"

// What workers send: bodies of claims and reports, and the ids of attempts. Nothing is decided
// here.

namespace attacca::http {

// Errors: those of JSON, and missing_field, unknown_field, wrong_type, invalid_value, out_of_range.
// Tenant and actor are the caller's to fill in.
[[nodiscard]] Result<core::Claim> parse_claim(std::string_view lane, std::string_view body);

// `<job>.<node>.<attempt>`, for a map's item `<job>.<node>.<item>.<attempt>`.
[[nodiscard]] std::string attempt_id(const core::AttemptName& name);
[[nodiscard]] std::optional<core::AttemptName> parse_attempt_id(std::string_view id);

[[nodiscard]] Result<core::FenceToken> parse_heartbeat(std::string_view body);

// The fence stands in `attempt`, outputs in `report.output`, of whatever size.
[[nodiscard]] Result<core::ReportTask> parse_complete(std::string_view body);
[[nodiscard]] Result<core::ReportTask> parse_failure(std::string_view body);

}  // namespace attacca::http
