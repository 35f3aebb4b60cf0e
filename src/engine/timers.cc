// SPDX-License-Identifier: Apache-2.0
#include "engine/timers.h"

#include <algorithm>

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
        case core::FireTimer::Kind::job_start: return false;
    }
    ATTACCA_CHECK(false);
}

void Timers::arm(const core::ArmTimer& timer) {
    if (timer.timer.kind != core::FireTimer::Kind::job_deadline) {
        const auto it = timers_.emplace(timer.at, timer.timer);
        if (is_of_lease(timer.timer.kind)) {
            // The first of a kind counts: a second order to stop gives no more time.
            const bool is_first =
                of_leases_.try_emplace({timer.timer.fence, timer.timer.kind}, it).second;
            if (!is_first) {
                timers_.erase(it);
            }
        }
        return;
    }
    job_ended(timer.timer.job);
    deadlines_.emplace(timer.at, timer.timer.job);
    deadline_of_.emplace(timer.timer.job, timer.at);
}

void Timers::job_ended(const core::JobId& job) {
    const auto it = deadline_of_.find(job);
    if (it != deadline_of_.end()) {
        deadlines_.erase({it->second, job});
        deadline_of_.erase(it);
    }
}

void Timers::lease_ended(core::FenceToken fence) {
    auto it = of_leases_.lower_bound({fence, core::FireTimer::Kind{}});
    while (it != of_leases_.end() && it->first.first == fence) {
        timers_.erase(it->second);
        it = of_leases_.erase(it);
    }
}

std::optional<core::FireTimer> Timers::take_due(MonoTime now) {
    if (!timers_.empty() && timers_.begin()->first <= now) {
        const core::FireTimer due = timers_.begin()->second;
        of_leases_.erase({due.fence, due.kind});
        timers_.erase(timers_.begin());
        return due;
    }
    if (!deadlines_.empty() && deadlines_.begin()->first <= now) {
        const core::JobId job = deadlines_.begin()->second;
        job_ended(job);
        return core::FireTimer{core::FireTimer::Kind::job_deadline, job, 0, {}};
    }
    return std::nullopt;
}

std::optional<MonoTime> Timers::next() const {
    std::optional<MonoTime> at;
    if (!timers_.empty()) {
        at = timers_.begin()->first;
    }
    if (!deadlines_.empty()) {
        const MonoTime deadline = deadlines_.begin()->first;
        at = at ? std::min(*at, deadline) : deadline;
    }
    return at;
}

void Timers::clear() {
    timers_.clear();
    of_leases_.clear();
    deadlines_.clear();
    deadline_of_.clear();
}

}  // namespace attacca::engine
