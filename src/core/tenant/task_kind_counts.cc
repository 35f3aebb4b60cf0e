// SPDX-License-Identifier: Apache-2.0
#include "core/tenant/task_kind_counts.h"

#include <set>

#include "base/check.h"

namespace attacca::core {

void TaskKindCounts::add(const Definition& definition) {
    for (const TaskKind& kind : definition.task_kinds) {
        ++jobs_[kind];
    }
}

void TaskKindCounts::remove(const Definition& definition) {
    for (const TaskKind& kind : definition.task_kinds) {
        const auto it = jobs_.find(kind);
        ATTACCA_CHECK(it != jobs_.end());
        if (--it->second == 0) {
            jobs_.erase(it);
        }
    }
}

std::size_t TaskKindCounts::kinds_of(std::string_view lane) const {
    std::size_t count = 0;
    for (auto it = jobs_.lower_bound({std::string(lane), {}});
         it != jobs_.end() && it->first.lane == lane; ++it) {
        ++count;
    }
    return count;
}

std::optional<CrowdedLane> crowded_by(const TaskKindCounts& counts,
                                      const std::vector<const Definition*>& definitions) {
    std::set<TaskKind> asked;
    for (const Definition* definition : definitions) {
        asked.insert(definition->task_kinds.begin(), definition->task_kinds.end());
    }
    for (auto it = asked.begin(); it != asked.end();) {
        CrowdedLane lane{it->lane};
        for (; it != asked.end() && it->lane == lane.lane; ++it) {
            ++lane.own;
            lane.more += counts.has(*it) ? 0U : 1U;
        }
        if (lane.more > 0) {
            lane.now = counts.kinds_of(lane.lane);
            if (lane.now + lane.more > task_kinds_max) {
                return lane;
            }
        }
    }
    return std::nullopt;
}

}  // namespace attacca::core
