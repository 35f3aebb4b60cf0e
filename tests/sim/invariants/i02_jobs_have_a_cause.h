// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "invariants/violations.h"

// I02: every stored job has a cause: a request that reached the server.

namespace attacca::sim {

inline void check_cause(Violations& violations, bool was_asked_for) {
    if (!was_asked_for) {
        violations.report("I02", "a job was stored that nobody asked for");
    }
}

}  // namespace attacca::sim
