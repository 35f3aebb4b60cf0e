// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/time.h"
#include "blueprint.h"
#include "core/job/ids.h"
#include "core/job/record.h"
#include "core/job/states.h"

// The reference model: what records mean, told a second time and as plainly as possible.
//
// It works on the simulator's own form of a definition, recounts everything from scratch after each
// record, and follows only records that are durable. It shares no code with core's apply.

namespace attacca::sim {

struct RefInstance {
    std::uint32_t node = 0;
    std::uint32_t item = core::no_index;
    core::NodeState state = core::NodeState::pending;
    bool is_skipped_by_if = false;
    bool is_broken = false;      // its condition could not be evaluated
    bool is_open = false;        // an attempt holds a lease
    bool is_escalated = false;   // it failed, and waits for a person
    bool has_fallen_back = false;  // it failed, and its fallback runs
    bool is_halted = false;      // a pause stops its attempt
    std::uint16_t attempts = 0;
    std::uint16_t lost = 0;
    std::uint16_t crashes = 0;   // attempts that took the server or a worker down
    core::Parked parked = core::Parked::no;
    std::uint64_t fence = 0;
    std::int64_t value = -1;     // outputs.v, or -1
    WallTime due_at;
    std::int64_t due_mono = 0;   // virtual time before which it must not move; 0 = no bound
    WallTime ended_at;           // of its last attempt; not of a job before
};

struct RefMap {
    std::uint32_t node = 0;
    std::uint32_t first = 0;
    std::uint32_t count = 0;
    std::uint32_t next = 0;  // items from here on wait for the map's own limit
};

struct RefJob {
    core::JobId id;
    const Blueprint* blueprint = nullptr;
    core::JobState state = core::JobState::queued;
    core::JobReason reason = core::JobReason::none;
    bool is_started = false;
    bool is_cancelling = false;
    bool is_by_deadline = false;
    bool is_by_failure = false;
    core::OnFailure recovery = core::OnFailure::fail;  // of the node that ended it, if one did
    std::uint32_t tries = 0;     // jobs before it that it makes up for
    bool is_finally_begun = false;
    bool is_finally_stopped = false;
    bool has_broken_condition = false;
    bool is_set_aside = false;   // cannot be read any more: it stays as it is
    bool is_named = false;       // and the ledger says so
    std::uint64_t records = 0;
    WallTime ended_at;           // as its last record says
    std::int64_t started_virtual = 0;   // of this process; 0 = not started by it
    std::int64_t cancelled_virtual = 0;
    std::vector<RefInstance> instances;
    std::vector<RefMap> maps;

    [[nodiscard]] bool is_ended() const { return core::is_final(state); }
    // The engine has it no more.
    [[nodiscard]] bool is_gone() const { return is_ended() || is_set_aside; }
    // core::no_index when there is none.
    [[nodiscard]] std::uint32_t instance_of(std::uint32_t node, std::uint32_t item) const;
    [[nodiscard]] bool are_all_final(bool is_finally) const;
    [[nodiscard]] bool has_failure() const;  // of any instance
    [[nodiscard]] bool is_map(const RefInstance& instance) const {
        return blueprint->nodes[instance.node].is_map && instance.item == core::no_index;
    }
    [[nodiscard]] std::uint32_t open_count() const;   // attempts that hold a slot
    // Whether the two bytes of each instance of a chunk are what they must be.
    [[nodiscard]] bool has_images(std::uint32_t chunk, std::string_view images) const;
};

// By node: what a job that takes the place of this one keeps of it. Precondition: it has ended.
[[nodiscard]] std::vector<bool> kept_nodes(const RefJob& before);
// Puts those at their ends in a job that has instances, and none of them begun.
void ref_keep(RefJob& job, const RefJob& before);

// Each call tells one durable record. Preconditions: the invariants held for it.
// `before`: the job whose place this one takes, or nullptr.
void ref_create(RefJob& job, const RefJob* before);
void ref_start(RefJob& job, RefInstance& instance, const core::AttemptStarted& started);
void ref_end(RefJob& job, std::uint32_t instance, const core::AttemptEnded& ended,
             const std::string& output);
void ref_recover(RefJob& job, core::OnFailure action);
void ref_approve(RefJob& job, std::uint32_t instance, core::Ruling ruling);
void ref_expand(RefJob& job, std::uint32_t node, std::uint32_t count);
void ref_pause(RefJob& job, bool is_now);
void ref_cancel(RefJob& job, core::CancelCause cause);
void ref_finish(RefJob& job, const core::JobEnded& ended);

// An instance that waits for a person: an open attempt of an approve node, or an escalated one.
// In the order of what it costs: clients that heal ask it of all instances there are.
[[nodiscard]] inline bool awaits_person(const RefJob& job, const RefInstance& instance) {
    return instance.is_escalated ||
           (instance.is_open && instance.state == core::NodeState::waiting &&
            job.blueprint->nodes[instance.node].kind == core::NodeKind::approve);
}
// What is done about an instance that failed for good.
[[nodiscard]] core::OnFailure expected_recovery(const RefJob& job, const RefInstance& instance);

// It failed, and another job takes its place if the limits let that in.
[[nodiscard]] bool is_to_begin_again(const RefJob& job, core::JobReason reason);

// How the job must end, given that all its nodes did.
struct RefEnd {
    core::JobState state;
    core::JobReason reason;
};
[[nodiscard]] RefEnd expected_end(const RefJob& job);
// This attempt is the last one that may take the server or a worker down.
[[nodiscard]] bool is_one_crash_too_many(const RefInstance& instance, core::Outcome outcome);
// Why an attempt that ends so is followed by none, although it was worth one.
[[nodiscard]] core::Parked expected_parked(const RefJob& job, const RefInstance& instance,
                                           core::Outcome outcome, bool has_budget);
// Whether the attempt that ends so is tried again.
[[nodiscard]] bool expects_retry(const RefJob& job, const RefInstance& instance,
                                 core::Outcome outcome);

}  // namespace attacca::sim
