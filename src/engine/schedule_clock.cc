// SPDX-License-Identifier: Apache-2.0
#include "engine/schedule_clock.h"

#include <algorithm>

namespace attacca::engine {

std::shared_ptr<const core::Zone> ScheduleClock::zone_of(const core::Schedule& schedule) const {
    static const auto utc = std::make_shared<const core::Zone>(core::utc_zone());
    const core::Timing& timing = schedule.spec.timing;
    if (timing.kind != core::TimingKind::cron || timing.zone == "UTC") {
        return utc;
    }
    if (zones_ == nullptr) {
        return nullptr;
    }
    Result<std::shared_ptr<const core::Zone>> zone = zones_->find(timing.zone);
    return zone ? *zone : nullptr;
}

std::optional<WallTime> ScheduleClock::moment_of(const core::State& state,
                                                 const std::string& entity) const {
    const core::Schedule* schedule = state.registry.schedule(entity);
    if (schedule == nullptr || !schedule->is_waiting()) {
        return std::nullopt;
    }
    if (!schedule->queued.empty() && !core::has_live_job(state, entity)) {
        return WallTime{0};
    }
    const std::shared_ptr<const core::Zone> zone = zone_of(*schedule);
    return zone == nullptr ? std::nullopt
                           : schedule->occurrences(*zone).next(schedule->decided_to);
}

void ScheduleClock::set(const std::string& entity, std::optional<WallTime> at) {
    const auto known = at_.find(entity);
    if (known != at_.end()) {
        order_.erase({known->second, entity});
        at_.erase(known);
    }
    if (at) {
        at_.emplace(entity, *at);
        order_.emplace(*at, entity);
    }
}

void ScheduleClock::update(core::State& state) {
    if (!state.registry.has_touched()) {
        return;
    }
    for (const std::string& entity : state.registry.take_touched()) {
        set(entity, moment_of(state, entity));
    }
}

std::optional<std::string> ScheduleClock::take_due(WallTime now) {
    if (order_.empty() || order_.begin()->first > now) {
        return std::nullopt;
    }
    const std::string entity = order_.begin()->second;
    set(entity, std::nullopt);
    return entity;
}

void ScheduleClock::ask_again(const core::State& state,
                              const std::string& entity,
                              WallTime now) {
    if (at_.contains(entity)) {
        return;
    }
    if (const std::optional<WallTime> at = moment_of(state, entity)) {
        set(entity, std::max(*at, now + seconds(1)));
    }
}

std::optional<WallTime> ScheduleClock::next() const {
    return order_.empty() ? std::nullopt : std::optional(order_.begin()->first);
}

void ScheduleClock::clear() {
    at_.clear();
    order_.clear();
}

}  // namespace attacca::engine
