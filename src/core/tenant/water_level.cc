// SPDX-License-Identifier: Apache-2.0
#include "core/tenant/water_level.h"

#include <algorithm>
#include <vector>

namespace attacca::core {
namespace {

__extension__ using Wide = unsigned __int128;

std::int64_t window_of(WallTime at) {
    return at.us / (StartCount::window_s * 1'000'000);
}

struct Column {
    std::uint64_t queued;
    std::uint64_t weight;
};

}  // namespace

bool WaterLevel::is_above(const Tenant& tenant, std::uint32_t more) const {
    if (jobs_per_weight == no_level) {
        return false;
    }
    const Wide stands = Wide{tenant.unstarted_jobs + more} << fraction_bits;
    return stands > Wide{jobs_per_weight} * tenant.settings.weight;
}

void WaterLevel::update(const Tenants& tenants, std::uint64_t waiting) {
    if (waiting < queued_max) {
        jobs_per_weight = no_level;
        computed_at = 0;
        return;
    }
    const std::uint64_t change = waiting > computed_at ? waiting - computed_at
                                                       : computed_at - waiting;
    if (computed_at != 0 && change * 64 < queued_max) {
        return;
    }
    computed_at = waiting;
    std::vector<Column> columns;
    Wide weight_left = 0;
    for (std::uint32_t number = 0; number < tenants.size(); ++number) {
        const Tenant& tenant = tenants.at(number);
        if (tenant.unstarted_jobs > 0) {
            columns.push_back({tenant.unstarted_jobs, tenant.settings.weight});
            weight_left += tenant.settings.weight;
        }
    }
    if (columns.empty()) {
        return;
    }
    std::sort(columns.begin(), columns.end(), [](const Column& a, const Column& b) {
        return Wide{a.queued} * b.weight < Wide{b.queued} * a.weight;
    });
    std::uint64_t room = queued_max;
    for (const Column& column : columns) {
        if (Wide{column.queued} * weight_left > Wide{room} * column.weight) {
            break;
        }
        room -= column.queued;
        weight_left -= column.weight;
    }
    // Where all fit exactly, the level is that of the highest: nobody may rise above it.
    const Column& highest = columns.back();
    const Wide level = weight_left == 0 ? (Wide{highest.queued} << fraction_bits) / highest.weight
                                        : (Wide{room} << fraction_bits) / weight_left;
    jobs_per_weight = static_cast<std::uint64_t>(level);
}

void StartCount::note(WallTime at) {
    const std::int64_t current = window_of(at);
    if (current != window) {
        before = current == window + 1 ? now : 0;
        now = 0;
        window = current;
    }
    ++now;
}

std::uint64_t StartCount::per_window(WallTime at) const {
    const std::int64_t current = window_of(at);
    if (current == window) {
        return std::max(now, before);
    }
    return current == window + 1 ? now : 0;
}

}  // namespace attacca::core
