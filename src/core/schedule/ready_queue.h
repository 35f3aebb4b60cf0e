// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <deque>

#include "core/job/ids.h"
#include "core/job/states.h"

// Node instances that may start, in the order in which they will.
//
// Three first-in first-out lanes, high before medium before low, for what takes a slot, and one for
// what takes none (wait nodes, maps to expand). An entry may have become stale, because its
// job ended or its node was cancelled: State::prune_queue() drops those from the heads.
//
// Volatile: rebuilt at start from live jobs, no part of the fold (kernel.md 2).

namespace attacca::core {

struct ReadyEntry {
    std::uint32_t slot = 0;        // of the job in State
    std::uint32_t generation = 0;  // of that slot
    InstanceIndex instance = 0;
};

class ReadyQueue {
  public:
    void push(Priority priority, ReadyEntry entry) { lane(priority).push_back(entry); }
    void push_unslotted(ReadyEntry entry) { unslotted_.push_back(entry); }

    [[nodiscard]] const ReadyEntry* head() const {
        for (const auto& entries : lanes_) {
            if (!entries.empty()) {
                return &entries.front();
            }
        }
        return nullptr;
    }
    [[nodiscard]] const ReadyEntry* unslotted_head() const {
        return unslotted_.empty() ? nullptr : &unslotted_.front();
    }
    // Preconditions: there is a head.
    void pop() {
        for (auto& entries : lanes_) {
            if (!entries.empty()) {
                entries.pop_front();
                return;
            }
        }
    }
    void pop_unslotted() { unslotted_.pop_front(); }

    [[nodiscard]] std::size_t size(Priority priority) const {
        return lanes_[static_cast<std::size_t>(priority)].size();
    }

  private:
    std::deque<ReadyEntry>& lane(Priority priority) {
        return lanes_[static_cast<std::size_t>(priority)];
    }

    std::array<std::deque<ReadyEntry>, 3> lanes_;
    std::deque<ReadyEntry> unslotted_;
};

}  // namespace attacca::core
