// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/job/ids.h"
#include "core/job/states.h"
#include "core/schedule/fair/fair_queue.h"
#include "core/schedule/fair_meter.h"
#include "core/schedule/lane_key.h"
#include "core/schedule/owned_entries.h"
#include "core/tenant/settings.h"

// Node instances that may start, and who of them starts next.
//
// What takes a slot is an entry of the fair queue (fair/fair_queue.h), from the moment it may start
// until its attempt has ended: one flow of each tenant for the slots of this server, and one for
// each of its lanes, where task nodes wait until a worker of their tenant claims them. What takes
// none (wait nodes, maps to expand) stands outside, first in first out; there an entry may have
// become stale, because its job ended or its node was cancelled: State::choose() drops it.
//
// Volatile: it changes inside apply only, by the times of records, and is rebuilt at start from
// live jobs and leases; no part of the fold (kernel.md 2). Choosing moves no entry.

namespace attacca::core {

struct ReadyEntry {
    std::uint32_t slot = 0;        // of the job in State
    InstanceIndex instance = 0;
    std::uint32_t generation = 0;  // of that slot; of what takes no slot
};

// What enters the queue, and its tenant's number in State.
struct ReadyNode {
    std::uint32_t tenant = 0;
    std::optional<LaneKey> lane;  // that it is claimed from; nothing: it takes a local slot
    Priority priority = Priority::medium;
    WallTime since;  // since when it is ready: what waits long overtakes what is more important
    ReadyEntry entry;
    std::string owner = {};  // whose it is, where its lane may be kept for one; else empty
};

// How far a tenant is ahead of its share.
struct TenantLag {
    std::uint32_t tenant = 0;
    std::int64_t lag_us = 0;
};

// How a tenant fares on the slots of this server.
struct Fairness {
    std::int64_t share_ppm = 0;  // of the slot time of the last half minute or so
    std::int64_t lag_us = 0;     // slot time by which it is behind the lane's clock
};

class ReadyQueue {
  public:
    using Handle = fair::EntryIndex;
    static constexpr Handle no_handle = fair::none;

    ReadyQueue();

    // Slots of this server, as far as debts are measured by them; who starts something counts them.
    void set_slots(std::uint32_t slots);
    // Forgets all but the slots, and begins anew at this time.
    void reset(WallTime at);
    // From now on nothing enters: for who folds a whole ledger and starts nothing.
    void suspend() { is_suspended_ = true; }
    [[nodiscard]] bool is_suspended() const { return is_suspended_; }

    // --- Limits of a tenant ----------------------------------------------------------------------
    void set_limits(std::uint32_t tenant, const TenantSettings& settings, WallTime at);
    // Nothing of it starts before that instant, by its rate.
    void slow_until(std::uint32_t tenant, WallTime until, WallTime at);
    // Nothing of it starts before the next day begins: its slot time is used up.
    void hold_today(std::uint32_t tenant, WallTime at);

    // --- Life of an entry. Without a handle nothing happens --------------------------------------
    Handle push(const ReadyNode& node, WallTime at);
    void cancel(Handle entry, WallTime at);
    // It need not be the one that was chosen.
    void start(Handle entry, WallTime at);
    // At a start of the process: it runs since `from`.
    Handle restore(const ReadyNode& node, WallTime from, WallTime at);
    void complete(Handle entry, WallTime at);
    void push_unslotted(ReadyEntry entry);

    // --- What a start has to know (fair_ledger.h) ------------------------------------------------
    // The tenants that are ahead of their share by more than one entry, at most so many, the
    // largest lags. Looks at those that changed since the last call, that hold slots, or that were
    // told then.
    [[nodiscard]] std::vector<TenantLag> take_lags(WallTime at, std::size_t most);
    // Before any other call about the tenant but set_limits().
    void restore_lag(std::uint32_t tenant, std::int64_t lag_us, WallTime at);

    // --- The choice ------------------------------------------------------------------------------
    [[nodiscard]] Handle choose(WallTime at);
    // Of the lanes of its name that the worker can serve: of the one that had the least slot time.
    [[nodiscard]] Handle choose_of(const LaneKey& worker, WallTime at);
    // Of those lanes, while they are kept for this owner: the first that is the owner's.
    [[nodiscard]] Handle choose_of_owner(const LaneKey& worker, const std::string& owner,
                                         WallTime at);
    // Limits whose instant came end. choose() does so too.
    void wake(WallTime at);
    // When one will; nothing when none is waited for.
    [[nodiscard]] std::optional<WallTime> next_wake() const;
    // What was chosen, for decide: the node that a Dispatch or a Claim starts.
    void offer(Handle entry) { chosen_ = entry; }
    [[nodiscard]] std::optional<ReadyEntry> chosen() const;
    // Without its generation. Precondition: an entry's handle.
    [[nodiscard]] ReadyEntry entry_at(Handle entry) const;
    [[nodiscard]] const ReadyEntry* unslotted_head() const {
        return unslotted_.empty() ? nullptr : &unslotted_.front();
    }
    void pop_unslotted() { unslotted_.pop_front(); }
    // Lanes that got an entry which may start, since the last call: workers may wait for them.
    [[nodiscard]] std::set<LaneKey> take_stirred();
    [[nodiscard]] bool has_stirred();
    void stir(const LaneKey& lane) { stirred_.insert(lane); }
    // All lanes of this name: they are kept for nobody any more.
    void stir_all(const LaneKey& name);

    // --- Views -----------------------------------------------------------------------------------
    // Of this server's slots.
    [[nodiscard]] std::size_t size(Priority priority) const {
        return waiting_[static_cast<std::size_t>(priority)];
    }
    [[nodiscard]] std::uint32_t slots() const { return slots_; }
    // How many of its tenant and priority stand before the entry, in its lane; `most` at most.
    [[nodiscard]] std::uint32_t before(Handle entry, std::uint32_t most) const;
    [[nodiscard]] std::uint32_t tenant_of(Handle entry) const {
        return fair_.flow(fair_.entry(entry).flow).tenant;
    }
    // Nothing while it had no work of late.
    [[nodiscard]] std::optional<Fairness> fairness_of(std::uint32_t tenant, WallTime at) const;
    [[nodiscard]] const fair::FairQueue& fair() const { return fair_; }
    [[nodiscard]] const FairFigures& figures() const { return meter_.figures(); }
    [[nodiscard]] const fair::Lane& local() const { return fair_.lane(0); }  // this server's slots
    // Flows of lanes that workers claim from.
    [[nodiscard]] const std::map<LaneKey, fair::FlowIndex>& lanes() const { return flow_of_lane_; }

  private:
    static constexpr fair::LaneIndex local_lane = 0;    // slots of this server
    static constexpr fair::LaneIndex claimed_lane = 1;  // of all workers outside
    class MeteredEvent;

    explicit ReadyQueue(fair::FairQueue queue) : fair_(std::move(queue)) {}

    // Slot time that was held, at the begins of this and the last window, to tell shares of late.
    struct Usage {
        std::int64_t window = 0;
        std::int64_t at_us = 0;  // counted until then
        std::int64_t running = 0;
        std::int64_t held_us = 0;
        std::int64_t held_at_begin = 0;
        std::int64_t held_at_last_begin = 0;

        void count_to(std::int64_t at);
        void change(std::int64_t at, std::int64_t by);
        // Since the begin of the last window.
        [[nodiscard]] std::int64_t of_late(std::int64_t at) const;
    };

    std::int64_t clock(WallTime at);
    [[nodiscard]] fair::FlowIndex flow_of(const ReadyNode& node);
    [[nodiscard]] fair::NewEntry entry_of(const ReadyNode& node);
    void know(std::uint32_t tenant);
    void catch_up(fair::FlowIndex flow, const LaneKey& key);
    void leave(fair::FlowIndex flow);
    void note_held(std::uint32_t tenant, std::int64_t by);

    fair::FairQueue fair_;
    FairMeter meter_;
    std::uint32_t slots_ = 0;
    // The queue's own time: it goes forth as the records' times do, and stands while those go back.
    std::int64_t clock_us_ = 0;
    std::int64_t seen_us_ = 0;  // the last instant that it was told
    bool is_suspended_ = false;
    Handle chosen_ = no_handle;
    std::vector<Usage> used_;    // by tenant
    std::set<std::uint32_t> holders_;      // tenants that hold local slots
    std::set<fair::FlowIndex> outliers_;   // that were ahead when the lags were taken
    Usage all_used_;
    std::array<std::size_t, 3> waiting_{};
    std::deque<ReadyEntry> unslotted_;
    std::map<LaneKey, fair::FlowIndex> flow_of_lane_;
    std::map<fair::FlowIndex, LaneKey> lane_of_flow_;
    std::set<LaneKey> stirred_;
    OwnedEntries owned_;
};

}  // namespace attacca::core
