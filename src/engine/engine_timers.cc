// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "engine/engine.h"

// What the engine waits for.

namespace attacca::engine {

// What it is about may have ended while its batch was being stored.
bool Engine::is_wanted(const core::FireTimer& timer) const {
    if (timer.kind == core::FireTimer::Kind::breaker_probe) {
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
