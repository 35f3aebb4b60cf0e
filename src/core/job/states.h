// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

// The states of a job and of a node instance.
//
//   queued ──► scheduled ──► running ──► completed
//     │            │          │  ▲ │
//     │            │          ▼  │ ├───► failed
//     │            │        paused─┤
//     └──► failed  └──────────┴────┴───► cancelled      (queued may be cancelled too)
//
// Requirement X1. completed, failed and cancelled are final. `failed` and `cancelled` carry a
// reason; the wire states timeout, aborted and so on are reasons of these seven.

namespace attacca::core {

enum class JobState : std::uint8_t {
    queued,
    scheduled,
    running,
    paused,
    completed,
    failed,
    cancelled,
};
inline constexpr int job_state_count = 7;

enum class JobReason : std::uint8_t {
    none,
    timeout,      // the job's deadline passed
    node_failed,  // a node failed with on_failure: fail
    user,         // a user cancelled it
};

enum class NodeState : std::uint8_t {
    pending,   // waits for its needs
    ready,     // may start as soon as there is a slot
    running,   // an attempt holds a lease
    retrying,  // waits for its next attempt's time
    waiting,   // a wait node counts its time, or a map waits for its items; holds no slot
    succeeded,
    failed,
    skipped,
    cancelled,
};
inline constexpr int node_state_count = 9;

// How an attempt ended.
enum class Outcome : std::uint8_t {
    succeeded,
    failed,     // the command said no: exit status other than 0, or a scan without coverage
    timeout,    // the node's time-out, or silence beyond its heartbeat
    lost,       // a crash of ours ended it; does not count as an attempt
    cancelled,  // stopped because the job was cancelled
    error,      // it could not be run at all: runner, expression, connection
    stopped,    // by a pause or an orderly stop of ours: it begins again, and does not count
};
inline constexpr int outcome_count = 7;

// What happens when a node failed for good: `on_failure` (requirement I10).
enum class OnFailure : std::uint8_t {
    fail,
    skip_node,          // counts as skipped: what depends on it goes on
    retry_job,          // a new job runs what did not succeed
    rollback_state,     // a new job keeps what its last checkpoint stands on
    requeue_job,        // a new job runs everything
    escalate_manual,    // waits for a person, who lets the job go on or fails the node
    abort_execution,    // the job fails at once
    fallback_strategy,  // another node runs in its place
};
inline constexpr int on_failure_count = 8;
// It is about the whole job: the job is stopped, its `finally` runs, and it fails.
[[nodiscard]] bool ends_job(OnFailure action);
// Then a new job takes its place.
[[nodiscard]] bool begins_again(OnFailure action);

enum class Ruling : std::uint8_t { approved, rejected };

enum class Priority : std::uint8_t { high, medium, low };

[[nodiscard]] bool is_final(JobState state);
[[nodiscard]] bool is_final(NodeState state);
[[nodiscard]] bool may_move(JobState from, JobState to);

[[nodiscard]] std::string_view name_of(JobState state);
[[nodiscard]] std::string_view name_of(JobReason reason);
[[nodiscard]] std::string_view name_of(NodeState state);
[[nodiscard]] std::string_view name_of(Outcome outcome);
[[nodiscard]] std::string_view name_of(OnFailure action);
[[nodiscard]] std::string_view name_of(Ruling ruling);
[[nodiscard]] std::string_view name_of(Priority priority);
[[nodiscard]] std::optional<JobState> job_state_of(std::string_view name);
[[nodiscard]] std::optional<JobReason> job_reason_of(std::string_view name);
[[nodiscard]] std::optional<NodeState> node_state_of(std::string_view name);
[[nodiscard]] std::optional<Outcome> outcome_of(std::string_view name);
[[nodiscard]] std::optional<OnFailure> on_failure_of(std::string_view name);
[[nodiscard]] std::optional<Ruling> ruling_of(std::string_view name);
[[nodiscard]] std::optional<Priority> priority_of(std::string_view name);

}  // namespace attacca::core
