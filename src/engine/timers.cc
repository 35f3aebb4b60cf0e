// SPDX-License-Identifier: Apache-2.0
#include "engine/timers.h"

#include <algorithm>

namespace attacca::engine {

void Timers::arm(const core::ArmTimer& timer) {
    if (timer.timer.kind != core::FireTimer::Kind::job_deadline) {
        timers_.emplace(timer.at, timer.timer);
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

std::optional<core::FireTimer> Timers::take_due(MonoTime now) {
    if (!timers_.empty() && timers_.begin()->first <= now) {
        const core::FireTimer due = timers_.begin()->second;
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
    deadlines_.clear();
    deadline_of_.clear();
}

}  // namespace attacca::engine
