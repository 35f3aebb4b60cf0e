// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "core/breaker/breaker.h"
#include "core/dead_letter/dead_letter.h"
#include "core/job/record.h"
#include "core/reservation/reservation.h"
#include "core/retention/erasure.h"
#include "core/retention/hold.h"
#include "core/schedule/schedule.h"
#include "core/workflow/workflow.h"

// What has a name and lives longer than a job: schedules, workflows, circuit breakers, lanes that
// are kept for somebody, the holds of a tenant; folded from their records. Keyed by their entity: a
// tenant's names are its own.
//
// Unlike a job such a thing never ends, so a start reads its image instead of all its records;
// `verify --replay` folds the records and compares the images.

namespace attacca::core {

class Bodies;

class Registry {
  public:
    [[nodiscard]] const Schedule* schedule(const std::string& entity) const;
    [[nodiscard]] const Workflow* workflow(const std::string& entity) const;
    [[nodiscard]] const std::map<std::string, Schedule>& schedules() const { return schedules_; }
    [[nodiscard]] const std::map<std::string, Workflow>& workflows() const { return workflows_; }
    [[nodiscard]] const Holds& holds(std::string_view tenant) const;
    // What was asked of a job's erasure; nullptr when nobody asked.
    [[nodiscard]] const Erasure* erasure(const JobId& job) const;
    [[nodiscard]] const Breaker* breaker(const std::string& entity) const;
    // By the number that a breaker has in this process; nullptr when there is none.
    [[nodiscard]] const Breaker* breaker(std::uint32_t number) const;
    // The number of the breaker, or the one that its first record will give it.
    [[nodiscard]] std::uint32_t breaker_number(const std::string& entity) const;
    [[nodiscard]] const std::map<std::string, Breaker>& breakers() const { return breakers_; }
    // For whom the lane is kept; nullptr when it is anybody's.
    [[nodiscard]] const Reservation* reservation(std::string_view tenant,
                                                 std::string_view lane) const;
    // That which this attempt was the last to ask for.
    [[nodiscard]] const Reservation* reservation(FenceToken fence) const;
    // Entities of the lanes that are kept, by the fence tokens of the attempts that asked.
    [[nodiscard]] const std::map<FenceToken, std::string>& kept_lanes() const { return kept_; }
    // An attempt of its owner ended there.
    void note_end_in(const Reservation& kept);
    // Kept, or kept once.
    [[nodiscard]] const Reservation* lane(const std::string& entity) const;
    [[nodiscard]] const std::map<std::string, Reservation>& lanes() const { return lanes_; }
    // Those of the tenant that are open, oldest job first.
    [[nodiscard]] const std::map<JobId, DeadLetter>& dead_letters(std::string_view tenant) const;
    // Of this job; nullptr when there is none that is open.
    [[nodiscard]] const DeadLetter* dead_letter(std::string_view tenant, const JobId& job) const;
    [[nodiscard]] const std::map<std::string, std::map<JobId, DeadLetter>, std::less<>>& letters()
        const {
        return letters_;
    }
    [[nodiscard]] std::uint64_t open_letters() const { return open_letters_; }
    // A letter that was closed and is held only until its image is stored.
    [[nodiscard]] bool is_closed_letter(const std::string& entity) const;
    void forget_closed_letters();
    [[nodiscard]] bool has_tripped_breaker() const { return tripped_ > 0; }
    [[nodiscard]] std::uint32_t tripped() const { return tripped_; }
    // The schedules that run this workflow, by their entities.
    [[nodiscard]] std::vector<std::string> schedules_of(std::string_view tenant,
                                                        std::string_view workflow) const;

    // Errors: corrupt, when the record does not fit.
    [[nodiscard]] Result<void> fold(const Record& record, const ScheduleSet& set, Bodies& bodies);
    [[nodiscard]] Result<void> fold(const Record& record, const SchedulePaused&, Bodies&);
    [[nodiscard]] Result<void> fold(const Record& record, const ScheduleResumed&, Bodies&);
    [[nodiscard]] Result<void> fold(const Record& record, const ScheduleDeleted&, Bodies&);
    [[nodiscard]] Result<void> fold(const Record& record, const ScheduleFired& fired, Bodies&);
    [[nodiscard]] Result<void> fold(const Record& record, const ScheduleMissed& missed, Bodies&);
    [[nodiscard]] Result<void> fold(const Record& record,
                                    const WorkflowApplied& applied,
                                    Bodies& bodies);
    [[nodiscard]] Result<void> fold(const Record& record, const WorkflowDisabled&, Bodies&);
    [[nodiscard]] Result<void> fold(const Record& record, const WorkflowEnabled&, Bodies&);
    [[nodiscard]] Result<void> fold(const Record& record, const HoldPlaced& placed, Bodies&);
    [[nodiscard]] Result<void> fold(const Record& record, const HoldReleased& released, Bodies&);
    [[nodiscard]] Result<void> fold(const Record& record, const Erased& erased, Bodies&);
    [[nodiscard]] Result<void> fold(const Record& record, const EraseRefused& refused, Bodies&);
    [[nodiscard]] Result<void> fold(const Record& record, const BreakerOpened& opened, Bodies&);
    [[nodiscard]] Result<void> fold(const Record& record, const BreakerHalfOpened& half, Bodies&);
    [[nodiscard]] Result<void> fold(const Record& record, const BreakerClosed& closed, Bodies&);
    [[nodiscard]] Result<void> fold(const Record& record, const BreakerSet& set, Bodies&);
    [[nodiscard]] Result<void> fold(const Record& record, const LaneReserved& reserved, Bodies&);
    [[nodiscard]] Result<void> fold(const Record& record, const LaneReleased& released, Bodies&);
    [[nodiscard]] Result<void> fold(const Record& record, const DeadLettered& what, Bodies&);
    [[nodiscard]] Result<void> fold(const Record& record, const DeadLetterReplayed& replayed,
                                    Bodies&);
    [[nodiscard]] Result<void> fold(const Record& record, const DeadLetterDiscarded& discarded,
                                    Bodies&);

    // The live jobs that the schedule started: each says so in its `job_created`.
    [[nodiscard]] const std::set<JobId>& active(const std::string& entity) const;
    void note_job(const JobId& job, const std::string& entity);
    void note_end(const JobId& job);

    // The image of what this entity names; empty for any other entity.
    [[nodiscard]] std::string image_of(const std::string& entity) const;
    // Takes an image back at a start. Errors: corrupt, and those of Bodies.
    [[nodiscard]] Result<void> load(const std::string& entity,
                                    std::string_view image,
                                    Bodies& bodies);

    // Volatile: the entities whose next moment may be another one than before.
    [[nodiscard]] std::set<std::string> take_touched();
    [[nodiscard]] bool has_touched() const { return !touched_.empty(); }

  private:
    [[nodiscard]] Schedule* waiting(const Record& record);

    std::map<std::string, Schedule> schedules_;
    std::map<std::string, Workflow> workflows_;
    template <typename Payload>
    [[nodiscard]] Result<void> fold_breaker_record(const Record& record, const Payload& payload);
    void add_breaker(const std::string& entity, Breaker breaker);
    template <typename Payload>
    [[nodiscard]] Result<void> fold_lane_record(const Record& record, const Payload& payload);
    void add_lane(const std::string& entity, Reservation next);

    void add_letter(DeadLetter letter);
    [[nodiscard]] Result<void> close_letter(const Record& record, DeadLetterState to,
                                            std::optional<JobId> replay, std::string reason);
    [[nodiscard]] std::string image_of_letter(const std::string& entity) const;
    [[nodiscard]] Result<void> load_letter(std::string_view image);

    std::map<std::string, Holds> holds_;
    std::map<std::string, Erasure> erasures_;
    std::map<std::string, std::map<JobId, DeadLetter>, std::less<>> letters_;  // by tenant
    std::map<std::string, DeadLetter> closed_letters_;  // by entity
    std::uint64_t open_letters_ = 0;
    std::map<std::string, Breaker> breakers_;
    std::vector<const Breaker*> breaker_numbers_;
    std::uint32_t tripped_ = 0;  // breakers that are not closed
    std::map<std::string, Reservation> lanes_;
    std::map<FenceToken, std::string> kept_;
    std::map<JobId, std::string> schedule_of_;  // live jobs
    std::map<std::string, std::set<JobId>> active_;
    std::set<std::string> touched_;
};

}  // namespace attacca::core
