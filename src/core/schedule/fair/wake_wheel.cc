// SPDX-License-Identifier: Apache-2.0
#include "core/schedule/fair/wake_wheel.h"

#include <bit>

namespace attacca::core::fair {
namespace {

constexpr std::uint16_t due_slot = 0xFFFF;

std::uint32_t digit_of(std::int64_t tick, unsigned level) {
    return static_cast<std::uint32_t>(static_cast<std::uint64_t>(tick) >> (6 * level)) & 63U;
}

}  // namespace

// The level is the highest digit in which the instant differs from now, so a slot of level l holds
// what comes when that digit turns, and everything in lower levels comes earlier.
void WakeWheel::link(Tenants& tenants, TenantIndex index) {
    Tenant& tenant = tenants[index];
    TenantIndex* head = &due_;
    tenant.wake_slot = due_slot;
    if (tenant.wake_tick > now_) {
        const auto differing = static_cast<std::uint64_t>(tenant.wake_tick ^ now_);
        const auto level = static_cast<unsigned>(std::bit_width(differing) - 1) / 6;
        const std::uint32_t slot = digit_of(tenant.wake_tick, level);
        tenant.wake_slot = static_cast<std::uint16_t>(1 + level * 64 + slot);
        occupied_[level] |= std::uint64_t{1} << slot;
        head = &heads_[level][slot];
    }
    tenant.wake_prev = none;
    tenant.wake_next = *head;
    if (*head != none) {
        tenants[*head].wake_prev = index;
    }
    *head = index;
}

void WakeWheel::drop(Tenants& tenants, TenantIndex index) {
    Tenant& tenant = tenants[index];
    if (tenant.wake_slot == 0) {
        return;
    }
    if (tenant.wake_next != none) {
        tenants[tenant.wake_next].wake_prev = tenant.wake_prev;
    }
    if (tenant.wake_prev != none) {
        tenants[tenant.wake_prev].wake_next = tenant.wake_next;
    } else if (tenant.wake_slot == due_slot) {
        due_ = tenant.wake_next;
    } else {
        const std::uint32_t level = (tenant.wake_slot - 1U) / 64;
        const std::uint32_t slot = (tenant.wake_slot - 1U) % 64;
        heads_[level][slot] = tenant.wake_next;
        if (tenant.wake_next == none) {
            occupied_[level] &= ~(std::uint64_t{1} << slot);
        }
    }
    tenant.wake_slot = 0;
}

void WakeWheel::set(Tenants& tenants, TenantIndex index, std::int64_t at_us) {
    drop(tenants, index);
    const std::int64_t up = at_us + (std::int64_t{1} << tick_bits) - 1;
    tenants[index].wake_tick = up >> tick_bits;
    link(tenants, index);
}

std::int64_t WakeWheel::next_tick() const {
    for (unsigned level = 0; level < levels; ++level) {
        if (occupied_[level] == 0) {
            continue;
        }
        const auto slot = static_cast<std::uint64_t>(std::countr_zero(occupied_[level]));
        const unsigned bits = 6 * (level + 1);
        const std::uint64_t above =
            bits >= 64 ? 0 : (static_cast<std::uint64_t>(now_) >> bits) << bits;
        return static_cast<std::int64_t>(above | (slot << (6 * level)));
    }
    return never;
}

std::int64_t WakeWheel::next_us() const {
    if (due_ != none) {
        return now_ << tick_bits;
    }
    const std::int64_t tick = next_tick();
    return tick == never ? never : tick << tick_bits;
}

TenantIndex WakeWheel::take_due(Tenants& tenants, std::int64_t now_us) {
    const std::int64_t until = tick_of(now_us);
    while (due_ == none) {
        const std::int64_t tick = next_tick();
        if (tick > until) {
            if (until > now_) {
                now_ = until;
            }
            return none;
        }
        unsigned level = 0;
        while (occupied_[level] == 0) {
            ++level;
        }
        const auto slot = static_cast<std::uint32_t>(std::countr_zero(occupied_[level]));
        TenantIndex index = heads_[level][slot];
        heads_[level][slot] = none;
        occupied_[level] &= ~(std::uint64_t{1} << slot);
        now_ = tick;
        while (index != none) {
            const TenantIndex next = tenants[index].wake_next;
            link(tenants, index);
            index = next;
        }
    }
    const TenantIndex taken = due_;
    drop(tenants, taken);
    return taken;
}

}  // namespace attacca::core::fair
