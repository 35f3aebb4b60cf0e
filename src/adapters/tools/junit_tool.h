// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "ports/tool.h"

// What a test program's JUnit report means (`test` nodes).
//
// Outputs: {"tests", "passed", "failed", "errors", "skipped", "duration_ms": numbers,
//           "report": "complete" | "missing" | "unreadable",
//           "failures": [{suite, name, message}], the first of them}
// All cases go into a file of their own: {"items": [{suite, name, class?, status, duration_ms,
// message?, text?}]}. Its media type is one that no artifact of a command can have.
//
// The verdict is "succeeded" only when the command exits with 0, the report is complete, holds at
// least one test and none that failed.

namespace attacca::tools {

inline constexpr std::string_view junit_tool_name = "junit";
inline constexpr std::string_view test_cases_type = "application/vnd.attacca.tests+json";

class JunitTool final : public ports::Tool {
  public:
    [[nodiscard]] std::string_view name() const override { return junit_tool_name; }
    [[nodiscard]] Result<ports::ToolCommand> command(
        const core::AttemptSpec& spec) const override;
    [[nodiscard]] ports::ToolVerdict judge(const core::AttemptSpec& spec,
                                           const ports::ToolRun& run) const override;
};

}  // namespace attacca::tools
