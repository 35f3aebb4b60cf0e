// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/job/record.h"
#include "core/registry.h"
#include "invariants/violations.h"
#include "marks.h"
#include "reference.h"
#include "schedule_plan.h"

// The reference model of schedules and workflows: what is set, what was decided, and which jobs it
// made, told a second time from durable records (I18).

namespace attacca::sim {

// The wall clock while the decisions of a batch fell.
struct WallSpan {
    std::int64_t from = 0;
    std::int64_t until = 0;
};

struct RefSchedule {
    std::string tenant;
    std::string name;
    const SchedulePlan* plan = nullptr;
    bool is_paused = false;
    bool is_deleted = false;
    std::int64_t set_at = 0;
    std::int64_t decided_to = 0;
    std::deque<std::int64_t> queued;
    std::uint64_t started = 0;
    std::uint64_t skipped = 0;
    std::uint64_t missed = 0;
    std::set<std::int64_t> with_job;      // nominal instants for which a job was made
    std::set<std::int64_t> without_job;   // decided, and none was: what a backfill may make up for
    std::vector<core::JobId> jobs;        // of these some may be live

    [[nodiscard]] bool is_waiting() const { return !is_paused && !is_deleted; }
    [[nodiscard]] std::optional<std::int64_t> next() const {
        return plan->next(set_at, decided_to);
    }
};

struct RefWorkflow {
    std::string tenant;
    std::string name;
    std::vector<const Blueprint*> versions;
    bool is_enabled = true;
};

class RefSchedules {
  public:
    RefSchedules(Violations& violations, Marks& marks) : violations_(violations), marks_(marks) {}

    // What a client asks for, before it does; equal texts are one plan.
    void know(SchedulePlan plan);
    void know(const Blueprint* blueprint) {
        blueprints_[blueprint->definition->digest] = blueprint;
    }

    using JobOf = std::function<const RefJob*(const core::JobId&)>;
    // A durable record of a schedule or a workflow. Returns what the job that it names, made in the
    // same batch, must be.
    struct Promise {
        core::JobId job;
        const Blueprint* blueprint = nullptr;
    };
    [[nodiscard]] std::optional<Promise> take(const core::Record& record, WallSpan wall,
                                              const JobOf& job_of);
    // The job was made.
    void made(const core::JobId& job) { awaited_.erase(job); }
    // At the end of a batch: every job that an occurrence started is in it.
    void check_made();
    // The state is the one that the records tell.
    void check_state(const core::Registry& registry);
    // Nobody was kept from deciding since a while, and the wall clock shows this.
    void check_not_overdue(std::int64_t wall);

    [[nodiscard]] const std::map<std::string, RefSchedule>& schedules() const { return schedules_; }
    [[nodiscard]] const std::map<std::string, RefWorkflow>& workflows() const { return workflows_; }
    [[nodiscard]] const RefSchedule* schedule(const std::string& entity) const {
        const auto it = schedules_.find(entity);
        return it == schedules_.end() ? nullptr : &it->second;
    }
    [[nodiscard]] bool is_any_waiting() const;

  private:
    void set(const core::Record& record, const core::ScheduleSet& set);
    std::optional<Promise> fire(const core::Record& record, const core::ScheduleFired& fired,
                                WallSpan wall, const JobOf& job_of);
    void check_turn(const RefSchedule& schedule, const core::ScheduleFired& fired, WallSpan wall);
    void check_overlap(RefSchedule& schedule, const core::ScheduleFired& fired,
                       const JobOf& job_of);
    void decide(RefSchedule& schedule, const core::ScheduleFired& fired);
    void count(RefSchedule& schedule, const core::ScheduleFired& fired);
    void miss(const core::Record& record, const core::ScheduleMissed& missed, WallSpan wall);
    void apply(const core::Record& record, const core::WorkflowApplied& applied);
    RefSchedule* waiting(const core::Record& record);
    [[nodiscard]] const Blueprint* blueprint_of(const RefSchedule& schedule) const;
    void report(const std::string& entity, const std::string& what) {
        violations_.report("I18", entity + " " + what);
    }

    Violations& violations_;
    Marks& marks_;
    std::map<std::string, SchedulePlan> plans_;  // by text
    std::map<Sha256, const Blueprint*> blueprints_;
    std::map<std::string, RefSchedule> schedules_;  // by entity
    std::map<std::string, RefWorkflow> workflows_;
    std::set<core::JobId> awaited_;
};

}  // namespace attacca::sim
