// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <set>
#include <utility>

#include "core/command.h"

// Pending timers, in order of time. A job's deadline can be taken back when the job ends, and what
// belongs to a lease when its attempt ends, so that a million short jobs do not leave a million
// timers of an hour behind.
//
// Not thread-safe. Cost: O(log n) to arm, to take back and to fire.

namespace attacca::engine {

class Timers {
  public:
    [[nodiscard]] static bool is_of_lease(core::FireTimer::Kind kind);
    void arm(const core::ArmTimer& timer);
    void job_ended(const core::JobId& job);
    void lease_ended(core::FenceToken fence);
    // Removes and returns a timer that is due, the earliest of its kind; nothing when none is.
    [[nodiscard]] std::optional<core::FireTimer> take_due(MonoTime now);
    [[nodiscard]] std::optional<MonoTime> next() const;
    void clear();
    [[nodiscard]] std::size_t size() const { return timers_.size() + deadlines_.size(); }

  private:
    using Waiting = std::multimap<MonoTime, core::FireTimer>;
    using LeaseTimer = std::pair<core::FenceToken, core::FireTimer::Kind>;

    Waiting timers_;
    std::map<LeaseTimer, Waiting::iterator> of_leases_;
    std::set<std::pair<MonoTime, core::JobId>> deadlines_;
    std::map<core::JobId, MonoTime> deadline_of_;
};

}  // namespace attacca::engine
