// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "invariants/violations.h"
#include "reference.h"

// I04: only legal transitions; what is final stays as it is.

namespace attacca::sim {

inline void check_job_is_live(Violations& violations, const RefJob& job, std::string_view record) {
    if (job.is_ended()) {
        violations.report("I04", std::string(record) + " of a job that has ended");
    }
    if (job.is_set_aside) {
        violations.report("I04", std::string(record) + " of a job that was set aside");
    }
}

inline void check_job_state(Violations& violations, const RefJob& job, core::JobState needed,
                            std::string_view record) {
    if (job.state != needed) {
        violations.report("I04", std::string(record) + " while the job is " +
                                     std::string(core::name_of(job.state)));
    }
}

inline void check_job_end(Violations& violations, const RefJob& job, const core::JobEnded& ended) {
    core::JobState from = job.state;
    for (const core::JobState step : ended.steps) {
        if (!core::may_move(from, step)) {
            violations.report("I04", "a step of job_ended is no legal move");
        }
        from = step;
    }
    if (!core::may_move(from, ended.state)) {
        violations.report("I04", "the job cannot move from " + std::string(core::name_of(from)) +
                                     " to " + std::string(core::name_of(ended.state)));
    }
    const RefEnd end = expected_end(job);
    if (end.state != ended.state || end.reason != ended.reason) {
        violations.report("I04", "the job ended " + std::string(core::name_of(ended.state)) +
                                     ", the reference model says " +
                                     std::string(core::name_of(end.state)));
    }
}

}  // namespace attacca::sim
