// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "core/command.h"
#include "core/schedule/ready_queue.h"
#include "engine/gateway.h"

// Claims that wait for work: a worker's long poll is an entry here and holds nothing else, no
// thread and no slot. What makes a task ready wakes the one that has waited longest for its lane.
//
// Volatile. Not thread-safe: the engine's thread. Cost: O(lanes of the claim · log n); who has
// what a task needs is looked for among the sets of capabilities that wait for its lane, each once.

namespace attacca::engine {

inline constexpr std::size_t waiting_claims_max = 16384;

class Claims {
  public:
    struct Waiting {
        core::Claim claim;
        AnswerHandler handler;
        MonoTime until;
    };

    void add(core::Claim claim, AnswerHandler handler, MonoTime until);
    // The oldest that waits for this lane and has what it needs, or nullptr.
    [[nodiscard]] const core::Claim* first(const core::LaneKey& lane) const;
    // Precondition: first(lane) is one.
    [[nodiscard]] Waiting take_first(const core::LaneKey& lane);
    // One whose time is over.
    [[nodiscard]] std::optional<Waiting> take_due(MonoTime now);
    [[nodiscard]] std::vector<Waiting> take_all();
    [[nodiscard]] std::optional<MonoTime> next() const;
    // Of one tenant, in the order of their arrival.
    [[nodiscard]] std::vector<core::WorkerList::Waiting> list(const std::string& tenant) const;
    // Fills in how many wait for each lane, and adds lanes that nothing but workers wait for.
    void count_into(core::QueueReport& report, const std::string& tenant) const;
    [[nodiscard]] std::size_t size() const { return waiting_.size(); }

    // From now on nobody may wait.
    void close() { is_closed_ = true; }
    [[nodiscard]] bool may_wait() const { return !is_closed_; }

  private:
    using Number = std::uint64_t;  // in the order of arrival
    [[nodiscard]] Waiting take(Number number);
    [[nodiscard]] std::optional<Number> first_for(const core::LaneKey& lane) const;

    Number next_number_ = 1;
    bool is_closed_ = false;
    std::map<Number, Waiting> waiting_;
    // A lane, with all that those workers have.
    std::map<core::LaneKey, std::set<Number>> by_lane_;
    std::set<std::pair<MonoTime, Number>> by_time_;
};

}  // namespace attacca::engine
