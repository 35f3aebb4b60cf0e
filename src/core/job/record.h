// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/bytes.h"
#include "base/time.h"
#include "core/breaker/breaker_records.h"
#include "core/dead_letter/dead_letter_records.h"
#include "core/job/approval.h"
#include "core/job/artifact.h"
#include "core/job/failure.h"
#include "core/job/ids.h"
#include "core/job/key_records.h"
#include "core/job/ledger_records.h"
#include "core/job/parent.h"
#include "core/job/states.h"
#include "core/job/text_or_body.h"
#include "core/job/timestamp_record.h"
#include "core/reservation/reservation_records.h"
#include "core/retention/collection.h"
#include "core/retention/erasure.h"
#include "core/retention/hold.h"
#include "core/retention/pruning.h"
#include "core/schedule/schedule_records.h"
#include "core/tenant/settings.h"

// A record is one thing that was decided or observed. State is the fold of records, so what follows
// necessarily from them (a node becomes ready, is skipped, …) has no record of its own.
//
// This is the meaning; core/ledger gives it its exact bytes (AER/1) and its place in the ledger.

namespace attacca::core {

// Versions of the derivation rules, as a job's first record names them. From 2 on, a job counts in
// the usage of its tenant; from 3 on, expressions know how long a map took.
inline constexpr int sem_first = 1;
inline constexpr int sem_counts_usage = 2;
inline constexpr int sem_map_duration = 3;
inline constexpr int sem_newest = 3;

struct JobCreated {
    Sha256 definition;  // of the normalised definition body
    std::string name;
    Priority priority = Priority::medium;
    TextOrBody details;  // JSON object: params, description, labels, tags, metadata (what is given)
    std::optional<WallTime> scheduled_at;  // starts no earlier
    std::optional<JobId> retry_of;
    std::optional<Sha256> key_hash;      // of the idempotency key; a batch shares one
    std::optional<Sha256> request_hash;  // of the request that first used the key
    int sem = sem_first;
    TextOrBody kept = {};              // of a rerun: see job/kept.h; empty = nothing is kept
    std::string concurrency_key = {};  // only one job of the tenant with it runs; empty = none
    std::optional<ParentRef> parent = {};  // of a child job
    std::optional<JobId> seal = {};  // sealed with this job's key: itself, or what it descends from
    std::uint32_t tries = 0;  // jobs before it, each made because the one before failed
    friend bool operator==(const JobCreated&, const JobCreated&) = default;
};

struct AttemptStarted {
    std::string node;
    std::optional<std::uint32_t> item;  // position in the map
    std::uint32_t attempt = 1;          // counts from 1; lost ones are counted too
    FenceToken fence;
    std::int64_t ttl_ms = 0;
    std::string worker;
    bool is_first = false;          // carries queued → scheduled → running in `tr`
    std::optional<WallTime> until;  // of a wait node, or of an approval that has a time-out
    std::string lock = {};          // held until the attempt ends; empty = none
    std::string message = {};       // what a person is asked to decide; else empty
    friend bool operator==(const AttemptStarted&, const AttemptStarted&) = default;
};

struct AttemptEnded {
    std::string node;
    std::optional<std::uint32_t> item;
    std::uint32_t attempt = 1;
    FenceToken fence;
    Outcome outcome = Outcome::succeeded;
    std::optional<std::int64_t> exit_code;
    std::string detail;  // one line for a person, at most 256 bytes; empty on success
    std::optional<std::int64_t> retry_in_ms;
    TextOrBody output;                    // JSON object of the node's outputs; empty = none
    std::optional<Artifact> output_file;  // instead of `output`, when it is larger than a body
    std::vector<Artifact> artifacts;
    FailureClass failure = FailureClass::none;  // what kind of failure it met
    Parked parked = Parked::no;  // it was worth another attempt, and will get none
    friend bool operator==(const AttemptEnded&, const AttemptEnded&) = default;
};

struct MapExpanded {
    std::string node;
    std::uint32_t count = 0;
    Sha256 body;  // JSON array of the items, after `where`
    friend bool operator==(const MapExpanded&, const MapExpanded&) = default;
};

struct JobPaused {
    bool is_now = false;  // what runs is stopped as well, and begins again later
    friend bool operator==(const JobPaused&, const JobPaused&) = default;
};
struct JobResumed {
    friend bool operator==(const JobResumed&, const JobResumed&) = default;
};

enum class CancelCause : std::uint8_t {
    user,
    deadline,
    failure,  // of a node whose `on_failure` ends the job
};
inline constexpr int cancel_cause_count = 3;
[[nodiscard]] std::string_view name_of(CancelCause cause);
[[nodiscard]] std::optional<CancelCause> cancel_cause_of(std::string_view name);

struct CancelRequested {
    CancelCause cause = CancelCause::user;
    friend bool operator==(const CancelRequested&, const CancelRequested&) = default;
};

struct JobEnded {
    JobState state = JobState::completed;
    JobReason reason = JobReason::none;
    std::vector<JobState> steps;  // X1 steps not yet taken, the last one not included
    TextOrBody output;            // JSON object: the definition's `outputs`, where it has some
    friend bool operator==(const JobEnded&, const JobEnded&) = default;
};

// A tenant was made or changed (entity `tenant/<name>`): all of its settings.
struct TenantSet {
    TenantSettings settings;
    friend bool operator==(const TenantSet&, const TenantSet&) = default;
};

using Payload = std::variant<JobCreated,
                             AttemptStarted,
                             AttemptEnded,
                             MapExpanded,
                             JobPaused,
                             JobResumed,
                             CancelRequested,
                             JobEnded,
                             LedgerStarted,
                             LedgerStopped,
                             Quarantined,
                             TenantSet,
                             ScheduleSet,
                             SchedulePaused,
                             ScheduleResumed,
                             ScheduleDeleted,
                             ScheduleFired,
                             ScheduleMissed,
                             WorkflowApplied,
                             WorkflowDisabled,
                             WorkflowEnabled,
                             ApprovalGiven,
                             RecoveryTaken,
                             AnchorTimestamped,
                             HoldPlaced, HoldReleased,
                             Erased, EraseRefused, EntriesPruned, ContentCollected,
                             LedgerTick, LedgerRestored,
                             BreakerOpened,
                             BreakerHalfOpened, BreakerClosed,
                             BreakerSet,
                             KeyRotated, SignerDegraded, SignerRestored,
                             DeadLettered, DeadLetterReplayed, DeadLetterDiscarded,
                             LaneReserved, LaneReleased>;

// The stored type name: `job_created`, `attempt_started`, …
[[nodiscard]] std::string_view type_name_of(const Payload& payload);

// Whom a record is about: a job, or something with a name of its own such as "ledger".
struct Entity {
    std::optional<JobId> job;
    std::string name;  // used when `job` is empty

    // `job/<id>`, or the name: the `ent` of the stored record.
    [[nodiscard]] std::string text() const;
    friend auto operator<=>(const Entity&, const Entity&) = default;
};

// `tenant/<name>`.
[[nodiscard]] Entity entity_of_tenant(std::string_view name);
// The name, or nothing when the entity is no tenant.
[[nodiscard]] std::optional<std::string_view> tenant_of(const Entity& entity);

struct Record {
    Entity entity;
    std::string tenant;
    std::string actor;  // `svc:engine`, `usr:<pseudonym>`
    WallTime at;
    Payload payload;
    friend bool operator==(const Record&, const Record&) = default;
};

}  // namespace attacca::core
