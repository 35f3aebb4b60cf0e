// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/digest.h"
#include "core/command.h"
#include "core/state.h"

// The parts of decide(), one for each larger command. Not for use outside core.

namespace attacca::core {

inline constexpr const char* engine_actor = "svc:engine";

// A record's time never runs backwards: max(the last record's, wall).
[[nodiscard]] WallTime record_time(const State& state, Now now);
[[nodiscard]] Record job_record(const Job& job, std::string actor, WallTime at, Payload payload);
// Keeps a small text in the record, adds a body for a larger one.
[[nodiscard]] TextOrBody text_or_body(std::string text, std::vector<Body>& bodies);
[[nodiscard]] Decision refuse(Problem problem, std::string detail = {});

[[nodiscard]] Decision submit_jobs(const State& state, const SubmitJobs& command, Now now);
[[nodiscard]] Decision cancel_job(const State& state, const CancelJob& command, Now now);
[[nodiscard]] Decision meet_deadline(const State& state, const Job& job, Now now);
[[nodiscard]] Decision report_attempt(const State& state, const ReportAttempt& command, Now now);
[[nodiscard]] Decision end_wait(const State& state,
                                const Job& job,
                                const FireTimer& timer,
                                Now now);
[[nodiscard]] Decision dispatch(const State& state, const Dispatch& command, Now now);
[[nodiscard]] Decision settle_job(const State& state, const SettleJob& command, Now now);

}  // namespace attacca::core
