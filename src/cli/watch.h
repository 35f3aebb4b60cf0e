// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "cli/context.h"
#include "cli/job_feed.h"
#include "cli/progress_model.h"
#include "cli/progress_text.h"

// Follows a job to its end and shows it.
//
// Ctrl-C: a job of this process is cancelled and its end awaited; a server's job goes on, and the
// commands to watch or cancel it are printed. The second one leaves at once.

namespace attacca::cli {

struct WatchOptions {
    bool is_local = false;
    bool leaves_at_approval = false;  // --no-wait-approval
    std::optional<Duration> limit;  // --wait
    std::string job;                // id
    std::string logs_command;       // `attacca jobs logs ID`, and what it takes to reach the server
    std::string again_command;
    std::string flags;              // for commands to print: ` --server URL`, or empty
};

// The exit status of the program. The job's own view is printed as data when it ended.
[[nodiscard]] int watch_job(const Context& context, JobFeed& feed, ProgressModel& model,
                            const WatchOptions& options);

}  // namespace attacca::cli
