// SPDX-License-Identifier: Apache-2.0
#include "engine/timers.h"

#include "base/check.h"

namespace attacca::engine {

bool Timers::is_of_lease(core::FireTimer::Kind kind) {
    switch (kind) {
        case core::FireTimer::Kind::lease_expiry:
        case core::FireTimer::Kind::lease_grace:
        case core::FireTimer::Kind::attempt_timeout: return true;
        case core::FireTimer::Kind::retry:
        case core::FireTimer::Kind::wait_until:
        case core::FireTimer::Kind::job_deadline:
        case core::FireTimer::Kind::job_start:
        case core::FireTimer::Kind::breaker_probe:
        case core::FireTimer::Kind::lane_quiet: return false;
    }
    ATTACCA_CHECK(false);
}

void Timers::arm(const core::ArmTimer& timer) {
    if (!is_of_lease(timer.timer.kind)) {
        heap_.push_back({timer.at, next_number_++, timer.timer});
        std::push_heap(heap_.begin(), heap_.end(), IsLater{});
        return;
    }
    const auto it = leases_.emplace(timer.at, timer.timer);
    // The first of a kind counts: a second order to stop gives no more time.
    if (!of_leases_.try_emplace({timer.timer.fence, timer.timer.kind}, it).second) {
        leases_.erase(it);
    }
}

void Timers::lease_ended(core::FenceToken fence) {
    auto it = of_leases_.lower_bound({fence, core::FireTimer::Kind{}});
    while (it != of_leases_.end() && it->first.first == fence) {
        leases_.erase(it->second);
        it = of_leases_.erase(it);
    }
}

std::optional<core::FireTimer> Timers::take_due(MonoTime now) {
    const std::optional<MonoTime> earliest = next();
    if (!earliest || *earliest > now) {
        return std::nullopt;
    }
    if (!leases_.empty() && leases_.begin()->first == *earliest) {
        const core::FireTimer due = leases_.begin()->second;
        of_leases_.erase({due.fence, due.kind});
        leases_.erase(leases_.begin());
        return due;
    }
    std::pop_heap(heap_.begin(), heap_.end(), IsLater{});
    const core::FireTimer due = heap_.back().timer;
    heap_.pop_back();
    return due;
}

std::optional<MonoTime> Timers::next() const {
    std::optional<MonoTime> at;
    if (!heap_.empty()) {
        at = heap_.front().at;
    }
    if (!leases_.empty()) {
        const MonoTime lease = leases_.begin()->first;
        at = at ? std::min(*at, lease) : lease;
    }
    return at;
}

void Timers::clear() {
    heap_.clear();
    kept_ = 0;
    leases_.clear();
    of_leases_.clear();
}

}  // namespace attacca::engine
