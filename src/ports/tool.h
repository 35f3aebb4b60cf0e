// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "core/job/attempt_spec.h"

// A scan tool, or what reads the report of a test: how its command line is made, and what its
// result means.
//
// Contract: a verdict comes from what the result covers, never from the exit status alone, because
// tools that were killed or found nothing to scan exit with 0. Without state; safe from any thread.
// Spec: scanning.md 2.1, 3.4.

namespace attacca::ports {

struct ToolCommand {
    std::vector<std::string> argv;
    std::string result_file;  // that the tool writes, below its working directory
    std::string media_type;
};

// How the tool's process ended.
struct ToolRun {
    bool was_stopped = false;               // by us: cancelled, time-out, output limit
    std::optional<std::int64_t> exit_code;  // as a shell would tell it
    std::optional<std::string> result;      // the result file, when there is one
};

// Something that the tool's result holds, in a form of our own; kept as an artifact.
struct ToolFile {
    std::string name;
    std::string media_type;
    std::string bytes;
};

struct ToolVerdict {
    core::Outcome outcome = core::Outcome::failed;  // succeeded or failed
    std::string detail;                             // empty on success
    Json outputs;  // an object; on failure too it holds what is known
    std::vector<ToolFile> files;
};

class Tool {
  public:
    virtual ~Tool() = default;
    // As `scan.tool` names it; also the name for people.
    [[nodiscard]] virtual std::string_view name() const = 0;
    // Errors: tool_argument_rejected, not_supported, invalid_value.
    [[nodiscard]] virtual Result<ToolCommand> command(const core::AttemptSpec& spec) const = 0;
    [[nodiscard]] virtual ToolVerdict judge(const core::AttemptSpec& spec,
                                            const ToolRun& run) const = 0;
};

}  // namespace attacca::ports
