// SPDX-License-Identifier: Apache-2.0
#include "core/job/states.h"

#include <array>

namespace attacca::core {
namespace {

constexpr unsigned bit(JobState state) {
    return 1U << static_cast<unsigned>(state);
}

// The states that may follow one: requirement X1, row by row.
constexpr unsigned successors_of(JobState from) {
    switch (from) {
        case JobState::queued:
            return bit(JobState::scheduled) | bit(JobState::failed) | bit(JobState::cancelled);
        case JobState::scheduled:
            return bit(JobState::running) | bit(JobState::cancelled);
        case JobState::running:
            return bit(JobState::paused) | bit(JobState::completed) | bit(JobState::failed) |
                   bit(JobState::cancelled);
        case JobState::paused:
            return bit(JobState::running) | bit(JobState::failed) | bit(JobState::cancelled);
        case JobState::completed:
        case JobState::failed:
        case JobState::cancelled:
            return 0;
    }
    return 0;
}

// The names are the words of the wire and of the ledger: each array follows its enum's order.
constexpr std::array<std::string_view, job_state_count> job_states = {
    "queued", "scheduled", "running", "paused", "completed", "failed", "cancelled"};
constexpr std::array<std::string_view, 4> job_reasons = {"none", "timeout", "node_failed", "user"};
constexpr std::array<std::string_view, node_state_count> node_states = {
    "pending",   "ready",  "running", "retrying", "waiting",
    "succeeded", "failed", "skipped", "cancelled"};
constexpr std::array<std::string_view, outcome_count> outcomes = {
    "succeeded", "failed", "timeout", "lost", "cancelled", "error", "stopped"};
constexpr std::array<std::string_view, on_failure_count> failure_actions = {
    "fail",        "skip_node",       "retry_job",       "rollback_state",
    "requeue_job", "escalate_manual", "abort_execution", "fallback_strategy"};
constexpr std::array<std::string_view, 2> rulings = {"approved", "rejected"};
constexpr std::array<std::string_view, 3> priorities = {"high", "medium", "low"};

template <typename Enum, std::size_t size>
std::optional<Enum> find(const std::array<std::string_view, size>& names, std::string_view name) {
    for (std::size_t i = 0; i < size; ++i) {
        if (names[i] == name) {
            return static_cast<Enum>(i);
        }
    }
    return std::nullopt;
}

}  // namespace

bool is_final(JobState state) {
    return successors_of(state) == 0;
}

bool is_final(NodeState state) {
    switch (state) {
        case NodeState::pending:
        case NodeState::ready:
        case NodeState::running:
        case NodeState::retrying:
        case NodeState::waiting:
            return false;
        case NodeState::succeeded:
        case NodeState::failed:
        case NodeState::skipped:
        case NodeState::cancelled:
            return true;
    }
    return true;
}

bool may_move(JobState from, JobState to) {
    return (successors_of(from) & bit(to)) != 0;
}

bool begins_again(OnFailure action) {
    return action == OnFailure::retry_job || action == OnFailure::rollback_state ||
           action == OnFailure::requeue_job;
}

bool ends_job(OnFailure action) {
    return action == OnFailure::abort_execution || begins_again(action);
}

std::string_view name_of(JobState state) {
    return job_states[static_cast<std::size_t>(state)];
}
std::string_view name_of(JobReason reason) {
    return job_reasons[static_cast<std::size_t>(reason)];
}
std::string_view name_of(NodeState state) {
    return node_states[static_cast<std::size_t>(state)];
}
std::string_view name_of(Outcome outcome) {
    return outcomes[static_cast<std::size_t>(outcome)];
}
std::string_view name_of(OnFailure action) {
    return failure_actions[static_cast<std::size_t>(action)];
}
std::string_view name_of(Ruling ruling) {
    return rulings[static_cast<std::size_t>(ruling)];
}
std::string_view name_of(Priority priority) {
    return priorities[static_cast<std::size_t>(priority)];
}

std::optional<JobState> job_state_of(std::string_view name) {
    return find<JobState>(job_states, name);
}
std::optional<JobReason> job_reason_of(std::string_view name) {
    return find<JobReason>(job_reasons, name);
}
std::optional<NodeState> node_state_of(std::string_view name) {
    return find<NodeState>(node_states, name);
}
std::optional<Outcome> outcome_of(std::string_view name) {
    return find<Outcome>(outcomes, name);
}
std::optional<OnFailure> on_failure_of(std::string_view name) {
    return find<OnFailure>(failure_actions, name);
}
std::optional<Ruling> ruling_of(std::string_view name) {
    return find<Ruling>(rulings, name);
}
std::optional<Priority> priority_of(std::string_view name) {
    return find<Priority>(priorities, name);
}

}  // namespace attacca::core
