// SPDX-License-Identifier: Apache-2.0
#include "core/tenant/tenant.h"

namespace attacca::core {

namespace {

constexpr std::int64_t day_us = 86'400'000'000;

}  // namespace

std::int64_t day_of(WallTime at) {
    return at.us >= 0 ? at.us / day_us : (at.us + 1) / day_us - 1;
}

WallTime end_of_day(WallTime at) {
    return {(day_of(at) + 1) * day_us};
}

void roll_day(TenantUsage& usage, WallTime at) {
    const std::int64_t day = day_of(at);
    if (day != usage.day) {
        usage.day = day;
        usage.day_jobs = 0;
        usage.day_slot_us = 0;
    }
}

Tenants::Tenants() {
    of(default_tenant);
}

const Tenant* Tenants::find(std::string_view name) const {
    const auto found = numbers_.find(name);
    return found == numbers_.end() ? nullptr : all_[found->second].get();
}

Tenant* Tenants::find(std::string_view name) {
    const auto found = numbers_.find(name);
    return found == numbers_.end() ? nullptr : all_[found->second].get();
}

Tenant& Tenants::of(std::string_view name) {
    if (Tenant* known = find(name)) {
        return *known;
    }
    const auto number = static_cast<std::uint32_t>(all_.size());
    numbers_.emplace(name, number);
    all_.push_back(std::make_unique<Tenant>());
    all_.back()->name = name;
    all_.back()->number = number;
    return *all_.back();
}

}  // namespace attacca::core
