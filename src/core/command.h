// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "core/graph/definition.h"
#include "core/job/attempt_spec.h"
#include "core/job/ids.h"
#include "core/job/record.h"
#include "core/job/why.h"
#include "core/registry_commands.h"
#include "core/tenant/commands.h"

// What can be asked of the engine. Ids and seeds arrive with the command: `decide` draws nothing.

namespace attacca::core {

// How long a lease lasts without a heartbeat; local ones renew while the process lives.
inline constexpr std::int64_t local_ttl_ms = 30000;

struct NewJob {
    JobId id;
    std::shared_ptr<const Definition> definition;
    std::string name;
    Priority priority = Priority::medium;
    std::string details;  // JSON object text, see JobCreated
    std::optional<WallTime> scheduled_at;
    std::optional<JobId> retry_of;
    std::string kept;  // of a rerun: see job/kept.h; empty = every node runs
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
// Start the first ready instance of the queue. The engine sends it while there is a free slot.
struct Dispatch {
    bool has_slot = true;   // without one, only what holds none may start (wait nodes, maps)
    std::string worker;
    std::string work_root;  // directory below which attempts get theirs, for results files
};
// The first task that waits in one of the lanes, as a lease for this worker. The engine decides it
// again until there are `max` leases, and keeps it waiting while there is none.
struct Claim {
    std::string tenant;
    std::string actor;
    std::vector<std::string> lanes;  // the first one that has work is served
    std::string worker;
    std::uint32_t max = 1;
    std::int64_t ttl_ms = local_ttl_ms;
    Duration wait;
};
// An attempt at a worker, by the names that its lease gave.
struct AttemptName {
    JobId job;
    std::string node;
    std::optional<std::uint32_t> item;
    std::uint32_t attempt = 1;
    FenceToken fence;
};
struct Heartbeat {
    AttemptName attempt;
    std::string tenant;
};
// `report` without job, instance and fence: those are in the name.
struct ReportTask {
    AttemptName attempt;
    std::string tenant;
    std::string actor;
    AttemptReport report;
    std::uint64_t seed = 0;
};
// Claims that wait are answered with nothing, and later ones do not wait: the edge is closing.
struct EndClaims {};
struct FireTimer {
    enum class Kind : std::uint8_t {
        retry,
        wait_until,
        job_deadline,
        job_start,
        lease_expiry,     // a worker was not heard of
        lease_grace,      // it had time to stop
        attempt_timeout,  // the node's time-out, of an attempt at a worker
    } kind;
    JobId job;
    InstanceIndex instance = 0;
    FenceToken fence;  // of the attempt that armed it
};
// End the job if all its nodes are final. The engine sends it after records of that job.
struct SettleJob {
    JobId job;
};
struct NoteLedger {
    Payload payload;  // LedgerStarted, LedgerStopped or Quarantined
};

using Command = std::variant<SubmitJobs,
                             CancelJob,
                             PauseJob,
                             ResumeJob,
                             ReportAttempt,
                             Dispatch,
                             Claim,
                             Heartbeat,
                             ReportTask,
                             EndClaims,
                             FireTimer, SettleJob, SetTenant, ReadTenants, ExplainJob, NoteLedger,
                             SetSchedule, SwitchSchedule, TriggerSchedule, BackfillSchedule,
                             FireSchedule, ApplyWorkflow, SwitchWorkflow>;

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
// What a worker is told about an attempt that it claimed.
struct LeaseOffer {
    AttemptName attempt;
    std::string lane;
    std::string job_name;
    std::string item_key;
    std::int64_t ttl_ms = 0;
    std::optional<Duration> timeout;
    std::string spec;  // JSON text
};
struct Leased {
    std::vector<LeaseOffer> offers;
};
struct Alive {
    bool must_stop = false;  // the job is being cancelled
    std::int64_t ttl_ms = 0;
};
using Acceptance = std::variant<Accepted, Submitted, Throttled, Leased, Alive, TenantReports,
                                Explanation>;
using Answer = Result<Acceptance>;

// Records are applied in order before the next command is decided; nothing of a decision leaves the
// process before its records are durable. A refusal has no records.
struct Decision {
    std::vector<Record> records;
    std::vector<Body> bodies;
    std::vector<Effect> effects;
    Answer answer = Answer{Acceptance{Accepted{}}};
};

}  // namespace attacca::core
