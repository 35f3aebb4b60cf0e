// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/graph/definition.h"

// The kinds of tasks (lane and capabilities) that the live jobs of a tenant may come to ask for,
// and how many jobs each. A job counts from its creation to its end, with all that its definition
// and those of its child jobs name: what was let in is never refused when it becomes ready.

namespace attacca::core {

class TaskKindCounts {
  public:
    void add(const Definition& definition);
    // Precondition: it was added.
    void remove(const Definition& definition);

    // Of a lane.
    [[nodiscard]] std::size_t kinds_of(std::string_view lane) const;
    [[nodiscard]] bool has(const TaskKind& kind) const { return jobs_.contains(kind); }
    friend bool operator==(const TaskKindCounts&, const TaskKindCounts&) = default;

  private:
    std::map<TaskKind, std::uint32_t> jobs_;
};

// What jobs with these definitions would do to the lane that they would overfill.
struct CrowdedLane {
    std::string lane;
    std::size_t now = 0;   // kinds of tasks that live jobs ask for
    std::size_t more = 0;  // that those would add
    std::size_t own = 0;   // that those ask for, with what is there already
};

// The first lane on which there would be more than task_kinds_max of them. What adds no kind is
// never in the way, also where a lane has too many. Cost: O(kinds of the definitions · log).
[[nodiscard]] std::optional<CrowdedLane> crowded_by(
    const TaskKindCounts& counts, const std::vector<const Definition*>& definitions);

}  // namespace attacca::core
