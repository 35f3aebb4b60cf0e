// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "invariants/violations.h"
#include "reference.h"

// I01: every id that was answered with success exists, from that moment on and after every crash.

namespace attacca::sim {

// When the answer leaves: the job must be durable already.
inline void check_answered_job(Violations& violations, const RefJob* durable) {
    if (durable == nullptr) {
        violations.report("I01", "an answer names a job that is not durable");
    }
}

// After a restart: what is live in the store is live in the engine.
inline void check_job_recovered(Violations& violations, const RefJob& durable, bool is_live) {
    if (!durable.is_gone() && !is_live) {
        violations.report("I01", "job " + durable.id.text() + " was lost by a restart");
    }
    if (durable.is_gone() && is_live) {
        violations.report("I01", "job " + durable.id.text() + " is gone and came back");
    }
}

}  // namespace attacca::sim
