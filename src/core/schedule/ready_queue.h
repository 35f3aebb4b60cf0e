// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "core/job/ids.h"
#include "core/job/states.h"

// Node instances that may start, in the order in which they will.
//
// Three first-in first-out lists, high before medium before low, for what takes a slot of this
// server, one for what takes none (wait nodes, maps to expand), and three for each lane, where task
// nodes wait until a worker of their tenant claims them. An entry may have become stale, because
// its job ended or its node was cancelled: State::prune_queue() and State::prune_lane() drop those
// from the heads.
//
// Volatile: rebuilt at start from live jobs, no part of the fold (kernel.md 2).

namespace attacca::core {

struct ReadyEntry {
    std::uint32_t slot = 0;        // of the job in State
    std::uint32_t generation = 0;  // of that slot
    InstanceIndex instance = 0;
};

// A lane of one tenant: workers are given the work of their own tenant only.
struct LaneKey {
    std::string tenant;
    std::string lane;
    friend auto operator<=>(const LaneKey&, const LaneKey&) = default;
};

// First in, first out, by priority.
class PriorityList {
  public:
    void push(Priority priority, ReadyEntry entry) { list(priority).push_back(entry); }
    [[nodiscard]] const ReadyEntry* head() const {
        for (const auto& entries : lists_) {
            if (!entries.empty()) {
                return &entries.front();
            }
        }
        return nullptr;
    }
    // Precondition: there is a head.
    void pop() {
        for (auto& entries : lists_) {
            if (!entries.empty()) {
                entries.pop_front();
                return;
            }
        }
    }
    [[nodiscard]] std::size_t size(Priority priority) const {
        return lists_[static_cast<std::size_t>(priority)].size();
    }

  private:
    std::deque<ReadyEntry>& list(Priority priority) {
        return lists_[static_cast<std::size_t>(priority)];
    }
    std::array<std::deque<ReadyEntry>, 3> lists_;
};

class ReadyQueue {
  public:
    void push(Priority priority, ReadyEntry entry) { local_.push(priority, entry); }
    void push_unslotted(ReadyEntry entry) { unslotted_.push_back(entry); }
    void push_lane(const LaneKey& lane, Priority priority, ReadyEntry entry) {
        lanes_[lane].push(priority, entry);
        stirred_.insert(lane);
    }

    [[nodiscard]] const ReadyEntry* head() const { return local_.head(); }
    [[nodiscard]] const ReadyEntry* lane_head(const LaneKey& lane) const {
        const auto it = lanes_.find(lane);
        return it == lanes_.end() ? nullptr : it->second.head();
    }
    [[nodiscard]] const ReadyEntry* unslotted_head() const {
        return unslotted_.empty() ? nullptr : &unslotted_.front();
    }
    // Preconditions: there is a head.
    void pop() { local_.pop(); }
    void pop_unslotted() { unslotted_.pop_front(); }
    // A lane without entries takes no memory.
    void pop_lane(const LaneKey& lane) {
        const auto it = lanes_.find(lane);
        it->second.pop();
        if (it->second.head() == nullptr) {
            lanes_.erase(it);
        }
    }

    [[nodiscard]] std::size_t size(Priority priority) const { return local_.size(priority); }
    void stir(const LaneKey& lane) { stirred_.insert(lane); }
    // Lanes that got an entry since the last call: workers may wait for them.
    [[nodiscard]] std::set<LaneKey> take_stirred() { return std::exchange(stirred_, {}); }
    [[nodiscard]] bool has_stirred() const { return !stirred_.empty(); }
    [[nodiscard]] const std::map<LaneKey, PriorityList>& lanes() const { return lanes_; }

  private:
    PriorityList local_;
    std::deque<ReadyEntry> unslotted_;
    std::map<LaneKey, PriorityList> lanes_;
    std::set<LaneKey> stirred_;
};

}  // namespace attacca::core
