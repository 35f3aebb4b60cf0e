// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

#include "core/schedule/fair/parts.h"

// Tenants that wait for an instant: a hierarchical timing wheel. Setting and dropping a wake-up
// touches a constant number of words; nothing is polled, and nobody else is looked at.
//
// A tick is 256 µs. A tenant never wakes early, and at most a tick late.

namespace attacca::core::fair {

class WakeWheel {
  public:
    // Moves the tenant's wake-up, or sets its first one.
    void set(Tenants& tenants, TenantIndex tenant, std::int64_t at_us);
    void drop(Tenants& tenants, TenantIndex tenant);
    // The next tenant whose instant has come, taken out; `none` when there is none left. Call it
    // until then, with the same instant.
    [[nodiscard]] TenantIndex take_due(Tenants& tenants, std::int64_t now_us);
    // When there is something to do: not before the next wake-up is due, or, for one that is far
    // away, when it must be sorted more finely. `never` when nobody waits.
    [[nodiscard]] std::int64_t next_us() const;

  private:
    static constexpr unsigned levels = 9;
    static constexpr unsigned tick_bits = 8;

    void link(Tenants& tenants, TenantIndex tenant);
    [[nodiscard]] std::int64_t next_tick() const;
    [[nodiscard]] static std::int64_t tick_of(std::int64_t us) { return us >> tick_bits; }

    std::int64_t now_ = 0;  // the tick that was reached
    TenantIndex due_ = none;
    std::array<std::uint64_t, levels> occupied_{};
    std::array<std::array<TenantIndex, 64>, levels> heads_ = [] {
        std::array<std::array<TenantIndex, 64>, levels> heads{};
        for (auto& level : heads) {
            level.fill(none);
        }
        return heads;
    }();
};

}  // namespace attacca::core::fair
