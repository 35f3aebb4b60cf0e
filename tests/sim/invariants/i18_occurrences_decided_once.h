// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "invariants/violations.h"

// I18: each (schedule, nominal instant) is decided exactly once, in order and not before its time;
// and at most one job is made for it.

namespace attacca::sim {

struct Turn {
    const std::string& entity;
    std::optional<std::int64_t> next;  // the first occurrence that was not decided
    std::int64_t wall_until = 0;       // the latest that the wall clock showed by then
};

inline void check_in_turn(Violations& violations, const Turn& turn, std::int64_t nominal) {
    if (!turn.next || *turn.next != nominal) {
        const std::string due = turn.next ? std::to_string(*turn.next) : "none";
        violations.report("I18", turn.entity + " decided " + std::to_string(nominal) +
                                     ", and its next occurrence is " + due);
    } else if (nominal > turn.wall_until) {
        violations.report("I18", turn.entity + " decided " + std::to_string(nominal) + " " +
                                     std::to_string(nominal - turn.wall_until) +
                                     " us before its time");
    }
}

inline void check_first_job(Violations& violations, const std::string& entity,
                            std::int64_t nominal, bool is_first) {
    if (!is_first) {
        violations.report("I18", entity + " made a second job for " + std::to_string(nominal));
    }
}

}  // namespace attacca::sim
