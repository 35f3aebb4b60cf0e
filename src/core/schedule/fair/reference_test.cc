// SPDX-License-Identifier: Apache-2.0
#include "core/schedule/fair/reference_for_test.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace attacca::core::fair {

void Reference::add_tenant(std::uint32_t weight) {
    tenants_.push_back({});
    tenants_.back().weight = weight;
}

void Reference::add_flow(TenantIndex tenant, LaneIndex lane) {
    Facts flow;
    flow.tenant = tenant;
    flow.lane = lane;
    flow.v = SignedWide{static_cast<std::int64_t>(lanes_[lane].clock)} << 32U;
    flows_.push_back(flow);
}

void Reference::set_weight(TenantIndex tenant, std::uint32_t weight, std::int64_t now) {
    for (Facts& flow : flows_) {
        if (flow.tenant == tenant && tenants_[tenant].weight != weight) {
            settle(flow, now);
            const Virtual v = reweighted(whole(flow.v), lanes_[flow.lane].clock,
                                         tenants_[tenant].weight, weight);
            flow.v = SignedWide{static_cast<std::int64_t>(v)} << 32U;
        }
    }
    tenants_[tenant].weight = weight;
    update(now);
}

void Reference::set_max_running(TenantIndex tenant, std::uint32_t max, std::int64_t now) {
    tenants_[tenant].max = max;
    update(now);
}

void Reference::set_rate(TenantIndex index, std::int64_t interval, std::uint32_t burst,
                         std::int64_t now) {
    Limits& tenant = tenants_[index];
    tenant.interval = interval;
    tenant.burst = interval * (std::int64_t{burst} - 1);
    tenant.due = std::min(tenant.due, now + tenant.burst + interval);
    update(now);
}

void Reference::set_paused(TenantIndex tenant, bool is_paused, std::int64_t now) {
    tenants_[tenant].is_paused = is_paused;
    update(now);
}

void Reference::enqueue(EntryIndex entry, const NewEntry& wanted, std::int64_t now) {
    entries_[entry] = {wanted, false, 0};
    update(now);
}

void Reference::cancel(EntryIndex entry, std::int64_t now) {
    entries_.erase(entry);
    update(now);
}

void Reference::start(EntryIndex index, std::int64_t now) {
    Work& entry = entries_.at(index);
    Facts& flow = flows_[entry.wanted.flow];
    Line& lane = lanes_[flow.lane];
    settle(flow, now);
    lane.clock = later(lane.clock, whole(flow.v));
    flow.v += cost(flow, floor_us());
    lane.is_fresh_next = !flow.is_fresh;
    flow.is_fresh = false;
    ++flow.running;
    entry.is_running = true;
    entry.started_at = now;
    Limits& tenant = tenants_[flow.tenant];
    if (tenant.interval > 0) {
        tenant.due = std::max(tenant.due, now) + tenant.interval;
    }
    if (entry.wanted.key != none) {
        ++keys_[entry.wanted.key].running;
    }
    update(now);
}

void Reference::complete(EntryIndex index, std::int64_t now, bool is_undone) {
    const Work entry = entries_.at(index);
    Facts& flow = flows_[entry.wanted.flow];
    settle(flow, now);
    --flow.running;
    const std::int64_t actual = now - entry.started_at;
    if (is_undone) {
        flow.v -= cost(flow, floor_us());
        tenants_[flow.tenant].due -= tenants_[flow.tenant].interval;
    } else if (options_.is_slot_time) {
        flow.v -= cost(flow, std::min(actual, floor_us()));
        const std::uint64_t length = (static_cast<std::uint64_t>(actual) >> 6U) + 1;
        lanes_[flow.lane].sum += length;
        lanes_[flow.lane].squares += length * length;
    }
    if (entry.wanted.key != none) {
        --keys_[entry.wanted.key].running;
    }
    entries_.erase(index);
    update(now);
}

std::optional<Reference::Choice> Reference::choose(Capabilities worker, std::int64_t now) const {
    const Line* slowest = nullptr;
    for (LaneIndex i = 0; i < lanes_.size(); ++i) {
        const bool has_work = std::any_of(flows_.begin(), flows_.end(), [&](const Facts& f) {
            return f.lane == i && f.reasons == 0;
        });
        if (has_work && (lanes_[i].needs & ~worker) == 0 &&
            (slowest == nullptr || ahead(lanes_[i].clock, slowest->clock) < 0)) {
            slowest = &lanes_[i];
        }
    }
    if (slowest == nullptr) {
        return std::nullopt;
    }
    return choose_in(static_cast<LaneIndex>(slowest - lanes_.data()), now);
}

Virtual Reference::key_of(FlowIndex index, std::int64_t now) const {
    Facts flow = flows_[index];
    settle(flow, now);
    return whole(flow.v + cost(flow, reserve_us() * flow.running));
}

Virtual Reference::settled(FlowIndex index, std::int64_t now) const {
    Facts flow = flows_[index];
    settle(flow, now);
    return whole(flow.v);
}

SignedWide Reference::cost(const Facts& flow, std::int64_t us) const {
    return SignedWide{us} *
           static_cast<std::int64_t>(inverse_of(tenants_[flow.tenant].weight));
}

std::int64_t Reference::floor_us() const {
    return options_.is_slot_time ? options_.floor_us : 1'000'000;
}

std::int64_t Reference::reserve_us() const {
    return options_.is_slot_time ? options_.reserve_us : 0;
}

void Reference::settle(Facts& flow, std::int64_t now) const {
    if (options_.is_slot_time) {
        flow.v += cost(flow, (now - flow.settled_at) * flow.running);
    }
    flow.settled_at = now;
}

Reference::Choice Reference::choose_in(LaneIndex lane, std::int64_t now) const {
    Choice fresh;
    Choice keyed;
    fresh.is_fresh = true;
    for (FlowIndex i = 0; i < flows_.size(); ++i) {
        const Facts& flow = flows_[i];
        if (flow.lane != lane || flow.reasons != 0) {
            continue;
        }
        if (flow.is_fresh) {
            fresh.flows.push_back(i);
        } else if (keyed.flows.empty() || ahead(key_of(i, now), keyed.key) < 0) {
            keyed.flows = {i};
            keyed.key = key_of(i, now);
        }
    }
    const bool takes_fresh =
        !fresh.flows.empty() && (keyed.flows.empty() || lanes_[lane].is_fresh_next);
    return takes_fresh ? fresh : keyed;
}

Reasons Reference::facts_of(FlowIndex index, std::int64_t now) const {
    const Facts& flow = flows_[index];
    const Limits& tenant = tenants_[flow.tenant];
    std::int64_t running = 0;
    for (const Facts& other : flows_) {
        running += other.tenant == flow.tenant ? other.running : 0;
    }
    bool has_any = false;
    bool has_room = false;
    for (const auto& [entry, work] : entries_) {
        if (work.wanted.flow == index && !work.is_running) {
            const KeyIndex key = work.wanted.key;
            has_any = true;
            has_room = has_room || key == none || keys_[key].running < keys_[key].limit;
        }
    }
    // The fair queue's wake-ups come in ticks of 256 µs.
    const std::int64_t until = tenant.due - tenant.burst;
    const bool is_slowed = tenant.interval > 0 && until > now;
    const bool is_held = (flow.reasons & because_rate) != 0 &&
                         ((until + 255) >> 8U) > (now >> 8U) && tenant.interval > 0;
    Reasons reasons = 0;
    reasons |= has_any ? Reasons{0} : because_empty;
    reasons |= has_any && !has_room ? because_keys : Reasons{0};
    reasons |= running >= tenant.max ? because_full : Reasons{0};
    reasons |= is_slowed || is_held ? because_rate : Reasons{0};
    reasons |= tenant.is_paused ? because_paused : Reasons{0};
    return reasons;
}

void Reference::update(std::int64_t now) {
    for (FlowIndex i = 0; i < flows_.size(); ++i) {
        Facts& flow = flows_[i];
        const Reasons reasons = facts_of(i, now);
        const auto ended = static_cast<Reasons>(flow.reasons & ~reasons);
        flow.reasons = reasons;
        if (reasons != 0) {
            flow.is_fresh = false;
        }
        if (ended != 0) {
            admit(flow, ended, now);
        }
    }
}

void Reference::admit(Facts& flow, Reasons ended, std::int64_t now) {
    Line& lane = lanes_[flow.lane];
    settle(flow, now);
    const bool is_below = flow.running == 0 && ahead(whole(flow.v), lane.clock) <= 0;
    const bool is_ours = (ended & (because_empty | because_paused)) == 0;
    std::int64_t credit = reserve_us();
    if (lane.sum > 0) {
        credit = std::min(credit, static_cast<std::int64_t>(lane.squares / lane.sum * 64));
    }
    const Virtual least =
        lane.clock - (is_ours ? whole(cost(flow, credit)) : Virtual{0});
    if (ahead(least, whole(flow.v)) > 0) {
        flow.v = SignedWide{static_cast<std::int64_t>(least)} << 32U;
    }
    flow.is_fresh = flow.reasons == 0 && is_below;
}

TEST(FairReference, ServesByWeightWhatIsBacklogged) {
    Reference reference{FairOptions{}};
    reference.add_lane(0);
    for (const std::uint32_t weight : {1000U, 3000U}) {
        reference.add_tenant(weight);
        reference.add_flow(weight == 1000 ? 0 : 1, 0);
    }
    for (EntryIndex i = 0; i < 80; ++i) {
        reference.enqueue(i, {i, i % 2}, 0);
    }
    unsigned of_light = 0;
    std::vector<EntryIndex> next{0, 1};
    for (std::int64_t i = 0; i < 40; ++i) {
        const FlowIndex flow = reference.choose(0, i * 1'000'000)->flows.front();
        of_light += flow == 0 ? 1U : 0U;
        reference.start(next[flow], i * 1'000'000);
        reference.complete(next[flow], (i + 1) * 1'000'000);
        next[flow] += 2;
    }
    EXPECT_EQ(of_light, 10U);
}

}  // namespace attacca::core::fair
