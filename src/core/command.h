// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/boxed.h"
#include "base/result.h"
#include "base/time.h"
#include "core/command_task.h"
#include "core/dead_letter/dead_letter.h"
#include "core/graph/definition.h"
#include "core/job/attempt_spec.h"
#include "core/job/ids.h"
#include "core/job/record.h"
#include "core/job/why.h"
#include "core/registry_commands.h"
#include "core/retention/hold.h"
#include "core/retention/seal_key.h"
#include "core/schedule/queue_report.h"
#include "core/tenant/commands.h"

// What can be asked of the engine. Ids and seeds arrive with the command: `decide` draws nothing.

namespace attacca::core {

struct NewJob {
    JobId id;
    std::shared_ptr<const Definition> definition;
    std::string name;
    Priority priority = Priority::medium;
    std::string details;  // JSON object text, see JobCreated
    std::optional<WallTime> scheduled_at;
    std::optional<JobId> retry_of;
    std::string kept;  // of a rerun: see job/kept.h; empty = every node runs
    Boxed<SealKey> seal;  // when the definition asks for it; durable before the command is sent
    bool is_replay = false;  // of the dead letter of `retry_of`, which must be open
};

struct IdempotencyKey {
    Sha256 key_hash;
    Sha256 request_hash;
    // The ledger's size when the edge looked the key up and did not find it.
    std::uint64_t looked_up_at = 0;
};

struct SubmitJobs {  // all or nothing
    std::string tenant;
    std::string actor;
    std::vector<NewJob> jobs;
    std::optional<IdempotencyKey> key;
};
struct CancelJob {
    JobId job;
    std::string tenant;
    std::string actor;
};
struct PauseJob {
    JobId job;
    std::string tenant;
    std::string actor;
    bool is_now = false;  // stop what runs, and run it again after the resume
};
struct ResumeJob {
    JobId job;
    std::string tenant;
    std::string actor;
};
struct ReportAttempt {
    AttemptReport report;
    std::uint64_t seed = 0;  // for the jitter of a retry
};
struct Dispatch {           // start the queue's first ready instance
    bool has_slot = true;   // without one, only what holds none may start (waits, maps, …)
    std::string worker;
    std::string work_root;  // directory below which attempts get theirs, for results files
};
struct FireTimer {
    enum class Kind : std::uint8_t {
        retry,
        wait_until,
        job_deadline,
        job_start,
        lease_expiry,     // a worker was not heard of
        lease_grace,      // it had time to stop
        attempt_timeout,  // the node's time-out, of an attempt at a worker
        breaker_probe,    // an open breaker is half-open; `instance` is its number, no job
        lane_quiet,       // a lane that is kept since the attempt `fence` was quiet; no job
    } kind;
    JobId job;
    InstanceIndex instance = 0;
    FenceToken fence;  // of the attempt that armed it; of a breaker: its opening
};
// End the job if all its nodes are final. The engine sends it after records of that job.
struct SettleJob {
    JobId job;
    JobId next = {};  // of the job that takes its place, where one does
};
// Forget what a sealed job left: its key is destroyed by whoever sent this, once it is accepted.
struct EraseJob {
    std::string tenant;
    std::string actor;
    JobId job;  // it is sealed with a key of its own
    std::vector<JobId> family;  // it and all that descends from it: sealed with the same key
    std::string by;
    std::string reason;
};
// An operator's word on a breaker.
struct SetBreaker {
    std::string tenant;
    std::string actor;
    std::string dependency;
    BreakerSet set;
};
struct NoteLedger {
    Payload payload;  // of ledger_records.h or key_records.h
};

// An authority stamped the checkpoint of this size; the caller has checked that it did.
struct NoteTimestamp {
    std::string actor;
    std::uint64_t size = 0;
    std::string authority;
    WallTime stamped_at;
    std::string query;
    std::string reply;
};

using Command = std::variant<SubmitJobs,
                             CancelJob,
                             PauseJob,
                             ResumeJob,
                             GiveApproval,
                             ReportAttempt,
                             Dispatch,
                             Claim,
                             Heartbeat,
                             ReportTask,
                             ListWorkers,
                             EndClaims,
                             FireTimer, SettleJob, SetTenant, ReadTenants, ReadQueue, ExplainJob,
                             NoteLedger,
                             SetSchedule, SwitchSchedule, TriggerSchedule, BackfillSchedule,
                             FireSchedule, ApplyWorkflow, SwitchWorkflow, NoteTimestamp, PlaceHold,
                             ReleaseHold, EraseJob, PruneEntries, CollectContent, SetBreaker,
                             ReadDeadLetters,
                             DiscardDeadLetters>;

struct Body {
    Sha256 digest;
    std::string bytes;
};

struct StartAttempt {
    AttemptSpec spec;
};
// TERM to the process group, KILL after the grace; the runner reports when it is reaped.
struct StopAttempt {
    FenceToken fence;
};
struct ArmTimer {
    FireTimer timer;
    MonoTime at;
};
using Effect = std::variant<StartAttempt, StopAttempt, ArmTimer>;

struct Submitted {
    std::vector<JobId> ids;
    bool is_replayed = false;
    std::vector<LimitNotice> limits = {};
};
struct Accepted {};
using Acceptance = std::variant<Accepted, Submitted, Throttled, Leased, Alive, WorkerList,
                                TenantReports, QueueReport, Explanation, DeadLetterPage>;
using Answer = Result<Acceptance>;

// Records are applied in order before the next command is decided; nothing of a decision leaves the
// process before its records are durable. A refusal has no records, but that a hold forbids an
// erasure is recorded.
struct Decision {
    std::vector<Record> records;
    std::vector<Body> bodies;
    std::vector<Effect> effects;
    Answer answer = Answer{Acceptance{Accepted{}}};
};

}  // namespace attacca::core
