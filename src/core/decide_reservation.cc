// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <utility>

#include "base/seeded_bug.h"
#include "core/decide_parts.h"
#include "core/reservation/owner.h"

// Lanes that are kept for their tasks' owners: what a claim, the ends of attempts and of jobs, and
// time do to them.

namespace attacca::core {
namespace {

Record lane_record(const std::string& tenant, const std::string& lane, WallTime at,
                   Payload payload) {
    return Record{Entity{std::nullopt, lane_entity(tenant, lane)}, tenant, engine_actor, at,
                  std::move(payload)};
}

// Good until another attempt of the owner ends there, or one keeps the lane anew.
ArmTimer quiet_timer(const State& state, const Reservation& kept, std::uint32_t ends, Now now) {
    return {{FireTimer::Kind::lane_quiet, JobId{}, ends, kept.fence},
            now.mono + state.lane_quiet};
}

// Something of the owner runs there, and will end. Asked when a timer is due, and so rarely.
bool is_in_use(const State& state, const Reservation& reservation) {
    for (const auto& [fence, lease] : state.leases) {
        const Job& job = *state.find(lease.job);
        const NodeDef& node = job.node_of(job.instances[lease.instance]);
        if (lease.owner == reservation.owner && job.tenant == reservation.tenant &&
            node.task->lane == reservation.lane) {
            return true;
        }
    }
    return false;
}

}  // namespace

void keep_lane(const State& state, const Job& job, const AttemptStarted& started,
               const std::string& owner, WallTime at, Decision& decision) {
    if (owner.empty()) {
        return;
    }
    const TaskDef& task = *job.definition->nodes[job.definition->find(started.node)].task;
    const Reservation* kept = state.registry.reservation(job.tenant, task.lane);
    if (kept != nullptr && kept->owner != owner) {
        return;  // its `owner` is another one since it was queued
    }
    if (task.stays) {
        decision.records.push_back(
            lane_record(job.tenant, task.lane, at,
                        LaneReserved{started.fence, job.id, started.node, owner}));
    } else if (kept != nullptr) {
        decision.records.push_back(
            lane_record(job.tenant, task.lane, at, LaneReleased{ReleaseCause::followed}));
    }
}

void await_follower(const State& state, const Job& job, InstanceIndex i,
                    const std::string& owner, Now now, Decision& decision) {
    const Reservation* kept = reservation_at(state, job, i);
    if (kept != nullptr && kept->owner == owner) {
        decision.effects.push_back(quiet_timer(state, *kept, kept->ends + 1, now));
    }
}

void release_lanes_of(const State& state, const Job& job, WallTime at, Decision& decision) {
    for (const std::string& lane : job.definition->stay_lanes) {
        const Reservation* kept = state.registry.reservation(job.tenant, lane);
        if (kept != nullptr && kept->owner == owner_name(job)) {
            decision.records.push_back(
                lane_record(job.tenant, lane, at, LaneReleased{ReleaseCause::ended}));
        }
    }
}

Decision release_quiet_lane(const State& state, const FireTimer& timer, Now now) {
    const Reservation* kept = state.registry.reservation(timer.fence);
    Decision decision;
    if (kept == nullptr || kept->ends != timer.instance || is_in_use(state, *kept) ||
        ATTACCA_BUG(BUG_RESERVATION_KEPT_FOR_EVER)) {
        return decision;
    }
    decision.records.push_back(lane_record(kept->tenant, kept->lane, record_time(state, now),
                                           LaneReleased{ReleaseCause::quiet}));
    return decision;
}

void add_lane_timers(const State& state, Now now, std::vector<ArmTimer>& timers) {
    for (const auto& [fence, entity] : state.registry.kept_lanes()) {
        if (const Reservation* kept = state.registry.lane(entity); !is_in_use(state, *kept)) {
            timers.push_back(quiet_timer(state, *kept, kept->ends, now));
        }
    }
}

}  // namespace attacca::core
