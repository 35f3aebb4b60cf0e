// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/boxed.h"
#include "base/json.h"
#include "base/time.h"
#include "core/graph/definition.h"
#include "core/job/ids.h"
#include "core/job/record.h"
#include "core/job/states.h"
#include "core/retention/seal_key.h"

// The hot state of a live job. Plain data: flow.h moves it, apply.h is the only caller of flow.
//
// Sizes matter: a million queued jobs must fit in a gigabyte, a job may have 100,000 nodes.

namespace attacca::core {

// A node, or one item of a map.
struct Instance {
    NodeIndex node = 0;
    std::uint32_t item = no_index;  // position in its map; no_index: the node itself
    NodeState state = NodeState::pending;
    bool is_skipped_by_if : 1 = false;  // satisfies all_succeeded, unlike other skips
    bool is_queued : 1 = false;         // stands in the ready queue
    bool has_condition_error : 1 = false;  // its `if` cannot be evaluated: fails at its start
    bool is_escalated : 1 = false;  // it failed, and a person has to say how to go on
    bool has_fallen_back : 1 = false;  // it failed, and its fallback runs
    bool is_halted : 1 = false;  // its attempt is being stopped by a pause, to begin again
    bool is_given_up : 1 = false;  // its last attempt was ended without its worker's report
    std::uint16_t attempts = 0;     // started, lost ones included
    std::uint16_t lost = 0;         // that do not count: lost by us, or stopped
    // Ends of its needs, by kind (fan-in is at most 4,096).
    std::uint16_t needs_done = 0;
    std::uint16_t needs_succeeded = 0;
    std::uint16_t needs_failed = 0;
    std::uint16_t needs_bad = 0;    // failed, cancelled, or skipped for another reason than `if`
    std::uint8_t crashes = 0;       // attempts that took this server or a worker down, to 255
    Parked parked = Parked::no;     // of its last attempt
    std::uint32_t entry = no_index;  // volatile, of the ready queue: it waits for or holds a slot
    std::uint32_t lock_line = no_index;  // of the lock that its attempt holds
    FenceToken fence;               // of the live attempt, or of the last one
    WallTime due_at;                // retrying: not before; a wait node: until
    WallTime started_at;            // of the first attempt
    WallTime since_at;              // since when it is in its state
    WallTime ended_at;

    // A need of this one came to its end.
    void note_need(const Instance& need);
};

// A node that was expanded into items.
struct MapRun {
    NodeIndex node = 0;
    InstanceIndex first = 0;  // instance of item 0
    std::uint32_t count = 0;
    std::uint32_t next = 0;    // items from here on have not been released yet
    std::uint32_t active = 0;  // released and not final
    std::uint32_t done = 0;
    std::uint32_t succeeded = 0;
    std::uint32_t failed = 0;
    std::uint32_t skipped = 0;
    std::uint32_t cancelled = 0;
    std::shared_ptr<const Json> items;
};

struct Output {
    std::string text;           // JSON object
    bool is_too_large = false;  // lies in a file: expressions cannot see it
};

struct Job {
    JobId id;
    std::uint32_t slot = 0;
    std::uint32_t generation = 0;
    std::string tenant;
    std::uint32_t tenant_number = 0;  // in the state's Tenants
    int sem = sem_first;
    std::string name;
    std::shared_ptr<const Definition> definition;
    TextOrBody details;
    Boxed<std::string> details_text;  // of a body; nothing while `details.text` holds it
    Boxed<std::string> tags;  // JSON array text
    Boxed<std::string> schedule;  // that started it, by its details
    Boxed<SealKey> seal;  // of a sealed job
    Priority priority = Priority::medium;
    JobState state = JobState::queued;
    JobReason reason = JobReason::none;
    bool is_held = false;          // scheduled_at has not come yet, or its parent is paused
    bool waits_for_turn = false;   // volatile: another job has its concurrency key
    bool is_cancelling = false;
    bool is_finally_stopped = false;  // cancelled a second time
    bool is_finally_begun = false;
    CancelCause cancel_cause = CancelCause::user;
    std::uint32_t key_line = no_index;  // of its concurrency key; no_index: it has none
    WallTime created_at;
    WallTime started_at;  // of the first attempt
    WallTime ended_at;
    Boxed<WallTime> scheduled_at;
    Boxed<JobId> retry_of;
    Boxed<ParentLink> parent;

    std::vector<Instance> instances;
    std::vector<MapRun> maps;                  // in expansion order
    std::vector<std::uint32_t> map_positions;  // in `maps`, by node; empty while there is none
    std::map<InstanceIndex, Output> outputs;
    std::vector<InstanceIndex> backlog;        // ready, waits for the job's own limit
    std::size_t backlog_head = 0;
    std::uint32_t active = 0;                  // in the ready queue or holding a slot
    std::uint32_t main_left = 0;               // main nodes that are not final
    std::uint32_t finally_left = 0;
    std::uint32_t done = 0;
    std::uint32_t failed = 0;                  // instances
    std::uint32_t running = 0;
    std::uint32_t awaiting = 0;                // instances that wait for a person
    bool has_failed_node = false;
    OnFailure recovery = OnFailure::fail;      // of the node that ended it, if one did
    std::uint8_t tries = 0;                    // see JobCreated
    std::uint64_t eseq = 0;                    // records so far

    // Of the open batch: what its row image must show.
    bool is_new = true;
    bool is_dirty = false;
    std::uint32_t last_record = 0;             // position of its last record in the batch
    std::vector<std::uint32_t> dirty_chunks;   // ≥ 1, may repeat

    [[nodiscard]] const std::string& details_json() const {
        return details_text ? *details_text : details.text;
    }
    [[nodiscard]] const NodeDef& node_of(const Instance& instance) const {
        return definition->nodes[instance.node];
    }
    // A mapped node itself, and not one of its items.
    [[nodiscard]] bool is_map(const Instance& instance) const {
        return instance.item == no_index && node_of(instance).map != nullptr;
    }
    // What only waits (for time, a person, a child job), what the engine does itself, and maps
    // that are to be expanded.
    [[nodiscard]] bool takes_no_slot(const Instance& instance) const {
        return !has_runner(node_of(instance).kind) || is_map(instance);
    }
    // Its approval is due: an approve node, or one that failed and was escalated.
    [[nodiscard]] bool awaits_person(const Instance& instance) const;
    // An attempt is open that has no process: for time, a person or a child job.
    [[nodiscard]] bool is_waiting(const Instance& instance) const {
        return instance.state == NodeState::waiting && !instance.is_escalated &&
               !is_map(instance);
    }
    // How a group ends, all of whose nodes have ended.
    [[nodiscard]] static NodeState end_of_group(const Instance& instance);
    // What happens to an instance whose last attempt ended so: `fail` unless its node says more,
    // and the job goes on.
    [[nodiscard]] OnFailure recovery_of(const Instance& instance, NodeState end) const;
    // What runs, or will run, in a slot of this server, not at a worker that claims it.
    [[nodiscard]] bool takes_local_slot(const Instance& instance) const {
        return !takes_no_slot(instance) && node_of(instance).kind != NodeKind::task;
    }
    [[nodiscard]] std::uint32_t local_slots() const;  // that the job's attempts hold
    // The job is being cancelled in such a way that this instance has to stop.
    [[nodiscard]] bool is_stopping(const Instance& instance) const {
        return node_of(instance).is_finally ? is_finally_stopped : is_cancelling;
    }
    // Its attempt has to stop, for good or until the job is resumed.
    [[nodiscard]] bool is_to_stop(const Instance& instance) const {
        return is_stopping(instance) || instance.is_halted;
    }
    // Attempts run that no pause has stopped yet.
    [[nodiscard]] bool has_unhalted() const;
    [[nodiscard]] bool may_start() const {
        return state != JobState::paused && !is_held && !waits_for_turn;
    }
    // A node ended it, and the rest is to be stopped.
    [[nodiscard]] bool is_to_abort() const {
        return recovery != OnFailure::fail && !is_cancelling && main_left > 0;
    }
    // Something is to be decided about it now.
    [[nodiscard]] bool is_to_settle() const;
    [[nodiscard]] bool is_settled() const { return main_left == 0 && finally_left == 0; }
    // One instance for each node of the definition.
    void add_instances();
    void note_tags();  // and `schedule`, from the details
    // `traceparent` in the details, or nothing; not kept, for a million jobs may wait.
    [[nodiscard]] std::string trace() const;
    void add_map(MapRun run);
    // nullptr when the node was not expanded.
    [[nodiscard]] const MapRun* map_of(NodeIndex node) const;
    [[nodiscard]] MapRun* map_of(NodeIndex node);
    // no_index when there is none.
    [[nodiscard]] InstanceIndex instance_of(NodeIndex node,
                                            std::optional<std::uint32_t> item) const;
};

}  // namespace attacca::core
