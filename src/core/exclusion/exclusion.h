// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "core/exclusion/lines.h"
#include "core/job/ids.h"
#include "core/schedule/ready_queue.h"

// Lines of jobs before concurrency keys, and locks of nodes: one at a time, in order.
//
// Only who holds a lock is folded from records. All else is volatile: it follows from live jobs and
// from the times at which they came, so that a start makes the same lines anew.

namespace attacca::core {

// Where one stands in a line: who came first comes first. Of a job, `instance` is 0.
struct LinePlace {
    WallTime since;
    JobId job;
    InstanceIndex instance = 0;
    friend auto operator<=>(const LinePlace&, const LinePlace&) = default;
};

// Who waits, in order. Mostly nobody does, and then it is one pointer: there are as many lines as
// keys and locks in use, and each is looked at only a few times, out of cold memory.
template <typename Value>
class WaitingLine {
  public:
    using Map = std::map<LinePlace, Value>;

    [[nodiscard]] bool empty() const { return map_ == nullptr || map_->empty(); }
    [[nodiscard]] std::size_t size() const { return map_ == nullptr ? 0 : map_->size(); }
    [[nodiscard]] typename Map::const_iterator begin() const { return all().begin(); }
    [[nodiscard]] typename Map::const_iterator end() const { return all().end(); }
    void emplace(const LinePlace& place, const Value& value) {
        if (map_ == nullptr) {
            map_ = std::make_unique<Map>();
        }
        map_->emplace(place, value);
    }
    // Precondition: begin() of a line in which somebody waits.
    void erase(typename Map::const_iterator first) { map_->erase(first); }
    std::size_t erase(const LinePlace& place) { return map_ == nullptr ? 0 : map_->erase(place); }
    void clear() { map_.reset(); }

  private:
    [[nodiscard]] const Map& all() const {
        static const Map nobody;
        return map_ == nullptr ? nobody : *map_;
    }

    std::unique_ptr<Map> map_;
};

// Jobs of a tenant with the same concurrency key. While one waits, another has its turn.
struct KeyLine {
    std::uint32_t jobs = 0;                      // with this key, those that are held included
    std::uint32_t holder = no_index;             // slot of the job whose turn it is
    WaitingLine<std::uint32_t> waiting;          // slots
};

struct LockHolder {
    FenceToken fence;
    JobId job;
    InstanceIndex instance = 0;
};

struct LockLine {
    // Who holds it: one. More only while records of a job that was set aside are missing.
    std::vector<LockHolder> held_by;
    // It was let back into the ready queue, and nobody else may take the lock before it.
    std::optional<LinePlace> offered;
    WaitingLine<ReadyEntry> waiting;
    std::uint32_t times_freed = 0;  // so often it stands in Exclusion::freed

    [[nodiscard]] bool is_free() const { return held_by.empty() && !offered; }
    [[nodiscard]] bool is_idle() const {
        return is_free() && waiting.empty() && times_freed == 0;
    }
};

// The lock of what was chosen last: its start needs it again.
struct ChosenLock {
    ReadyEntry entry{no_index, no_index, 0};
    std::uint64_t eseq = 0;  // of the job: with each record its expressions may tell something else
    std::string lock;
};

struct Exclusion {
    Lines<KeyLine> keys;
    Lines<LockLine> locks;
    std::uint64_t locks_held = 0;  // by attempts
    std::map<ReadyQueue::Handle, LineNumber> offered;  // locks, by entries of the ready queue
    std::uint64_t jobs_waiting = 0;  // in all lines of keys
    std::vector<LineNumber> freed;   // locks that the next one may take
    ChosenLock chosen;
};

}  // namespace attacca::core
