// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/progress_model.h"
#include "cli/text.h"

// A job's progress as text. Pure.

namespace attacca::cli {

struct StatusMark {
    std::string_view glyph;
    Colour colour;
};
[[nodiscard]] StatusMark mark_of(core::NodeState state);
[[nodiscard]] StatusMark mark_of(core::JobState state);

// One line without escapes: `   1.4s  ports  ✓ succeeded in 1.2s`. Time counts from `origin`.
[[nodiscard]] std::string transition_line(const Transition& change, WallTime origin);

// The lines of the block that is redrawn in place: header, what runs and what failed, the end of
// the newest failing log.
[[nodiscard]] std::vector<std::string> progress_frame(const ProgressModel& model, WallTime now,
                                                      std::size_t width,
                                                      std::string_view failing_log,
                                                      const Style& style);

// `checks 212/400 ✓198 ✗3 ◐11`
[[nodiscard]] std::string fan_out_text(const NodeProgress& node);

struct VerdictHints {
    std::string logs;   // command up to the node's name, such as `attacca jobs logs ID`; or empty
    std::string again;  // how to run it again; or empty
};
// The last lines of a run, the job's verdict first. Precondition: the job is over.
[[nodiscard]] std::string verdict_text(const ProgressModel& model, const VerdictHints& hints,
                                       const Style& style);

// The exit status of run and watch for an ended job.
[[nodiscard]] int exit_status_of(core::JobState state, core::JobReason reason);

// As one word of a POSIX shell, quoted only where it must be.
[[nodiscard]] std::string shell_word(std::string_view text);

}  // namespace attacca::cli
