// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/graph/definition.h"
#include "core/job/ids.h"
#include "core/schedule/schedule_spec.h"
#include "core/schedule/zone.h"

// What can be asked of schedules and workflows. As with all commands, ids arrive with them.

namespace attacca::core {

struct SetSchedule {
    std::string tenant;
    std::string actor;
    std::string name;
    ScheduleSpec spec;
    std::shared_ptr<const Definition> definition;  // null for a workflow's schedule
};
enum class ScheduleSwitch : std::uint8_t { pause, resume, remove };
struct SwitchSchedule {
    std::string tenant;
    std::string actor;
    std::string name;
    ScheduleSwitch to = ScheduleSwitch::pause;
};
// Start its job now, whatever its times and its overlap rule say.
struct TriggerSchedule {
    std::string tenant;
    std::string actor;
    std::string name;
    JobId job;
};
// Decide the next occurrence that is due, if one is. The engine sends it.
struct FireSchedule {
    std::string entity;
    std::shared_ptr<const Zone> zone;
    JobId job;  // for the job that may start
};
// Start jobs for occurrences that passed without one. `eseq` is that of the schedule's last record
// when the occurrences were looked up: what was decided since might be among them.
struct BackfillSchedule {
    std::string tenant;
    std::string actor;
    std::string name;
    std::uint64_t eseq = 0;
    struct Occurrence {
        WallTime nominal;
        JobId job;
    };
    std::vector<Occurrence> occurrences;
};
inline constexpr std::size_t backfill_max = 1000;

// The triggers of the file become schedules of the same name, with `-2`, `-3`, … for more.
struct ApplyWorkflow {
    std::string tenant;
    std::string actor;
    std::string name;
    std::shared_ptr<const Definition> definition;
    std::string details;  // JSON object, see WorkflowApplied
    std::vector<ScheduleSpec> triggers;
};
struct SwitchWorkflow {
    std::string tenant;
    std::string actor;
    std::string name;
    bool is_enabled = false;
};

}  // namespace attacca::core
