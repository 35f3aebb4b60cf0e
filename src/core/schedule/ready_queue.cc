// SPDX-License-Identifier: Apache-2.0
#include "core/schedule/ready_queue.h"

#include <algorithm>

#include "base/check.h"
#include "base/seeded_bug.h"

namespace attacca::core {
namespace {

constexpr std::int64_t window_us = 15'000'000;
constexpr std::int64_t day_us = 86'400'000'000;
constexpr std::int64_t ppm = 1'000'000;

std::uint64_t id_of(const ReadyEntry& entry) {
    return (std::uint64_t{entry.slot} << 32U) | entry.instance;
}

ReadyEntry entry_of_id(std::uint64_t id) {
    return {static_cast<std::uint32_t>(id >> 32U), static_cast<InstanceIndex>(id), 0};
}

}  // namespace

void ReadyQueue::Usage::count_to(std::int64_t at) {
    if (at <= at_us) {
        return;
    }
    const std::int64_t now = at / window_us;
    if (now != window) {
        // What is held does not change between two counts, so begins in between are known exactly.
        const auto held_at = [&](std::int64_t begin) {
            return held_us + running * std::max<std::int64_t>(0, begin - at_us);
        };
        held_at_last_begin = now == window + 1 ? held_at_begin : held_at((now - 1) * window_us);
        held_at_begin = held_at(now * window_us);
        window = now;
    }
    held_us += running * (at - at_us);
    at_us = at;
}

void ReadyQueue::Usage::change(std::int64_t at, std::int64_t by) {
    count_to(at);
    running += by;
}

std::int64_t ReadyQueue::Usage::of_late(std::int64_t at) const {
    Usage counted = *this;
    counted.count_to(at);
    return counted.held_us - counted.held_at_last_begin;
}

// Shows the meter a flow of this server's slots before something happens to it, and after.
class ReadyQueue::MeteredEvent {
  public:
    MeteredEvent(ReadyQueue& queue, fair::FlowIndex flow, std::int64_t now)
        : queue_(queue), flow_(flow), now_(now) {
        note();
    }
    ~MeteredEvent() { note(); }
    MeteredEvent(const MeteredEvent&) = delete;
    MeteredEvent& operator=(const MeteredEvent&) = delete;

  private:
    void note() {
        if (queue_.fair_.flow(flow_).lane == local_lane) {
            queue_.meter_.note(queue_.fair_, flow_, now_);
        }
    }

    ReadyQueue& queue_;
    fair::FlowIndex flow_;
    std::int64_t now_;
};

ReadyQueue::ReadyQueue() { reset({}); }

void ReadyQueue::set_slots(std::uint32_t slots) {
    slots_ = slots;
    fair_.set_slots(local_lane, slots, clock_us_);
}

void ReadyQueue::reset(WallTime at) {
    const std::uint32_t slots = slots_;
    *this = ReadyQueue(fair::FairQueue{});
    slots_ = slots;
    clock_us_ = at.us;
    seen_us_ = at.us;
    fair_.add_lane({0, slots, 0, false});
    fair_.add_lane({0, 0, 0, true});
}

std::int64_t ReadyQueue::clock(WallTime at) {
    clock_us_ += std::max(at.us - seen_us_, std::int64_t{0});
    seen_us_ = at.us;
    return clock_us_;
}

void ReadyQueue::know(std::uint32_t tenant) {
    while (fair_.tenants() <= tenant) {
        (void)fair_.add_tenant(weight_default);
        used_.emplace_back();
    }
}

void ReadyQueue::set_limits(std::uint32_t tenant, const TenantSettings& settings, WallTime at) {
    if (is_suspended_) {
        return;
    }
    const std::int64_t now = clock(at);
    know(tenant);
    fair_.set_weight(tenant, settings.weight, now);
    if (!ATTACCA_BUG(BUG_LIMIT_IGNORED)) {
        fair_.set_max_running(tenant, settings.max_concurrency.value_or(fair::unlimited), now);
    }
    fair_.slow_until(tenant, 0, now);
    fair_.hold_until(tenant, 0, now);
}

void ReadyQueue::slow_until(std::uint32_t tenant, WallTime until, WallTime at) {
    if (is_suspended_) {
        return;
    }
    know(tenant);
    const std::int64_t now = clock(at);
    fair_.slow_until(tenant, until.us == 0 ? 0 : now + (until - at).us, now);
}

void ReadyQueue::hold_today(std::uint32_t tenant, WallTime at) {
    const std::int64_t now = clock(at);
    fair_.hold_until(tenant, now + day_us - at.us % day_us, now);
}

fair::NewEntry ReadyQueue::entry_of(const ReadyNode& node) {
    return {id_of(node.entry), flow_of(node), static_cast<std::size_t>(node.priority),
            clock_us_ - (seen_us_ - node.since.us), fair::none};
}

void ReadyQueue::note_held(std::uint32_t tenant, std::int64_t by) {
    used_[tenant].change(clock_us_, by);
    if (used_[tenant].running == 0) {
        holders_.erase(tenant);
    } else if (by > 0 && used_[tenant].running == 1) {
        holders_.insert(tenant);
    }
    all_used_.change(clock_us_, by);
}

ReadyQueue::Handle ReadyQueue::push(const ReadyNode& node, WallTime at) {
    if (is_suspended_) {
        return no_handle;
    }
    const std::int64_t now = clock(at);
    waiting_[static_cast<std::size_t>(node.priority)] += node.lane ? 0U : 1U;
    const fair::NewEntry entry = entry_of(node);
    const MeteredEvent event(*this, entry.flow, now);
    const Handle pushed = fair_.enqueue(entry, now);
    if (!node.owner.empty()) {
        // Others may stand in the lane already, and so nothing new about it: but not of this owner.
        owned_.add(pushed, *node.lane, node.owner, node.priority, node.since);
        stirred_.insert(*node.lane);
    }
    return pushed;
}

void ReadyQueue::cancel(Handle entry, WallTime at) {
    if (entry == no_handle) {
        return;
    }
    const std::int64_t now = clock(at);
    chosen_ = no_handle;
    owned_.remove(entry);
    const fair::FlowIndex flow = fair_.entry(entry).flow;
    waiting_[fair_.entry(entry).priority()] -= fair_.flow(flow).lane == local_lane ? 1U : 0U;
    {
        const MeteredEvent event(*this, flow, now);
        fair_.cancel(entry, now);
    }
    leave(flow);
}

void ReadyQueue::start(Handle entry, WallTime at) {
    if (entry == no_handle) {
        return;
    }
    const std::int64_t now = clock(at);
    chosen_ = no_handle;
    owned_.remove(entry);
    const fair::Entry& queued = fair_.entry(entry);
    const fair::Flow& flow = fair_.flow(queued.flow);
    if (flow.lane == local_lane) {
        --waiting_[queued.priority()];
        note_held(flow.tenant, 1);
    }
    const MeteredEvent event(*this, queued.flow, now);
    fair_.start(entry, now);
}

ReadyQueue::Handle ReadyQueue::restore(const ReadyNode& node, WallTime from, WallTime at) {
    const std::int64_t now = clock(at);
    const fair::NewEntry entry = entry_of(node);
    const std::int64_t since = now - std::max((at - from).us, std::int64_t{0});
    if (!node.lane) {
        note_held(node.tenant, 1);
    }
    return fair_.restore_running(entry, since, now);
}

void ReadyQueue::complete(Handle entry, WallTime at) {
    if (entry == no_handle) {
        return;
    }
    const std::int64_t now = clock(at);
    chosen_ = no_handle;
    const fair::FlowIndex flow = fair_.entry(entry).flow;
    if (fair_.flow(flow).lane == local_lane) {
        note_held(fair_.flow(flow).tenant, -1);
    }
    if (ATTACCA_BUG(BUG_SLOT_NOT_GIVEN_BACK) && now % 128 == 0) {
        return;
    }
    {
        const MeteredEvent event(*this, flow, now);
        fair_.complete(entry, now);
    }
    leave(flow);
}

std::vector<TenantLag> ReadyQueue::take_lags(WallTime at, std::size_t most) {
    const std::int64_t now = clock(at);
    std::set<fair::FlowIndex> seen = std::exchange(outliers_, {});
    for (const fair::FlowIndex flow : fair_.take_marked()) {
        seen.insert(flow);
    }
    for (const std::uint32_t tenant : holders_) {
        seen.insert(fair_.flow_of(tenant, local_lane));
    }
    std::vector<TenantLag> lags;
    for (const fair::FlowIndex index : seen) {
        const fair::Flow& flow = fair_.flow(index);
        const std::int64_t lag = flow.lane == local_lane ? fair_.outlying_lag(index, now) : 0;
        if (lag > 0) {
            outliers_.insert(index);
            lags.push_back({flow.tenant, static_cast<std::int64_t>(
                                             fair::SignedWide{lag} * flow.weight /
                                             std::int64_t{fair::unit_scale})});
        }
    }
    std::stable_sort(lags.begin(), lags.end(), [](const TenantLag& a, const TenantLag& b) {
        return a.lag_us > b.lag_us;
    });
    lags.resize(std::min(lags.size(), most));
    return lags;
}

void ReadyQueue::restore_lag(std::uint32_t tenant, std::int64_t lag_us, WallTime at) {
    if (is_suspended_) {
        return;
    }
    know(tenant);
    const std::int64_t now = clock(at);
    const fair::FlowIndex flow = fair_.flow_of(tenant, local_lane);
    const fair::SignedWide lag =
        fair::SignedWide{lag_us} * std::int64_t{fair::unit_scale} / fair_.flow(flow).weight;
    fair_.restore_lag(flow, static_cast<std::int64_t>(lag), now);
    outliers_.insert(flow);
}

void ReadyQueue::push_unslotted(ReadyEntry entry) {
    if (!is_suspended_) {
        unslotted_.push_back(entry);
    }
}

ReadyQueue::Handle ReadyQueue::choose(WallTime at) {
    return fair_.choose_in(local_lane, clock(at));
}

void ReadyQueue::wake(WallTime at) {
    const std::int64_t now = clock(at);
    meter_.roll(fair_, now);
    fair_.wake(now);
}

std::optional<WallTime> ReadyQueue::next_wake() const {
    const std::int64_t at = fair_.next_wake_us();
    return at == fair::never ? std::nullopt : std::optional{WallTime{at - clock_us_ + seen_us_}};
}

ReadyEntry ReadyQueue::entry_at(Handle entry) const {
    return entry_of_id(fair_.entry(entry).id);
}

std::optional<ReadyEntry> ReadyQueue::chosen() const {
    return chosen_ == no_handle ? std::nullopt : std::optional{entry_at(chosen_)};
}

std::uint32_t ReadyQueue::before(Handle entry, std::uint32_t most) const {
    std::uint32_t count = 0;
    for (Handle at = fair_.entry(entry).prev; at != no_handle && count < most;
         at = fair_.entry(at).prev) {
        ++count;
    }
    return count;
}

std::optional<Fairness> ReadyQueue::fairness_of(std::uint32_t tenant, WallTime at) const {
    const std::int64_t now = clock_us_ + std::max(at.us - seen_us_, std::int64_t{0});
    if (tenant >= used_.size()) {
        return std::nullopt;
    }
    fair::FlowIndex index = fair_.tenant(tenant).first_flow;
    while (index != fair::none && fair_.flow(index).lane != local_lane) {
        index = fair_.flow(index).next_of_tenant;
    }
    const std::int64_t own_us = used_[tenant].of_late(now);
    if (index == fair::none ||
        (own_us == 0 && (fair_.flow(index).reasons & fair::because_empty) != 0)) {
        return std::nullopt;
    }
    const fair::Flow& flow = fair_.flow(index);
    Fairness fairness;
    const std::int64_t all_us = all_used_.of_late(now);
    fairness.share_ppm =
        all_us == 0 ? 0 : static_cast<std::int64_t>(fair::SignedWide{own_us} * ppm / all_us);
    const std::int64_t behind =
        fair::ahead(fair_.lane(local_lane).clock, fair_.settled(index, now));
    fairness.lag_us = static_cast<std::int64_t>(fair::SignedWide{behind} * flow.weight /
                                                std::int64_t{fair::unit_scale});
    return fairness;
}

}  // namespace attacca::core
