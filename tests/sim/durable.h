// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "clock.h"
#include "engine/batch.h"
#include "invariants/violations.h"
#include "marks.h"
#include "ports/store.h"
#include "ref_breakers.h"
#include "ref_exclusion.h"
#include "ref_lanes.h"
#include "ref_letters.h"
#include "ref_prunings.h"
#include "ref_retention.h"
#include "ref_schedules.h"
#include "ref_tenants.h"
#include "reference.h"
#include "trace.h"

// What is on the simulated disk: batches in order, and the reference model that follows them.
//
// A batch comes here when it is durable, whether or not the engine ever hears of it. Here each of
// its records is held against the invariants, once.

namespace attacca::sim {

// A job that a client asked for, or an id that the server drew for an occurrence; that one has no
// blueprint until a durable record says what it is. Its position is the job's index, which its id
// carries as well.
struct Intent {
    core::JobId id;
    const Blueprint* blueprint = nullptr;
    std::uint64_t request = 0;      // which try of which request
    std::int64_t held_until = 0;    // virtual time, 0 = at once
    bool has_reached_server = false;
    std::string tenant = "default";
};

struct DurableKey {
    std::uint64_t request = 0;  // the try whose jobs are stored; 0 = none yet
    Sha256 request_hash;
    std::vector<core::JobId> ids;
    WallTime at;
    bool is_forgotten = false;  // by the store: the edge does not find it
    // What it named before, each a day or more older; answers of that may still be under way.
    struct Former {
        Sha256 request_hash;
        std::vector<core::JobId> ids;
    };
    std::vector<Former> former;
};

// Virtual times between which the decisions of a batch fell.
struct Decided {
    std::int64_t from = 0;
    std::int64_t until = 0;
    WallSpan wall = {};
};

[[nodiscard]] std::uint32_t index_of(const core::JobId& id);
[[nodiscard]] Sha256 hash_of_key(std::uint32_t key);
[[nodiscard]] Sha256 hash_of_request(std::uint64_t number);

class Durable {
  public:
    Durable(Violations& violations, Marks& marks, Trace& trace)
        : violations_(violations),
          marks_(marks),
          trace_(trace),
          schedules_(violations, marks),
          letters_(violations, marks),
          retention_(violations, marks),
          prunings_(violations, marks, retention_) {}

    std::vector<Intent> intents;
    // A worker's lease ran out: its fence, and the virtual time before which that was decided.
    std::function<void(std::uint64_t, std::int64_t)> on_lease_lost;

    // Takes the batch's records over.
    void store(engine::Batch& batch, Decided decided);
    // A new process: it did not see the jobs start, and what it knows of the time that has passed
    // is what the wall clock says.
    void begin_process(bool is_wall_honest);

    // nullptr when it is not durable.
    [[nodiscard]] RefJob* job(const core::JobId& id);
    // Indexes of all live jobs, and of some that ended.
    [[nodiscard]] const std::vector<std::uint32_t>& live_jobs() const { return live_; }
    [[nodiscard]] std::size_t live_count() const { return live_count_; }
    [[nodiscard]] std::size_t paused_count() const { return paused_count_; }
    // The job's row or a record of it is damaged while nothing runs.
    void set_aside(std::uint32_t index);
    // A store names the job itself, recovery its entity.
    [[nodiscard]] bool is_set_aside(const std::string& what) const;
    // Since the last start that became durable.
    [[nodiscard]] std::vector<core::JobId> newly_set_aside() const;
    // I01: at the end, every job that was set aside is named in the ledger.
    void check_set_aside_are_named(bool is_at_rest);
    // The last note of this process is that it stopped.
    [[nodiscard]] bool is_stop_noted() const { return is_stop_noted_; }
    // The store drops keys of a day ago, a minute late. True when it looked.
    bool forget_keys(WallTime wall);
    [[nodiscard]] const std::vector<DurableKey>& keys() const { return keys_; }
    [[nodiscard]] const RefJob& at(std::uint32_t index) const { return *jobs_[index]; }
    [[nodiscard]] const DurableKey* key(std::uint32_t key) const;
    [[nodiscard]] const std::string* body(const Sha256& digest) const;
    [[nodiscard]] std::uint64_t size() const { return size_; }
    [[nodiscard]] core::FenceToken last_fence() const { return last_fence_; }
    [[nodiscard]] WallTime last_at() const { return last_at_; }
    // By the names of entities that are no jobs: how many records each has.
    [[nodiscard]] const std::map<std::string, std::uint64_t>& entities() const { return entities_; }
    [[nodiscard]] RefTenants& tenants() { return tenants_; }
    // The newest cache of lags; a start may be without one.
    [[nodiscard]] const core::FairLedger& fair_ledger() const { return fair_ledger_; }
    [[nodiscard]] RefBreakers& breakers() { return breakers_; }
    [[nodiscard]] RefExclusion& exclusion() { return exclusion_; }
    [[nodiscard]] RefLanes& lanes() { return lanes_; }
    [[nodiscard]] RefSchedules& schedules() { return schedules_; }
    [[nodiscard]] const RefSchedules& schedules() const { return schedules_; }
    [[nodiscard]] const RefLetters& letters() const { return letters_; }
    [[nodiscard]] const RefRetention& retention() const { return retention_; }
    [[nodiscard]] RefPrunings& prunings() { return prunings_; }
    // What the store keeps of schedules and workflows, by entity.
    [[nodiscard]] const std::map<std::string, std::string>& images() const { return images_; }
    // The records of live jobs in the ledger's order; drops those of jobs that ended.
    struct Logged {
        const RefJob* job = nullptr;
        std::unique_ptr<const core::Record> record;
    };
    [[nodiscard]] const std::vector<Logged>& live_records();

  private:
    void take(engine::PlacedRecord& placed);
    void take_job_record(const core::Record& record, RefJob& job);
    void create(const core::Record& record, const core::JobCreated& created);
    void start(RefJob& job, const core::AttemptStarted& started, const core::Record& record);
    void end(RefJob& job, const core::AttemptEnded& ended, const core::Record& record);
    [[nodiscard]] bool end_call(const RefJob& job, const RefInstance& instance,
                                const core::AttemptEnded& ended, const core::Record& record);
    // A job that takes the place of one that failed; its id was drawn by the server.
    void promise_again(Intent& intent, const core::JobCreated& created,
                       const std::string& tenant);
    // The job that it takes the place of, from which it keeps what kept_nodes() tells.
    const RefJob* take_kept(const core::JobCreated& created);
    void pause(RefJob& job, const core::JobPaused& paused);
    void mark_end(const core::AttemptEnded& ended, bool is_task, bool is_halted);
    void approve(RefJob& job, const core::ApprovalGiven& given);
    void recover(RefJob& job, const core::RecoveryTaken& taken);
    void cancel(RefJob& job, const core::CancelRequested& cancel);
    void finish(RefJob& job, const core::JobEnded& ended);
    void note_key(const core::Record& record, const core::JobCreated& created,
                  const Intent& intent);
    void take_other(const core::Record& record);
    void take_note(const core::Record& record);
    void take_named(const core::Record& record);
    void need_body(const Sha256& digest);
    RefInstance* instance_of(RefJob& job, const std::string& node,
                             const std::optional<std::uint32_t>& item, std::uint32_t& index);

    Violations& violations_;
    Marks& marks_;
    Trace& trace_;
    Decided decided_;
    std::uint64_t size_ = 0;
    std::map<std::string, std::uint64_t> entities_;
    RefTenants tenants_;
    RefBreakers breakers_;
    RefExclusion exclusion_;
    RefLanes lanes_;
    core::FairLedger fair_ledger_;
    RefSchedules schedules_;
    RefLetters letters_;
    RefRetention retention_;
    RefPrunings prunings_;
    std::set<core::JobId> begin_again_;  // of the batch at hand
    std::map<std::string, std::string> images_;
    core::FenceToken last_fence_;
    WallTime last_at_;
    std::vector<std::unique_ptr<RefJob>> jobs_;  // by index
    std::vector<std::uint32_t> live_;
    std::size_t live_count_ = 0;
    std::size_t paused_count_ = 0;
    std::vector<RefJob*> ended_;                  // in the batch at hand
    std::vector<DurableKey> keys_;
    WallTime keys_looked_at_;
    std::vector<std::uint32_t> set_aside_;  // indexes
    bool is_stop_noted_ = false;
    std::map<Sha256, std::string> bodies_;
    std::vector<Logged> log_;
};

}  // namespace attacca::sim
