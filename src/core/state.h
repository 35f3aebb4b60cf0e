// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/time.h"
#include "core/breaker/calls.h"
#include "core/exclusion/exclusion.h"
#include "core/job/ids.h"
#include "core/job/job.h"
#include "core/job/job_index.h"
#include "core/registry.h"
#include "core/schedule/fair_ledger.h"
#include "core/schedule/ready_queue.h"
#include "core/tenant/tenant.h"
#include "core/tenant/water_level.h"

// The hot state of a partition: state = fold(apply, records), for jobs that are not final.
//
// A finished job leaves the state with the record that ended it; the batch that carries that record
// takes it from `ended` for its last row image. The ready queue and the dirty marks are volatile.

namespace attacca::core {

// The last 65,536 idempotency keys, and no more of them than those that named the last 1,048,576
// jobs (a batch of 10,000 has one key); older ones are looked up in the store by the edge. A batch
// of the ledger creates far fewer jobs, so no key is dropped before it is stored.
inline constexpr std::size_t hot_keys_max = 65536;
inline constexpr std::size_t hot_key_ids_max = std::size_t{1} << 20U;

// An idempotency key is forgotten after a day; then it may be used for something else.
inline constexpr Duration key_life = seconds(86400);

struct HotKey {
    Sha256 request_hash;
    std::vector<JobId> ids;
    WallTime at;
    std::uint64_t stored_from = 0;  // the ledger's size from which on the store holds it
};

// A worker's right to one attempt, from its start to its end.
struct Lease {
    JobId job;
    InstanceIndex instance = 0;
    WallTime started_at;
    std::int64_t ttl_ms = 0;
    std::string worker;
    std::string owner;  // as it was at the start (core/reservation); empty: no lane is kept for it
    // Volatile: claim, last heartbeat or start of the process, + ttl.
    MonoTime expires_at;
};

// One use of a key. It is void when the key was used again since: then `stored_from` differs.
struct KeyUse {
    Sha256 key;
    WallTime at;
    std::uint64_t stored_from = 0;
};

struct State {
    FenceToken last_fence;
    WallTime last_at;
    std::uint64_t size = 0;  // records applied: the ledger's size
    std::uint32_t slots_used = 0;
    std::uint64_t ready_nodes = 0;

    std::map<JobId, std::uint32_t> slot_of;  // in the order of their ids
    JobIndex index;                          // the same, to look up
    std::vector<std::unique_ptr<Job>> slots;
    std::vector<std::uint32_t> generations;
    std::vector<std::uint32_t> free_slots;
    ReadyQueue queue;
    // Volatile: as a start read it, until the queue is built anew; then the newest that was taken.
    FairLedger fair_ledger;
    std::map<FenceToken, Lease> leases;  // of task nodes whose attempt runs at a worker
    Tenants tenants;
    // Volatile, of admission: jobs of all tenants that have not started.
    std::uint64_t unstarted_jobs = 0;
    WaterLevel water;
    StartCount starts;

    Registry registry;
    Calls calls;  // volatile
    Exclusion exclusion;
    Duration lane_quiet = lane_quiet_default;  // a setting of this process
    // Volatile: what would have a lock or be a probe if its lane were not kept, by lane entities.
    std::map<std::string, std::vector<ReadyEntry>> stood_aside;
    std::map<std::string, std::uint64_t> entity_eseq;  // next eseq of what is no job
    std::map<Sha256, HotKey> keys;
    std::deque<KeyUse> key_order;    // oldest first
    std::size_t key_ids = 0;         // that `keys` hold
    // From this size of the ledger on, the store holds every key that fell out.
    std::uint64_t newest_dropped_key_at = 0;

    // Of the open batch.
    std::vector<std::uint32_t> dirty;           // slots of live jobs
    std::vector<std::unique_ptr<Job>> ended;
    std::vector<Sha256> new_keys;
    std::vector<std::uint32_t> dirty_tenants;   // numbers
    // Of one pass of derivation; kept, because a pass is short and a new vector is not.
    std::vector<InstanceIndex> flow_ends;

    [[nodiscard]] const Job* find(const JobId& id) const;
    [[nodiscard]] Job* find(const JobId& id);
    // The job of an entry that takes no slot, or nullptr when the entry is stale.
    [[nodiscard]] const Job* live(const ReadyEntry& entry) const;
    // Chooses what the next Dispatch starts: what takes no slot, else, when there is one, what the
    // fair queue says. Volatile, like all of the queue: a decision that starts nothing changed
    // nothing.
    void choose(bool has_slot, WallTime at);
    // Chooses what the next Claim of this tenant's worker starts, of the first lane that has work.
    void choose_task(const std::string& tenant, const std::vector<std::string>& lanes,
                     const std::vector<std::string>& capabilities, WallTime at);
    // What was chosen; no_index when there is nothing.
    [[nodiscard]] ReadyEntry chosen(bool has_slot) const;
    // Into the queue that the instance belongs to; the job counts it as queued already.
    void push_ready(Job& job, InstanceIndex instance);
    // Out of it, unstarted.
    void cancel_ready(Instance& instance);
    // An attempt began: a slot of this server, or a lease. It ended: the same back.
    void note_started(Job& job, InstanceIndex instance, const AttemptStarted& started,
                      WallTime at);
    void note_ended(Job& job, InstanceIndex instance, WallTime at);
    void mark_dirty(Job& job);
    void mark_dirty(Job& job, InstanceIndex instance);
    void mark_dirty(Tenant& tenant);
    // An instance that will take a slot enters the ready queue, or leaves it.
    void count_ready(const Job& job);
    void count_unready(const Job& job);
    // The job was made with an idempotency key, if it was.
    void note_key(const JobCreated& created, const JobId& id, WallTime at);
    // Keys that are forgotten after a day, and those that are too many.
    void drop_old_keys(WallTime at);
    Job& add_job(const JobId& id);
    // Moves the job to `ended`.
    void remove_job(Job& job);
    // A live job whose records cannot be read: with what its attempts hold.
    void drop_job(Job& job);
};

// The entry of an instance that takes a slot.
[[nodiscard]] ReadyNode ready_node(const Job& job, InstanceIndex instance);

}  // namespace attacca::core
