// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "core/schedule/fair/fair_queue.h"

// The reference scheduler: the rules of the fair queue written down as simply as possible, O(N) at
// each event. It keeps no reason, list or bucket: after each event it computes from the facts who
// is eligible, and a choice is the smallest exact key of all. It has no debt cap and a fixed h.
//
// A test drives it and the fair queue with the same events. It follows the fair queue's choices,
// and says how far each one was from its own.

namespace attacca::core::fair {

class Reference {
  public:
    struct Choice {
        bool is_fresh = false;
        std::vector<FlowIndex> flows;  // the fresh ones, or the one with the smallest key
        Virtual key = 0;               // of the smallest
    };

    explicit Reference(const FairOptions& options) : options_(options) {}

    void add_lane(Capabilities needs) { lanes_.push_back({needs, 0, true, 0, 0}); }
    void add_tenant(std::uint32_t weight);
    void add_flow(TenantIndex tenant, LaneIndex lane);
    void add_key(std::uint32_t limit) { keys_.push_back({limit, 0}); }
    void note_worker(Capabilities worker) { workers_.push_back(worker); }

    void set_weight(TenantIndex tenant, std::uint32_t weight, std::int64_t now);
    void set_max_running(TenantIndex tenant, std::uint32_t max, std::int64_t now);
    void set_rate(TenantIndex index, std::int64_t interval, std::uint32_t burst, std::int64_t now);
    void set_paused(TenantIndex tenant, bool is_paused, std::int64_t now);
    void enqueue(EntryIndex entry, const NewEntry& wanted, std::int64_t now);
    void cancel(EntryIndex entry, std::int64_t now);
    void start(EntryIndex index, std::int64_t now);
    void complete(EntryIndex index, std::int64_t now, bool is_undone = false);
    // Time alone may end a rate's reason.
    void wake(std::int64_t now) { update(now); }

    [[nodiscard]] std::optional<Choice> choose(Capabilities worker, std::int64_t now) const;
    [[nodiscard]] Virtual key_of(FlowIndex index, std::int64_t now) const;
    [[nodiscard]] Virtual settled(FlowIndex index, std::int64_t now) const;
    [[nodiscard]] Reasons reasons(FlowIndex index) const { return flows_[index].reasons; }
    [[nodiscard]] bool is_fresh(FlowIndex index) const { return flows_[index].is_fresh; }
    [[nodiscard]] Virtual clock(LaneIndex lane) const { return lanes_[lane].clock; }

  private:
    struct Line {
        Capabilities needs;
        Virtual clock;
        bool is_fresh_next;
        std::uint64_t sum;  // of lengths in 64 µs, and of their squares
        std::uint64_t squares;
    };
    struct Limits {
        std::uint32_t weight = 0;
        std::uint32_t max = unlimited;
        std::int64_t interval = 0;
        std::int64_t burst = 0;
        std::int64_t due = 0;
        bool is_paused = false;
    };
    struct Facts {
        TenantIndex tenant = 0;
        LaneIndex lane = 0;
        SignedWide v = 0;  // in 2^-32 virtual units
        std::int64_t settled_at = 0;
        std::int64_t running = 0;
        bool is_fresh = false;
        Reasons reasons = because_empty;
    };
    struct Work {
        NewEntry wanted;
        bool is_running = false;
        std::int64_t started_at = 0;
    };
    struct Room {
        std::uint32_t limit;
        std::uint32_t running;
    };

    static Virtual whole(SignedWide v) { return static_cast<Virtual>(v >> 32U); }
    [[nodiscard]] SignedWide cost(const Facts& flow, std::int64_t us) const;
    [[nodiscard]] std::int64_t floor_us() const;
    [[nodiscard]] std::int64_t reserve_us() const;
    void settle(Facts& flow, std::int64_t now) const;
    [[nodiscard]] Choice choose_in(LaneIndex lane, std::int64_t now) const;
    [[nodiscard]] Reasons facts_of(FlowIndex index, std::int64_t now) const;
    void update(std::int64_t now);
    void admit(Facts& flow, Reasons ended, std::int64_t now);

    FairOptions options_;
    std::vector<Line> lanes_;
    std::vector<Limits> tenants_;
    std::vector<Facts> flows_;
    std::vector<Room> keys_;
    std::vector<Capabilities> workers_;
    std::map<EntryIndex, Work> entries_;
};

}  // namespace attacca::core::fair
