// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "base/time.h"
#include "core/decide.h"
#include "core/state.h"
#include "ports/zones.h"

// When each schedule wants to be decided next, by wall time: a clock that is set moves them, as it
// should. Volatile; made anew from the folded state at every start.
//
// Not thread-safe. Cost: O(log n) for each change.

namespace attacca::engine {

class ScheduleClock {
  public:
    // Without zones only UTC is known. `zones` outlives the clock.
    explicit ScheduleClock(ports::Zones* zones) : zones_(zones) {}

    // Looks at the schedules again whose records were applied since.
    void update(core::State& state);
    // Removes and returns a schedule that is due. After its command update() looks at it again.
    [[nodiscard]] std::optional<std::string> take_due(WallTime now);
    // A schedule that was due and decided nothing is asked again, but not at once.
    void ask_again(const core::State& state, const std::string& entity, WallTime now);
    [[nodiscard]] std::optional<WallTime> next() const;
    void clear();

    // Null when this machine does not know it.
    [[nodiscard]] std::shared_ptr<const core::Zone> zone_of(const core::Schedule& schedule) const;

  private:
    void set(const std::string& entity, std::optional<WallTime> at);
    [[nodiscard]] std::optional<WallTime> moment_of(const core::State& state,
                                                    const std::string& entity) const;

    ports::Zones* zones_;
    std::map<std::string, WallTime> at_;
    std::set<std::pair<WallTime, std::string>> order_;
};

}  // namespace attacca::engine
