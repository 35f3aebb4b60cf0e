// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "core/command.h"

// Pending timers, in order of time; those of one moment in the order in which they were armed.
//
// What belongs to a lease is taken back when its attempt ends. Other timers are not when their job
// ends: most jobs end long before their deadline, and a tree of timers would cost each job as much
// as a record does. Instead those of jobs that ended are dropped together, whenever there are twice
// as many timers as were left the last time: neither a million short jobs leave a million deadlines
// behind, nor cancelled ones their plans for next year.
//
// Not thread-safe. Cost: O(log n) to arm and to fire, O(1) when later timers are armed later.

namespace attacca::engine {

class Timers {
  public:
    [[nodiscard]] static bool is_of_lease(core::FireTimer::Kind kind);
    void arm(const core::ArmTimer& timer);
    void lease_ended(core::FenceToken fence);
    // Removes and returns the earliest timer that is due; nothing when none is. Its job may have
    // ended.
    [[nodiscard]] std::optional<core::FireTimer> take_due(MonoTime now);
    [[nodiscard]] std::optional<MonoTime> next() const;
    void clear();
    [[nodiscard]] std::size_t size() const { return heap_.size() + leases_.size(); }

    // Drops the timers of jobs that are not live, when there may be many of them.
    template <typename IsLive>
    void tidy(IsLive&& is_live) {
        constexpr std::size_t few = 4096;
        if (heap_.size() <= std::max(few, 2 * kept_)) {
            return;
        }
        std::erase_if(heap_, [&](const Entry& entry) { return !is_live(entry.timer.job); });
        std::make_heap(heap_.begin(), heap_.end(), IsLater{});
        kept_ = heap_.size();
    }

  private:
    struct Entry {
        MonoTime at;
        std::uint64_t number = 0;  // in the order of arming
        core::FireTimer timer;
    };
    struct IsLater {
        bool operator()(const Entry& a, const Entry& b) const {
            return a.at != b.at ? a.at > b.at : a.number > b.number;
        }
    };
    using Leases = std::multimap<MonoTime, core::FireTimer>;
    using LeaseTimer = std::pair<core::FenceToken, core::FireTimer::Kind>;

    std::vector<Entry> heap_;  // all but those of leases
    std::uint64_t next_number_ = 0;
    std::size_t kept_ = 0;  // at the last tidying up
    Leases leases_;
    std::map<LeaseTimer, Leases::iterator> of_leases_;
};

}  // namespace attacca::engine
