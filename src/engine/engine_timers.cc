// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "engine/engine.h"

// What the engine waits for.

namespace attacca::engine {

void Engine::run_due(Now now) {
    while (has_room()) {
        const std::optional<core::FireTimer> timer = timers_.take_due(now.mono);
        if (!timer) {
            break;
        }
        handle(*timer, {}, now);
    }
    fire_schedules(now);
    core::wake_limits(state_, now);
    // A claim may meet what a breaker holds, and then the next instance of that job is ready.
    do {
        start_ready(now);
        serve_claims(now);
    } while (has_more(now));
    count_idle(now);
}

// What it is about may have ended while its batch was being stored.
bool Engine::is_wanted(const core::FireTimer& timer) const {
    if (timer.kind == core::FireTimer::Kind::breaker_probe ||
        timer.kind == core::FireTimer::Kind::lane_quiet) {
        return true;
    }
    return state_.find(timer.job) != nullptr &&
           (!Timers::is_of_lease(timer.kind) || state_.leases.contains(timer.fence));
}

std::optional<MonoTime> Engine::next_timer() const {
    const std::optional<MonoTime> timer = timers_.next();
    const std::optional<MonoTime> claim = claims_.next();
    return timer && claim ? std::min(*timer, *claim) : (timer ? timer : claim);
}

}  // namespace attacca::engine
