// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "core/schedule/fair/lane.h"
#include "core/schedule/fair/parts.h"
#include "core/schedule/fair/wake_wheel.h"

// Which ready entry starts next: start-time fair queueing over a ledger of held slot time (LSFQ).
//
// Each flow, a tenant's work on one lane, has settled `v` of slot time divided by its weight; while
// it holds n slots, `v` grows, and n * h / weight is reserved on top. The eligible flow with the
// smallest K = v + n * h / weight is served. Nothing is predicted: what is charged is the time for
// which slots were really held, as it passes. Only `v` moves the lane's clock V.
//
// - A flow that comes back idle and not ahead of V is `fresh`: it is served before the wheel, one
//   entry each, at most every second time. Idling earns nothing; what was used too much stays used,
//   up to `debt_window_us` of the whole lane's time.
// - Priority orders a flow's own entries, never tenants. It ages; low ones have a floor.
// - What may not start stands in no queue: a flow has reasons, or it stands in a queue, never both.
//   Each reason ends by one event: a completion, an instant, a key's release, a call.
// - All is integer and deterministic; time arrives as an argument, in microseconds of one clock
//   that never goes back. No operation looks at all flows, entries or tenants.
//
// Owner: one thread. Volatile: rebuilt at start from live jobs and leases, and lags that were kept.

namespace attacca::core::fair {

class FairQueue {
  public:
    explicit FairQueue(FairOptions options = {}) : options_(options) {}

    // --- Who there is ----------------------------------------------------------------------------
    LaneIndex add_lane(const LaneOptions& options);
    TenantIndex add_tenant(std::uint32_t weight);
    // Made when first asked for.
    FlowIndex flow_of(TenantIndex tenant, LaneIndex lane);
    // One more flow of the tenant on a lane that is claimed from.
    FlowIndex add_flow(TenantIndex tenant, LaneIndex lane);
    // Its number is used again. Preconditions: made by add_flow(); nothing queued, nothing running.
    void drop_flow(FlowIndex flow);
    KeyIndex add_key(std::uint32_t limit);
    // Capabilities of one kind of worker: lanes that it serves share it.
    void note_worker(Capabilities worker);

    // --- Limits. Each acts on what waits already -------------------------------------------------
    // Precondition: 1 … weight_max.
    void set_weight(TenantIndex tenant, std::uint32_t weight, std::int64_t now);
    void set_max_running(TenantIndex tenant, std::uint32_t max, std::int64_t now);
    // One start each `interval_us`, `burst` of them at once. An interval of 0 ends the limit.
    void set_rate(TenantIndex tenant, std::int64_t interval_us, std::uint32_t burst,
                  std::int64_t now);
    // `max` starts in each period; 0 ends the limit.
    void set_quota(TenantIndex tenant, std::uint64_t max, std::int64_t period_us,
                   std::int64_t now);
    // Nothing starts before that instant: a quota that somebody else counts, or a rate.
    void hold_until(TenantIndex tenant, std::int64_t until, std::int64_t now);
    void slow_until(TenantIndex tenant, std::int64_t until, std::int64_t now);
    void set_paused(TenantIndex tenant, bool is_paused, std::int64_t now);
    void set_loading(FlowIndex flow, bool is_loading, std::int64_t now);
    void set_slots(LaneIndex lane, std::uint32_t slots, std::int64_t now);
    void set_key_limit(KeyIndex key, std::uint32_t limit, std::int64_t now);

    // --- Life of an entry ------------------------------------------------------------------------
    EntryIndex enqueue(const NewEntry& entry, std::int64_t now);
    // Takes a queued entry out.
    void cancel(EntryIndex entry, std::int64_t now);
    // The entry that starts next on a worker, or `none`. Twice the same answer, until start() or
    // another call changed something.
    [[nodiscard]] EntryIndex choose(Capabilities worker, std::int64_t now);
    // The same for workers that serve one lane, or, where a lane is claimed from, one flow.
    [[nodiscard]] EntryIndex choose_in(LaneIndex lane, std::int64_t now);
    [[nodiscard]] EntryIndex choose_of(FlowIndex flow, std::int64_t now);
    // Flows that can be claimed from again, since the last call; some may be empty by now.
    [[nodiscard]] std::vector<FlowIndex> take_stirred() { return std::exchange(stirred_, {}); }
    // A queued entry starts: the chosen one, or any other (a rule may know better).
    void start(EntryIndex entry, std::int64_t now);
    // A call about the entry, if it is one, follows soon: it is brought into the cache.
    void expect(EntryIndex entry) const;
    // The start did not come about: the entry is gone, its costs are given back.
    void undo(EntryIndex entry, std::int64_t now);
    // A running entry ended, in whichever way.
    void complete(EntryIndex entry, std::int64_t now);

    // --- Instants --------------------------------------------------------------------------------
    // Ends reasons whose instant came; choose() does so too.
    void wake(std::int64_t now);
    [[nodiscard]] std::int64_t next_wake_us() const { return wakes_.next_us(); }

    // --- After a start (fair_queue_restore.cc) ---------------------------------------------------
    // An entry that holds a slot; charged from `from_us` on.
    EntryIndex restore_running(const NewEntry& entry, std::int64_t from_us, std::int64_t now);
    // How far the flow was ahead of its lane's clock, in virtual units; before any other call
    // about this flow. A debt is cut to what the lane allows, a claim to what one entry is worth.
    void restore_lag(FlowIndex flow, std::int64_t lag, std::int64_t now);
    // Slot time that was used, but is not in the lag.
    void charge(FlowIndex flow, std::int64_t us, std::int64_t now);
    // Flows that changed since the last call, for the checkpoint of lags.
    [[nodiscard]] std::vector<FlowIndex> take_marked();
    // What the checkpoint keeps: 0 for a flow within one quantum of its lane's clock.
    [[nodiscard]] std::int64_t outlying_lag(FlowIndex flow, std::int64_t now);

    // --- Views -----------------------------------------------------------------------------------
    [[nodiscard]] const Flow& flow(FlowIndex index) const { return flows_[index]; }
    [[nodiscard]] const Tenant& tenant(TenantIndex index) const { return tenants_[index]; }
    [[nodiscard]] const Lane& lane(LaneIndex index) const { return *lanes_[index]; }
    [[nodiscard]] const Key& key(KeyIndex index) const { return keys_[index]; }
    [[nodiscard]] const Entry& entry(EntryIndex index) const { return entries_[index]; }
    // How many flows with work each reason keeps back, by the reasons' bits.
    [[nodiscard]] const std::array<std::uint32_t, reasons_count>& blocked() const {
        return blocked_;
    }
    [[nodiscard]] std::uint32_t flows() const { return flows_.size(); }
    [[nodiscard]] std::uint32_t tenants() const { return tenants_.size(); }
    [[nodiscard]] std::uint32_t lanes() const { return static_cast<std::uint32_t>(lanes_.size()); }
    [[nodiscard]] std::uint32_t keys() const { return static_cast<std::uint32_t>(keys_.size()); }
    // Settled until now, changing nothing, and K from it.
    [[nodiscard]] Virtual settled(FlowIndex flow, std::int64_t now) const;
    [[nodiscard]] Virtual key_of(FlowIndex flow, std::int64_t now) const;
    [[nodiscard]] std::int64_t floor_us() const;

  private:
    friend class Auditor;  // of the tests

    // fair_queue.cc
    Lane& lane_of(const Flow& flow) { return *lanes_[flow.lane]; }
    void settle(Flow& flow, std::int64_t now);
    [[nodiscard]] Virtual key_now(const Flow& flow, const Lane& lane) const;
    [[nodiscard]] std::uint64_t credit_of(const Flow& flow, const Lane& lane) const;
    void set_reasons(Flow& flow, Reasons reasons);
    void block(FlowIndex flow, Reasons reason, std::int64_t now);
    void unblock(FlowIndex flow, Reasons reason, std::int64_t now);
    void admit(FlowIndex flow, Reasons ended, std::int64_t now);
    void wake_lane(Lane& lane);
    void leave(FlowIndex flow);
    void push_fresh(FlowIndex flow);
    void requeue(FlowIndex flow);
    void note_active(FlowIndex flow, std::int64_t now);
    void share_weight(const Tenant& tenant, std::int64_t now);
    void reweight(FlowIndex flow, std::uint32_t weight, std::int64_t now);
    void set_debt_cap(Lane& lane) const;
    void mark(FlowIndex flow);
    void look_ahead(const Flow& flow) const;
    FlowIndex first_of(Lane& lane, std::int64_t now);
    void grow_buckets(Lane& lane);
    [[nodiscard]] Lane* slowest_lane(Capabilities worker);
    // fair_queue_limits.cc
    void check_tenant(TenantIndex tenant, std::int64_t now);
    void set_reason(TenantIndex tenant, Reasons reason, bool holds, std::int64_t now);
    void check_headroom(FlowIndex flow, std::int64_t now);
    // fair_queue_entries.cc
    EntryIndex take_slot();
    void free_slot(EntryIndex entry);
    EntryIndex new_entry(const NewEntry& wanted, std::int64_t at, Entry::Place place);
    void append(EntryList& list, EntryIndex entry);
    void prepend(EntryList& list, EntryIndex entry);
    void unlink(EntryList& list, EntryIndex entry);
    [[nodiscard]] EntryIndex pick(const Flow& flow, std::int64_t now) const;
    void note_lists(FlowIndex flow, std::int64_t now);
    static void note_floors(Flow& flow, std::size_t priority);
    void hold_slot(FlowIndex flow, std::int64_t now);
    void release_slot(EntryIndex entry, std::int64_t now, bool is_undone);
    void note_length(Lane& lane, std::int64_t us);
    void tidy_lane(Lane& lane, std::int64_t now);
    // fair_queue_keys.cc
    void park(Key::Line& line, EntryIndex entry, bool is_first);
    void add_keyed(EntryIndex entry);
    void leave_line(EntryIndex entry);
    void start_keyed(EntryIndex entry, std::int64_t now);
    void cancel_keyed(EntryIndex entry, std::int64_t now);
    void withdraw_all(KeyIndex key, FlowIndex starting, std::int64_t now);
    void release_key(KeyIndex key, std::int64_t now);
    void offer(Key::Line& line, std::int64_t now);
    void offer_next(KeyIndex key, std::uint64_t line, std::int64_t now);
    void offer_all(KeyIndex key, std::int64_t now);

    FairOptions options_;
    Entries entries_;
    Flows flows_;
    Tenants tenants_;
    std::vector<std::unique_ptr<Lane>> lanes_;
    std::vector<Key> keys_;
    std::vector<Capabilities> workers_;
    std::vector<FlowIndex> marked_;
    std::vector<FlowIndex> stirred_;
    std::vector<FlowIndex> free_flows_;
    WakeWheel wakes_;
    std::array<std::uint32_t, reasons_count> blocked_{};
    EntryIndex free_entries_ = none;
};

}  // namespace attacca::core::fair
