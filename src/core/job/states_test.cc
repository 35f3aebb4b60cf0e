// SPDX-License-Identifier: Apache-2.0
#include "core/job/states.h"

#include <set>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace attacca::core {
namespace {

const std::vector<JobState> all_job_states = {
    JobState::queued,    JobState::scheduled, JobState::running,  JobState::paused,
    JobState::completed, JobState::failed,    JobState::cancelled};

// Requirement X1, as the list that it is there.
const std::set<std::pair<JobState, JobState>> allowed_moves = {
    {JobState::queued, JobState::scheduled},    {JobState::queued, JobState::failed},
    {JobState::queued, JobState::cancelled},    {JobState::scheduled, JobState::running},
    {JobState::scheduled, JobState::cancelled}, {JobState::running, JobState::paused},
    {JobState::running, JobState::completed},   {JobState::running, JobState::failed},
    {JobState::running, JobState::cancelled},   {JobState::paused, JobState::running},
    {JobState::paused, JobState::cancelled},    {JobState::paused, JobState::failed},
};

TEST(JobStates, MoveExactlyAsTheRequirementLists) {
    ASSERT_EQ(all_job_states.size(), static_cast<std::size_t>(job_state_count));
    std::size_t moves = 0;
    for (const JobState from : all_job_states) {
        for (const JobState to : all_job_states) {
            const bool is_allowed = allowed_moves.count({from, to}) == 1;
            EXPECT_EQ(may_move(from, to), is_allowed) << name_of(from) << " -> " << name_of(to);
            moves += is_allowed ? 1 : 0;
        }
    }
    EXPECT_EQ(moves, 12U);
}

TEST(JobStates, NothingFollowsAFinalState) {
    const std::set<JobState> final_states = {JobState::completed, JobState::failed,
                                             JobState::cancelled};
    for (const JobState from : all_job_states) {
        EXPECT_EQ(is_final(from), final_states.count(from) == 1) << name_of(from);
        for (const JobState to : all_job_states) {
            EXPECT_FALSE(is_final(from) && may_move(from, to));
        }
    }
}

TEST(NodeStates, FourAreFinal) {
    const std::set<std::string_view> final_names = {"succeeded", "failed", "skipped", "cancelled"};
    for (int i = 0; i < node_state_count; ++i) {
        const auto state = static_cast<NodeState>(i);
        EXPECT_EQ(is_final(state), final_names.count(name_of(state)) == 1) << name_of(state);
    }
}

template <typename Enum, typename Parse>
void expect_names_read_back(int count, Parse parse) {
    std::set<std::string_view> names;
    for (int i = 0; i < count; ++i) {
        const auto value = static_cast<Enum>(i);
        names.insert(name_of(value));
        EXPECT_EQ(parse(name_of(value)), value) << name_of(value);
    }
    EXPECT_EQ(names.size(), static_cast<std::size_t>(count));
    for (const std::string_view unknown : {"", "Queued", "queued ", "unknown"}) {
        EXPECT_FALSE(parse(unknown).has_value()) << unknown;
    }
}

TEST(StateNames, ReadBackAndAreDistinct) {
    expect_names_read_back<JobState>(job_state_count, job_state_of);
    expect_names_read_back<JobReason>(4, job_reason_of);
    expect_names_read_back<NodeState>(node_state_count, node_state_of);
    expect_names_read_back<Outcome>(6, outcome_of);
    expect_names_read_back<Priority>(3, priority_of);
}

TEST(StateNames, AreTheWordsOfTheWire) {
    EXPECT_EQ(name_of(JobState::cancelled), "cancelled");
    EXPECT_EQ(name_of(JobReason::node_failed), "node_failed");
    EXPECT_EQ(name_of(NodeState::retrying), "retrying");
    EXPECT_EQ(name_of(Outcome::lost), "lost");
    EXPECT_EQ(name_of(Priority::medium), "medium");
}

}  // namespace
}  // namespace attacca::core
