// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "core/breaker/breaker.h"
#include "invariants/violations.h"

// I15: while a breaker is open nothing that depends on it starts; half-open, no more than the
// probes that it is allowed; and it moves along its arrows only, and by nobody's word but the
// operator's while that one holds it.

namespace attacca::sim {

inline void check_call(Violations& violations, const std::string& key, core::BreakerState state,
                       std::size_t probes, std::uint32_t probes_max) {
    if (state == core::BreakerState::open) {
        violations.report("I15", "an attempt starts while the breaker of " + key + " is open");
    }
    if (state == core::BreakerState::half_open && probes >= probes_max) {
        violations.report("I15", "more probes than " + std::to_string(probes_max) + " of " + key);
    }
}

inline void check_move(Violations& violations, const std::string& key, core::BreakerState from,
                       core::BreakerState expected) {
    if (from != expected) {
        violations.report("I15", "the breaker of " + key + " moves from " +
                                     std::string(core::name_of(from)));
    }
}

inline void check_is_automatic(Violations& violations, const std::string& key,
                               core::BreakerMode mode) {
    if (mode != core::BreakerMode::automatic) {
        violations.report("I15", "the breaker of " + key + " moves while an operator holds it");
    }
}

// `due`: the breaker that had to open before anything else of what depends on something.
inline void check_opened(Violations& violations, const std::string& due) {
    if (!due.empty()) {
        violations.report("I15", "the breaker of " + due + " does not open for its errors");
    }
}

}  // namespace attacca::sim
