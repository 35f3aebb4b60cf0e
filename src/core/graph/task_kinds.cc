// SPDX-License-Identifier: Apache-2.0
#include "core/graph/task_kinds.h"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "core/graph/node_extras.h"

namespace attacca::core {
namespace {

class KindGatherer {
  public:
    // The lane that has one kind too many now.
    [[nodiscard]] const std::string* add(const TaskKind& kind) {
        const auto [it, is_added] = kinds_.insert(kind);
        return is_added && ++of_lane_[kind.lane] == task_kinds_max + 1 ? &it->lane : nullptr;
    }
    [[nodiscard]] const std::string* add_child(const NodeDef& node) {
        const std::string* crowded = nullptr;
        if (node.kind == NodeKind::job && node.extras->child.definition != nullptr) {
            for (const TaskKind& kind : node.extras->child.definition->task_kinds) {
                const std::string* lane = add(kind);
                crowded = crowded == nullptr ? lane : crowded;
            }
        }
        return crowded;
    }
    [[nodiscard]] std::vector<TaskKind> take() const { return {kinds_.begin(), kinds_.end()}; }

  private:
    std::set<TaskKind> kinds_;
    std::map<std::string, std::size_t> of_lane_;
};

// What made it one too many.
Input place_in(const Input& node, std::string_view key) {
    const std::optional<Input> inner = node.member(key);
    return inner ? *inner : node;
}

// Their own, and those of their child jobs.
std::vector<std::string> stay_lanes_of(const Definition& definition) {
    std::set<std::string> lanes;
    for (const NodeDef& node : definition.nodes) {
        if (node.task != nullptr && node.task->stays) {
            lanes.insert(node.task->lane);
        } else if (node.kind == NodeKind::job && node.extras->child.definition != nullptr) {
            const std::vector<std::string>& below = node.extras->child.definition->stay_lanes;
            lanes.insert(below.begin(), below.end());
        }
    }
    return {lanes.begin(), lanes.end()};
}

}  // namespace

bool gather_task_kinds(const NodeLists& lists, bool is_limited, Definition& definition,
                       Faults& faults) {
    KindGatherer gatherer;
    for (NodeIndex i = 0; i < definition.nodes.size(); ++i) {
        const NodeDef& node = definition.nodes[i];
        const bool is_task = node.task != nullptr;
        const std::string* crowded =
            is_task ? gatherer.add({node.task->lane, node.task->capabilities})
                    : gatherer.add_child(node);
        if (crowded != nullptr && is_limited) {
            const Input at = lists.at(i);
            const Input part = place_in(at, is_task ? "task" : "job");
            return faults.add(is_task ? place_in(part, "capabilities") : part,
                              Problem::out_of_range,
                              "tasks on the lane `" + *crowded + "` ask for more than " +
                                  std::to_string(task_kinds_max) +
                                  " different sets of capabilities; what only some workers can "
                                  "do may have a lane of its own");
        }
    }
    definition.task_kinds = gatherer.take();
    definition.stay_lanes = stay_lanes_of(definition);
    return true;
}

}  // namespace attacca::core
