// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <limits>

#include "base/time.h"
#include "core/tenant/tenant.h"

// How full the queue of all tenants is, and how much of it each may have while it is full.
//
// When more than `queued_max` jobs wait, the level X is such that Σ min(queued, X · weight) is
// queued_max: like water that rises over a ground of tenants, it covers those who have little.
// X is volatile, and computed anew only when the queue has changed by a part of queued_max.

namespace attacca::core {

struct WaterLevel {
    static constexpr std::uint64_t no_level = std::numeric_limits<std::uint64_t>::max();
    static constexpr unsigned fraction_bits = 16;

    std::uint64_t queued_max = 1'000'000;
    std::uint64_t jobs_per_weight = no_level;  // X, with fraction_bits behind the point
    std::uint64_t computed_at = 0;             // how many jobs waited then

    // Would the tenant stand above the level with so many more?
    [[nodiscard]] bool is_above(const Tenant& tenant, std::uint32_t more) const;
    // Precondition: `waiting` is the sum of the tenants' unstarted jobs.
    void update(const Tenants& tenants, std::uint64_t waiting);
};

// Job starts, counted in windows: how fast the queue drains.
struct StartCount {
    static constexpr std::int64_t window_s = 10;

    std::int64_t window = 0;
    std::uint64_t now = 0;
    std::uint64_t before = 0;

    void note(WallTime at);
    // Starts in a whole window of late.
    [[nodiscard]] std::uint64_t per_window(WallTime at) const;
};

}  // namespace attacca::core
