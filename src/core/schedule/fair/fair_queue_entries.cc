// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <bit>
#include <limits>

#include "base/check.h"
#include "core/schedule/fair/fair_queue.h"

// The life of an entry: queued, running, gone.

namespace attacca::core::fair {
namespace {

// Which of a tenant's entries is the most urgent: the instant since which it is queued, plus an
// offset for its priority. What waits long enough overtakes what is more important.
constexpr std::array<std::int64_t, priorities> offset_us{0, 30'000'000, 300'000'000};
// Once its head is older than its offset, medium gets one start in 8, low one in 16.
constexpr std::array<std::uint8_t, 2> floor_every{8, 16};

bool has_queued(const Flow& flow) {
    return flow.lists[0].head != none || flow.lists[1].head != none ||
           flow.lists[2].head != none;
}

}  // namespace

EntryIndex FairQueue::take_slot() {
    if (free_entries_ == none) {
        return entries_.add();
    }
    const EntryIndex index = free_entries_;
    free_entries_ = entries_[index].next;
    return index;
}

void FairQueue::free_slot(EntryIndex index) {
    entries_[index].set_place(Entry::Place::free);
    entries_[index].next = free_entries_;
    free_entries_ = index;
}

void FairQueue::append(EntryList& list, EntryIndex index) {
    Entry& entry = entries_[index];
    entry.next = none;
    entry.prev = list.tail;
    (list.tail == none ? list.head : entries_[list.tail].next) = index;
    list.tail = index;
    ++list.count;
}

void FairQueue::prepend(EntryList& list, EntryIndex index) {
    Entry& entry = entries_[index];
    entry.prev = none;
    entry.next = list.head;
    (list.head == none ? list.tail : entries_[list.head].prev) = index;
    list.head = index;
    ++list.count;
}

void FairQueue::unlink(EntryList& list, EntryIndex index) {
    Entry& entry = entries_[index];
    (entry.prev == none ? list.head : entries_[entry.prev].next) = entry.next;
    (entry.next == none ? list.tail : entries_[entry.next].prev) = entry.prev;
    --list.count;
}

EntryIndex FairQueue::new_entry(const NewEntry& wanted, std::int64_t at, Entry::Place place) {
    ATTACCA_CHECK(wanted.priority < priorities && wanted.flow < flows_.size());
    ATTACCA_CHECK(wanted.key == none || wanted.key < keys_.size());
    const EntryIndex index = take_slot();
    Entry& entry = entries_[index];
    entry.id = wanted.id;
    entry.key = wanted.key;
    entry.flow = wanted.flow;
    entry.set(at, wanted.priority, place);
    return index;
}

EntryIndex FairQueue::enqueue(const NewEntry& wanted, std::int64_t now) {
    const EntryIndex index = new_entry(wanted, wanted.since_us, Entry::Place::queued);
    Flow& flow = flows_[wanted.flow];
    if (wanted.key == none) {
        if (const EntryIndex last = flow.lists[wanted.priority].tail; last != none) {
            __builtin_prefetch(&entries_[last], 1);  // it came long ago, and is linked to now
        }
        append(flow.lists[wanted.priority], index);
    } else {
        add_keyed(index);
    }
    if ((flow.reasons & (because_empty | because_keys)) != 0) {
        note_lists(wanted.flow, now);
    }
    return index;
}

// Whether the flow has something to start: nothing at all, or all of it waits for keys.
void FairQueue::note_lists(FlowIndex index, std::int64_t now) {
    Flow& flow = flows_[index];
    if (has_queued(flow)) {
        unblock(index, because_empty | because_keys, now);
        return;
    }
    const Reasons holds = flow.parked > 0 ? because_keys : because_empty;
    block(index, holds, now);
    unblock(index, holds == because_keys ? because_empty : because_keys, now);
}

void FairQueue::cancel(EntryIndex index, std::int64_t now) {
    Entry& entry = entries_[index];
    const FlowIndex flow = entry.flow;
    if (entry.key != none) {
        cancel_keyed(index, now);
    } else {
        ATTACCA_CHECK(entry.place() == Entry::Place::queued);
        unlink(flows_[flow].lists[entry.priority()], index);
    }
    free_slot(index);
    note_lists(flow, now);
}

EntryIndex FairQueue::pick(const Flow& flow, std::int64_t now) const {
    std::size_t best = priorities;
    std::int64_t best_at = 0;
    for (std::size_t p = priorities; p-- > 0;) {
        const EntryIndex head = flow.lists[p].head;
        if (head == none) {
            continue;
        }
        const std::int64_t at = entries_[head].at() + offset_us[p];
        // Low comes before medium here: its floor is the rarer one.
        if (p > 0 && at <= now && flow.since[p - 1] + 1 >= floor_every[p - 1]) {
            return head;
        }
        if (best == priorities || at <= best_at) {
            best = p;
            best_at = at;
        }
    }
    ATTACCA_CHECK(best < priorities);
    return flow.lists[best].head;
}

// Starts since the last one of each lower priority; the count stops where the floor holds.
void FairQueue::note_floors(Flow& flow, std::size_t priority) {
    for (std::size_t i = 0; i < floor_every.size(); ++i) {
        if (priority == i + 1) {
            flow.since[i] = 0;
        } else if (flow.since[i] < floor_every[i]) {
            ++flow.since[i];
        }
    }
}

void FairQueue::start(EntryIndex index, std::int64_t now) {
    Entry& entry = entries_[index];
    const FlowIndex flow_index = entry.flow;
    Flow& flow = flows_[flow_index];
    Lane& lane = lane_of(flow);
    const std::size_t priority = entry.priority();
    if (entry.key != none) {
        start_keyed(index, now);
    } else {
        ATTACCA_CHECK(entry.place() == Entry::Place::queued);
        unlink(flow.lists[priority], index);
    }
    settle(flow, now);
    lane.clock = later(lane.clock, flow.service.v);
    flow.service.charge(static_cast<std::uint64_t>(floor_us()), flow.inverse);
    note_floors(flow, priority);
    const bool was_fresh = flow.place == Flow::Place::fresh;
    lane.is_fresh_next = !was_fresh;
    entry.set(now, priority, Entry::Place::running);
    entry.next = flow.tenant;
    hold_slot(flow_index, now);
    Tenant& tenant = tenants_[flow.tenant];
    if (tenant.rate_interval_us > 0) {
        tenant.theoretical_at = std::max(tenant.theoretical_at, now) + tenant.rate_interval_us;
    }
    if (tenant.quota_left > 0) {
        --tenant.quota_left;
    }
    check_tenant(flow.tenant, now);
    check_headroom(flow_index, now);
    if (!has_queued(flow)) {
        note_lists(flow_index, now);
    }
    if (flow.place == Flow::Place::fresh) {
        leave(flow_index);
        lane.wheel.insert(flows_, flow_index, key_now(flow, lane));
    } else {
        requeue(flow_index);
    }
    tidy_lane(lane, now);
}

void FairQueue::hold_slot(FlowIndex index, std::int64_t now) {
    Flow& flow = flows_[index];
    ++flow.running;
    ++tenants_[flow.tenant].running;
    ++lane_of(flow).running;
    note_active(index, now);
    mark(index);
}

void FairQueue::expect(EntryIndex entry) const {
    if (entry != none) {
        __builtin_prefetch(&entries_[entry]);
    }
}

void FairQueue::complete(EntryIndex index, std::int64_t now) { release_slot(index, now, false); }

void FairQueue::undo(EntryIndex index, std::int64_t now) { release_slot(index, now, true); }

void FairQueue::release_slot(EntryIndex index, std::int64_t now, bool is_undone) {
    const Entry entry = entries_[index];
    ATTACCA_CHECK(entry.place() == Entry::Place::running);
    // What runs began long ago: nothing of it is in the cache. All three are fetched at once.
    Flow& flow = flows_[entry.flow];
    __builtin_prefetch(&flow);
    __builtin_prefetch(&flow.lists);
    __builtin_prefetch(&tenants_[entry.next]);
    Lane& lane = lane_of(flow);
    Tenant& tenant = tenants_[flow.tenant];
    settle(flow, now);
    const std::int64_t actual = std::max<std::int64_t>(0, now - entry.at());
    if (is_undone) {
        flow.service.refund(static_cast<std::uint64_t>(floor_us()), flow.inverse);
        tenant.theoretical_at -= tenant.rate_interval_us;
        if (tenant.quota_left < tenant.quota_max) {
            ++tenant.quota_left;
        }
    } else if (options_.is_slot_time) {
        // In all an entry costs what it took, and at least the floor, which its start was charged.
        const std::int64_t back = std::min(actual, floor_us());
        flow.service.refund(static_cast<std::uint64_t>(back), flow.inverse);
        note_length(lane, actual);
    }
    --flow.running;
    --tenant.running;
    --lane.running;
    free_slot(index);
    if (entry.key != none) {
        release_key(entry.key, now);
    }
    check_tenant(flow.tenant, now);
    check_headroom(entry.flow, now);
    requeue(entry.flow);
    note_active(entry.flow, now);
    mark(entry.flow);
}

// h follows the mean length, weighted by slot time: with a much smaller one a newcomer's share
// swings, with a much larger one it comes late.
void FairQueue::note_length(Lane& lane, std::int64_t us) {
    const auto most = static_cast<std::uint64_t>(options_.reserve_max_us) * 4;
    const std::uint64_t units = (std::min(static_cast<std::uint64_t>(us), most) >> 6U) + 1;
    lane.sum += units;
    lane.sum_of_squares += units * units;
    ++lane.lengths;
    if (lane.lengths == 1024) {
        lane.sum /= 2;
        lane.sum_of_squares /= 2;
        lane.lengths /= 2;
    }
    if (options_.reserve_us > 0 || (lane.lengths > 16 && lane.lengths % 16 != 0)) {
        return;
    }
    const std::int64_t mean =
        std::clamp(lane.mean_us(), options_.floor_us, options_.reserve_max_us);
    const auto h = static_cast<std::int64_t>(std::bit_floor(static_cast<std::uint64_t>(mean)));
    if (h > lane.reserve_us) {
        lane.reserve_us = h;  // keys only grow: stored ones stay lower bounds
    } else if (mean < lane.reserve_us / 4 * 3) {
        lane.reserve_us = std::max(h, options_.floor_us);
        lane.sweep = 0;
    }
}

// What an event made too high in the wheel comes down a little at each start: flows with slots
// after h shrank, and whoever is farther ahead than debts may be.
void FairQueue::tidy_lane(Lane& lane, std::int64_t now) {
    for (unsigned i = 0; i < 4 && lane.sweep != none; ++i) {
        if (lane.sweep >= flows_.size()) {
            lane.sweep = none;
            break;
        }
        const FlowIndex index = lane.sweep++;
        Flow& flow = flows_[index];
        if (flow.running > 0 && flow.place != Flow::Place::out && &lane_of(flow) == &lane) {
            settle(flow, now);
            requeue(index);
        }
    }
    if (lane.debt_cap == std::numeric_limits<std::int64_t>::max() || !lane.wheel.has_last()) {
        return;
    }
    const Virtual most = lane.clock + static_cast<Virtual>(lane.debt_cap);
    const std::int64_t bucket = lane.wheel.last_bucket();
    if (bucket > lane.wheel.bucket_of(most)) {
        const FlowIndex last = lane.wheel.first_in(bucket);
        settle(flows_[last], now);
        lane.wheel.remove(flows_, last);
        lane.wheel.insert(flows_, last, key_now(flows_[last], lane));
    }
}

}  // namespace attacca::core::fair
