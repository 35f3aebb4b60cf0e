// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/bytes.h"
#include "base/time.h"
#include "core/job/ids.h"
#include "core/job/text_or_body.h"

// The records of schedules (entity `schedule/<tenant>/<name>`) and of workflows (entity
// `workflow/<tenant>/<name>`). Their bytes are core/ledger's, their fold is core/registry.h.

namespace attacca::core {

struct ScheduleSet {
    TextOrBody spec;                   // JSON, see core/schedule/schedule_spec.h
    std::optional<Sha256> definition;  // of the job, where the spec holds one
    friend bool operator==(const ScheduleSet&, const ScheduleSet&) = default;
};
struct SchedulePaused {
    friend bool operator==(const SchedulePaused&, const SchedulePaused&) = default;
};
struct ScheduleResumed {
    friend bool operator==(const ScheduleResumed&, const ScheduleResumed&) = default;
};
struct ScheduleDeleted {
    friend bool operator==(const ScheduleDeleted&, const ScheduleDeleted&) = default;
};

enum class FireCause : std::uint8_t { due, catch_up, queue, backfill, trigger };
enum class FireOutcome : std::uint8_t { started, queued, skipped, refused };

// An occurrence was decided. A queued one is decided once more when its turn comes. The job that it
// started has its `job_created` in the same batch.
struct ScheduleFired {
    WallTime nominal;  // of a trigger by hand: when that was
    FireCause cause = FireCause::due;
    FireOutcome outcome = FireOutcome::started;
    std::optional<JobId> job;
    std::string why;  // why it was skipped or refused, for a person
    friend bool operator==(const ScheduleFired&, const ScheduleFired&) = default;
};
// Occurrences that passed while nobody was there, and are not caught up.
struct ScheduleMissed {
    WallTime first;
    WallTime last;
    std::uint64_t count = 0;
    friend bool operator==(const ScheduleMissed&, const ScheduleMissed&) = default;
};

struct WorkflowApplied {
    std::uint32_t version = 1;
    Sha256 definition;
    TextOrBody details;  // JSON object: description, labels, priority, triggers (what is given)
    friend bool operator==(const WorkflowApplied&, const WorkflowApplied&) = default;
};
struct WorkflowDisabled {
    friend bool operator==(const WorkflowDisabled&, const WorkflowDisabled&) = default;
};
struct WorkflowEnabled {
    friend bool operator==(const WorkflowEnabled&, const WorkflowEnabled&) = default;
};

[[nodiscard]] std::string_view name_of(FireCause cause);
[[nodiscard]] std::string_view name_of(FireOutcome outcome);
[[nodiscard]] std::optional<FireCause> fire_cause_of(std::string_view name);
[[nodiscard]] std::optional<FireOutcome> fire_outcome_of(std::string_view name);

}  // namespace attacca::core
