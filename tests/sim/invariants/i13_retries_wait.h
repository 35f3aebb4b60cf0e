// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>

#include "invariants/violations.h"
#include "reference.h"

// I13: a retry's delay lies between 0 (or the base) and the capped power, with its jitter.

namespace attacca::sim {

inline void check_retry_delay(Violations& violations, const BlueNode& node,
                              const core::AttemptEnded& ended) {
    if (!ended.retry_in_ms) {
        return;
    }
    const std::int64_t delay = *ended.retry_in_ms;
    const std::int64_t cap = node.has_retry ? node.max_delay_ms : 30'000;
    const std::int64_t base = node.has_retry ? node.delay_ms : 1000;
    const bool is_at_once = delay == 0;
    if (delay < 0 || delay > cap + cap / 5 || (!is_at_once && delay < std::min(base, cap))) {
        violations.report("I13", "a retry after " + std::to_string(delay) + " ms, base " +
                                     std::to_string(base) + ", cap " + std::to_string(cap));
    }
}

}  // namespace attacca::sim
