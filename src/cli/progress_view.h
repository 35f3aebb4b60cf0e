// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/context.h"
#include "cli/progress_model.h"
#include "cli/progress_text.h"

// Writes a job's progress to standard error, in one of four manners.
//
// tty: one block that is redrawn in place; what must stay (a failure's log) is printed above it.
// plain: one line per transition, no escapes. jsonl: one CloudEvent per line and nothing else.
// none: nothing until the verdict, and that only when the job did not complete.

namespace attacca::cli {

enum class ProgressMode { tty, plain, jsonl, none };

// From --progress, the terminal, CI and --quiet.
[[nodiscard]] ProgressMode progress_mode_of(const Context& context);

class ProgressView {
  public:
    ProgressView(const Context& context, ProgressMode mode, const ProgressModel& model)
        : context_(context), mode_(mode), model_(model) {}

    // An event and what it changed, in the order of the ledger.
    void show(const JobEvent& event, const std::vector<Transition>& changes);
    // A failure with the end of its log and the command for the rest.
    void show_failure(const Failure& failure, const std::string& log, const std::string& more);
    // A line for people that stays, such as "cancelling".
    void say(std::string_view line);
    // The time passed; draws when there is something new to see.
    void tick(Now now);
    // Takes the block away and writes the last lines. Precondition: the job is over.
    void finish(const VerdictHints& hints);
    // Takes the block away without a verdict.
    void leave();

  private:
    void erase();
    void draw(Now now);

    const Context& context_;
    ProgressMode mode_;
    const ProgressModel& model_;
    std::string failing_log_;
    std::size_t drawn_ = 0;  // lines of the block on the screen
    bool is_dirty_ = true;
    MonoTime drawn_at_;
};

}  // namespace attacca::cli
