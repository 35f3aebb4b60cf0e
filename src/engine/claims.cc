// SPDX-License-Identifier: Apache-2.0
#include "engine/claims.h"

#include <algorithm>
#include <utility>

#include "engine/engine.h"

namespace attacca::engine {

void Claims::add(core::Claim claim, AnswerHandler handler, MonoTime until) {
    const Number number = next_number_++;
    for (const std::string& lane : claim.lanes) {
        by_lane_[{claim.tenant, lane, claim.capabilities}].insert(number);
    }
    by_time_.emplace(until, number);
    waiting_.emplace(number, Waiting{std::move(claim), std::move(handler), until});
}

std::optional<Claims::Number> Claims::first_for(const core::LaneKey& lane) const {
    std::optional<Number> first;
    for (auto it = by_lane_.lower_bound({lane.tenant, lane.lane});
         it != by_lane_.end() && core::is_same_lane(it->first, lane); ++it) {
        const Number oldest = *it->second.begin();
        if ((!first || oldest < *first) && core::may_serve(it->first, lane)) {
            first = oldest;
        }
    }
    return first;
}

const core::Claim* Claims::first(const core::LaneKey& lane) const {
    const std::optional<Number> number = first_for(lane);
    return number ? &waiting_.at(*number).claim : nullptr;
}

Claims::Waiting Claims::take_first(const core::LaneKey& lane) {
    return take(*first_for(lane));
}

std::optional<Claims::Waiting> Claims::take_due(MonoTime now) {
    if (by_time_.empty() || by_time_.begin()->first > now) {
        return std::nullopt;
    }
    return take(by_time_.begin()->second);
}

std::vector<Claims::Waiting> Claims::take_all() {
    std::vector<Waiting> all;
    while (!waiting_.empty()) {
        all.push_back(take(waiting_.begin()->first));
    }
    return all;
}

std::optional<MonoTime> Claims::next() const {
    return by_time_.empty() ? std::nullopt : std::optional{by_time_.begin()->first};
}

std::vector<core::WorkerList::Waiting> Claims::list(const std::string& tenant) const {
    std::vector<core::WorkerList::Waiting> out;
    for (const auto& [number, waiting] : waiting_) {
        if (waiting.claim.tenant == tenant) {
            out.push_back({waiting.claim.worker, waiting.claim.lanes, waiting.claim.capabilities});
        }
    }
    return out;
}

void Claims::count_into(core::QueueReport& report, const std::string& tenant) const {
    std::map<core::LaneKey, core::QueueReport::Lane> all;
    for (core::QueueReport::Lane& lane : report.lanes) {
        core::LaneKey key{lane.tenant, lane.lane, lane.capabilities};
        all[std::move(key)] = std::move(lane);
    }
    for (const auto& [worker, waiting] : by_lane_) {
        if (!tenant.empty() && worker.tenant != tenant) {
            continue;
        }
        const core::LaneKey key{worker.tenant, worker.lane};
        if (all.size() >= core::report_lanes_max && !all.contains(key)) {
            report.has_more = true;
            continue;
        }
        core::QueueReport::Lane& lane = all[key];
        lane.tenant = key.tenant;
        lane.lane = key.lane;
    }
    for (auto& [key, lane] : all) {
        for (auto it = by_lane_.lower_bound({key.tenant, key.lane});
             it != by_lane_.end() && core::is_same_lane(it->first, key); ++it) {
            lane.workers += core::may_serve(it->first, key) ? it->second.size() : 0U;
        }
    }
    report.lanes.clear();
    for (auto& [key, lane] : all) {
        report.lanes.push_back(std::move(lane));
    }
}

Claims::Waiting Claims::take(Number number) {
    const auto it = waiting_.find(number);
    Waiting taken = std::move(it->second);
    waiting_.erase(it);
    by_time_.erase({taken.until, number});
    for (const std::string& lane : taken.claim.lanes) {
        const auto found = by_lane_.find({taken.claim.tenant, lane, taken.claim.capabilities});
        if (found == by_lane_.end()) {
            continue;  // the claim named a lane twice
        }
        found->second.erase(number);
        if (found->second.empty()) {
            by_lane_.erase(found);
        }
    }
    return taken;
}

// --- The engine's side ---

void Engine::take_claim(core::Claim claim, AnswerHandler handler, Now now) {
    core::Leased leased = grant(claim, now);
    const bool may_wait = claim.wait.us > 0 && claims_.may_wait();
    if (!leased.offers.empty() || !may_wait) {
        answer(std::move(handler), core::Acceptance{std::move(leased)});
    } else if (claims_.size() >= waiting_claims_max) {
        answer(std::move(handler), fail(Problem::overloaded, "too many workers wait for work"));
    } else {
        const MonoTime until = now.mono + claim.wait;
        claims_.add(std::move(claim), std::move(handler), until);
    }
}

core::Leased Engine::grant(const core::Claim& claim, Now now) {
    core::Leased leased;
    const core::Command command{claim};
    while (leased.offers.size() < claim.max && has_room()) {
        core::choose_next(state_, claim, now);
        core::Decision decision = core::decide(state_, command, now);
        if (decision.records.empty()) {
            break;
        }
        for (core::LeaseOffer& offer : std::get<core::Leased>(*decision.answer).offers) {
            leased.offers.push_back(std::move(offer));
        }
        take(std::move(decision), {});
        if (!leased.offers.empty()) {
            core::note_heartbeat(state_, leased.offers.back().attempt.fence, now);
        }
        settle_touched(now);
    }
    return leased;
}

// A lane whose work did not fit into this batch stays stirred: the next one goes on with it.
void Engine::serve_claims(Now now) {
    while (std::optional<Claims::Waiting> due = claims_.take_due(now.mono)) {
        answer(std::move(due->handler), core::Acceptance{core::Leased{}});
    }
    while (state_.queue.has_stirred() && has_room()) {
        for (const core::LaneKey& lane : state_.queue.take_stirred()) {
            bool has_work = true;
            while (has_work && has_room()) {
                const core::Claim* first = claims_.first(lane);
                core::Leased leased = first == nullptr ? core::Leased{} : grant(*first, now);
                has_work = !leased.offers.empty();
                if (has_work) {
                    answer(claims_.take_first(lane).handler, core::Acceptance{std::move(leased)});
                }
            }
            if (has_work) {
                state_.queue.stir(lane);
            }
        }
    }
}

void Engine::end_claims() {
    for (Claims::Waiting& waiting : claims_.take_all()) {
        answer(std::move(waiting.handler), core::Acceptance{core::Leased{}});
    }
}

void Engine::answer(AnswerHandler handler, core::Answer answer) {
    if (handler) {
        newest_pending().answers.push_back({std::move(handler), std::move(answer)});
    }
}

}  // namespace attacca::engine
