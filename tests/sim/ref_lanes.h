// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <utility>

#include "core/job/record.h"
#include "core/state.h"
#include "invariants/violations.h"
#include "marks.h"

// The reference model of lanes that are kept for an owner, from durable records alone.
//
// I23: while a lane is kept, it gives out its owner's tasks and no other; it is kept since a task
// that stays was given out, until one of the owner's is that does not, until the job ends whose
// lane it is, or until nothing of the owner runs there.

namespace attacca::sim {

using TenantsLane = std::pair<std::string, std::uint32_t>;

class RefLanes {
  public:
    Duration quiet;  // the server's setting

    // What a task says of its lane. One that cannot be rendered says nothing.
    enum class Word : std::uint8_t { nothing, stay, go };

    void started(Violations& violations, const TenantsLane& lane, const std::string& owner,
                 std::uint64_t fence, Word word) {
        const auto kept = kept_.find(lane);
        const bool is_kept = kept != kept_.end();
        if (is_kept && kept->second.owner != owner) {
            violations.report("I23", "a task of `" + owner + "` was given out in a lane that is "
                                         "kept for " + kept->second.owner);
        }
        running_[fence] = {lane, owner};
        due_ = {};
        if (word == Word::stay || (word == Word::go && is_kept)) {
            due_ = {entity_of(lane), owner, fence, word == Word::stay};
        }
    }
    // `quiet_from`: the virtual time before which its lane is not quiet.
    void ended(std::uint64_t fence, std::int64_t quiet_from) {
        if (const auto it = running_.find(fence); it != running_.end()) {
            const auto kept = kept_.find(it->second.lane);
            if (kept != kept_.end() && kept->second.owner == it->second.owner) {
                kept->second.quiet_from = quiet_from;
            }
            running_.erase(it);
        }
    }
    // Its job was set aside.
    void set_aside(std::uint64_t fence) { running_.erase(fence); }

    // The record of its lane follows a start at once.
    void check_next(Violations& violations, const core::Record& record) {
        if (std::holds_alternative<core::JobEnded>(record.payload)) {
            ended_job_ = record.entity.text();
        }
        if (!due_.entity.empty() && record.entity.name != due_.entity) {
            violations.report("I23", "what a task says of " + due_.entity + " is not recorded");
        }
    }
    void take(Violations& violations, Marks& marks, const core::Record& record,
              std::int64_t decided_until) {
        const Due due = std::exchange(due_, {});
        const TenantsLane lane = lane_of(record);
        if (const auto* reserved = std::get_if<core::LaneReserved>(&record.payload)) {
            if (!due.is_stay || due.owner != reserved->owner ||
                due.fence != reserved->fence.value) {
                violations.report("I23", due.entity + " is kept, and no task said so");
            }
            marks.hit(kept_.contains(lane) ? Mark::lane_kept_on : Mark::lane_kept);
            Kept& kept = kept_[lane];
            kept.owner = reserved->owner;
            kept.fence = reserved->fence.value;
            kept.asked_at = decided_until;
            return;
        }
        const auto& released = std::get<core::LaneReleased>(record.payload);
        const auto kept = kept_.find(lane);
        if (kept == kept_.end()) {
            violations.report("I23", record.entity.name + " is released, and was not kept");
            return;
        }
        if (released.cause == core::ReleaseCause::quiet) {
            check_quiet(violations, marks, lane, decided_until);
        } else {
            check_release(violations, marks, lane, released.cause, due);
        }
        kept_.erase(kept);
    }
    // The server works without faults since then: a lane that nobody follows in is released.
    std::int64_t healed_at = std::numeric_limits<std::int64_t>::max();
    void check_overdue(Violations& violations, std::int64_t now) const {
        constexpr std::int64_t slack_us = 60'000'000;
        for (const auto& [lane, kept] : kept_) {
            const std::int64_t since = std::max({kept.asked_at, kept.quiet_from, healed_at});
            if (healed_at < now && now - since > 2 * quiet.us + slack_us &&
                !runs_in(lane, kept.owner)) {
                violations.report("I23", entity_of(lane) + " is kept, and nothing follows");
            }
        }
    }
    // The job is over, and so is what was its own.
    void check_ended(Violations& violations, const std::string& tenant,
                     const core::JobId& job) const {
        for (auto kept = kept_.lower_bound({tenant, 0});
             kept != kept_.end() && kept->first.first == tenant; ++kept) {
            if (kept->second.owner == "job/" + job.text()) {
                violations.report("I23", "a lane is kept for a job that has ended");
            }
        }
    }
    // What a new process finds.
    void check_found(Violations& violations, Marks& marks, const core::State& state) const {
        for (const auto& [lane, kept] : kept_) {
            const core::Reservation* found =
                state.registry.reservation(lane.first, "l" + std::to_string(lane.second));
            if (found == nullptr || found->owner != kept.owner ||
                found->fence.value != kept.fence) {
                violations.report("I23", entity_of(lane) + " is not kept after a restart");
            }
            marks.hit(Mark::lane_kept_over_restart);
        }
        if (state.registry.kept_lanes().size() != kept_.size()) {
            violations.report("I23", "a lane is kept after a restart that was not before");
        }
    }

  private:
    struct Kept {
        std::string owner;
        std::uint64_t fence = 0;
        std::int64_t asked_at = 0;  // virtual times
        std::int64_t quiet_from = 0;
    };
    struct Running {
        TenantsLane lane;
        std::string owner;
    };
    struct Due {
        std::string entity;
        std::string owner;
        std::uint64_t fence = 0;
        bool is_stay = false;
    };

    static std::string entity_of(const TenantsLane& lane) {
        return "lane/" + lane.first + "/l" + std::to_string(lane.second);
    }
    static TenantsLane lane_of(const core::Record& record) {
        const std::string& name = record.entity.name;
        return {record.tenant, static_cast<std::uint32_t>(name.back() - '0')};
    }
    void check_release(Violations& violations, Marks& marks, const TenantsLane& lane,
                       core::ReleaseCause cause, const Due& due) const {
        if (cause == core::ReleaseCause::followed) {
            marks.hit(Mark::lane_followed);
            if (due.entity != entity_of(lane) || due.is_stay) {
                violations.report("I23", entity_of(lane) + " is released, and nothing followed");
            }
            return;
        }
        marks.hit(Mark::lane_ended);
        if (kept_.at(lane).owner != ended_job_) {
            violations.report("I23", "a lane is released by the end of a job that is not its own");
        }
    }
    void check_quiet(Violations& violations, Marks& marks, const TenantsLane& lane,
                     std::int64_t decided_until) const {
        const Kept& kept = kept_.at(lane);
        marks.hit(Mark::lane_quiet);
        if (decided_until < kept.quiet_from) {
            violations.report("I23", "a lane is released before it was quiet for long enough");
        }
        if (runs_in(lane, kept.owner)) {
            violations.report("I23", "a lane is released while its owner's tasks run there");
        }
    }
    [[nodiscard]] bool runs_in(const TenantsLane& lane, const std::string& owner) const {
        return std::any_of(running_.begin(), running_.end(), [&](const auto& one) {
            return one.second.lane == lane && one.second.owner == owner;
        });
    }

    std::map<TenantsLane, Kept> kept_;
    std::map<std::uint64_t, Running> running_;  // tasks, by their fence tokens
    Due due_;
    std::string ended_job_;  // the last one that ended, as an owner
};

}  // namespace attacca::sim
