// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <map>
#include <vector>

#include "core/schedule/fair/slab.h"
#include "core/schedule/fair/virtual_time.h"

// What the fair queue is made of. Plain data, linked by numbers; sizes matter, because there may be
// ten million entries and a million flows.

namespace attacca::core::fair {

using EntryIndex = std::uint32_t;
using FlowIndex = std::uint32_t;
using TenantIndex = std::uint32_t;
using LaneIndex = std::uint32_t;
using KeyIndex = std::uint32_t;

inline constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();
inline constexpr std::int64_t never = std::numeric_limits<std::int64_t>::max();
inline constexpr std::uint32_t unlimited = std::numeric_limits<std::uint32_t>::max();
inline constexpr std::size_t priorities = 3;  // high, medium, low

// Why a flow may not be served. It stands in a queue exactly while it has no reason.
using Reasons = std::uint16_t;
inline constexpr Reasons because_empty = 1U << 0U;     // nothing is queued
inline constexpr Reasons because_paused = 1U << 1U;    // until resumed
inline constexpr Reasons because_full = 1U << 2U;      // the tenant's max_running is reached
inline constexpr Reasons because_rate = 1U << 3U;      // until an instant that is known
inline constexpr Reasons because_quota = 1U << 4U;     // until the quota's next period
inline constexpr Reasons because_keys = 1U << 5U;      // all that is queued waits for a key
inline constexpr Reasons because_loading = 1U << 6U;   // not read back yet after a start
inline constexpr Reasons because_headroom = 1U << 7U;  // holds all that one tenant alone may

inline constexpr std::size_t reasons_count = 8;

// One ready node instance, queued or running.
struct Entry {
    enum class Place : std::uint8_t { free, queued, parked, running };

    std::uint64_t id = 0;     // the owner's own number
    std::uint64_t word = 0;   // instant << 8 | priority << 4 | place
    EntryIndex next = none;   // of one that runs: its tenant, see FairQueue::release_slot()
    EntryIndex prev = none;
    KeyIndex key = none;
    FlowIndex flow = none;

    // Queued since (for ageing), or running since.
    [[nodiscard]] std::int64_t at() const { return static_cast<std::int64_t>(word >> 8U); }
    [[nodiscard]] std::size_t priority() const { return (word >> 4U) & 3U; }
    [[nodiscard]] Place place() const { return static_cast<Place>(word & 7U); }
    void set(std::int64_t at, std::size_t priority, Place place) {
        word = (static_cast<std::uint64_t>(at) << 8U) | (std::uint64_t{priority} << 4U) |
               static_cast<std::uint64_t>(place);
    }
    void set_place(Place place) {
        word = (word & ~std::uint64_t{7}) | static_cast<std::uint64_t>(place);
    }
};
static_assert(sizeof(Entry) == 32);

struct EntryList {
    EntryIndex head = none;
    EntryIndex tail = none;
    std::uint32_t count = 0;
};

// A tenant's work on one lane. Two cache lines: the first is what the wheel touches.
struct alignas(64) Flow {
    enum class Place : std::uint8_t { out, fresh, wheel, under };

    Service service;               // slot time settled so far / weight
    std::int64_t settled_at = 0;   // until when
    std::uint64_t inverse = inverse_of(weight_default);
    std::int64_t bucket = 0;       // where it stands: a lower bound of its key
    std::int64_t held_us = 0;      // slot time settled so far, whatever the weight was
    std::uint32_t running = 0;     // slots held now
    std::uint32_t weight = weight_default;
    FlowIndex next = none;
    FlowIndex prev = none;

    std::array<EntryList, priorities> lists;
    std::uint32_t parked = 0;      // entries that wait for a key
    TenantIndex tenant = none;
    LaneIndex lane = none;
    FlowIndex next_of_tenant = none;
    Reasons reasons = because_empty;
    Place place = Place::out;
    bool is_active = false;        // counted in the lane's active weight
    std::array<std::uint8_t, 2> since{};  // starts since the last medium, low one
    bool is_marked = false;        // changed since the last checkpoint of lags
};
static_assert(sizeof(Flow) == 128);

// The first cache line is what each start and each end read.
struct alignas(64) Tenant {
    std::uint32_t weight = weight_default;
    std::uint32_t running = 0;
    std::uint32_t max_running = unlimited;
    FlowIndex first_flow = none;
    std::int64_t rate_interval_us = 0;   // between two starts; 0: no limit
    std::int64_t held_until = 0;         // nothing starts before
    std::int64_t theoretical_at = 0;     // GCRA: when the next start would be due
    std::uint64_t quota_left = 0;        // starts in this period
    std::uint64_t quota_max = 0;         // 0: no quota
    std::uint32_t active_lanes = 0;
    Reasons reasons = 0;                 // of all its flows
    std::uint16_t wake_slot = 0;         // 1 + level * 64 + slot; 0: not there

    std::int64_t wake_tick = 0;          // in the wake wheel
    TenantIndex wake_next = none;
    TenantIndex wake_prev = none;
    std::int64_t quota_period_us = 0;
    std::int64_t quota_until = 0;
    std::int64_t rate_burst_us = 0;      // how far a burst may be ahead of the interval
};
static_assert(sizeof(Tenant) == 128);

using Capabilities = std::uint64_t;  // one bit for each capability

using Entries = Slab<Entry>;
using Flows = Slab<Flow>;
using Tenants = Slab<Tenant>;

// What waits for one key. At most one entry of each (flow, priority) stands in the flow's list, the
// rest are parked here: a thousand entries behind a lock cost their flow one look, not a thousand.
struct Key {
    struct Line {
        EntryIndex offered = none;  // stands in its flow's list
        EntryList parked;
    };
    std::uint32_t limit = 1;
    std::uint32_t running = 0;
    std::map<std::uint64_t, Line> lines;  // by flow * 4 + priority; the empty ones are removed
};

}  // namespace attacca::core::fair
