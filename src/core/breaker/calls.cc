// SPDX-License-Identifier: Apache-2.0
#include "core/breaker/calls.h"

#include <algorithm>

namespace attacca::core {
namespace {

constexpr Duration budget_window = seconds(60);

std::int64_t tick_of(WallTime at, std::int64_t length_us) {
    return at.us / length_us;
}

}  // namespace

RetryBudget::Slot& RetryBudget::slot(WallTime at) {
    const std::int64_t tick = tick_of(at, slot_us);
    Slot& found = slots_[static_cast<std::size_t>(tick) % slots_count];
    if (found.tick != tick) {
        found = {tick, 0, 0};
    }
    return found;
}

std::uint64_t RetryBudget::sum(WallTime at, std::uint64_t Slot::*member) const {
    const std::int64_t tick = tick_of(at, slot_us);
    std::uint64_t total = 0;
    for (const Slot& one : slots_) {
        const bool is_recent =
            one.tick >= 0 && tick - one.tick < static_cast<std::int64_t>(slots_count);
        total += is_recent ? one.*member : 0;
    }
    return total;
}

bool RetryBudget::has_room(WallTime at, const BreakerRules& rules) const {
    constexpr std::uint64_t percent = 100;
    const std::uint64_t share = firsts(at) * rules.retry_percent / percent;
    return retries(at) < std::max<std::uint64_t>(rules.retries_min, share);
}

const Dependency* Calls::find(const std::string& entity) const {
    const auto it = dependencies.find(entity);
    return it == dependencies.end() ? nullptr : &it->second;
}

Dependency& Calls::of(const std::string& entity, WallTime at) {
    constexpr std::size_t few = 1024;
    if (dependencies.size() > std::max(few, 2 * kept_)) {
        const Duration memory = std::max(budget_window, rules.error_window);
        std::erase_if(dependencies, [&](const auto& one) {
            return one.second.probes == 0 && at - one.second.last_at > memory;
        });
        kept_ = dependencies.size();
    }
    Dependency& found = dependencies[entity];
    found.last_at = std::max(found.last_at, at);
    return found;
}

std::uint32_t Calls::errors(const std::string& entity, WallTime at) const {
    const Dependency* found = find(entity);
    if (found == nullptr) {
        return 0;
    }
    return static_cast<std::uint32_t>(
        std::count_if(found->errors.begin(), found->errors.end(),
                      [&](WallTime error) { return at - error <= rules.error_window; }));
}

}  // namespace attacca::core
