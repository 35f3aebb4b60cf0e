// SPDX-License-Identifier: Apache-2.0
#include "core/graph/definition_uses.h"

#include <algorithm>
#include <cstdint>
#include <string>

namespace attacca::core {
namespace {

// A use of a node that is not needed directly.
struct FarUse {
    NodeIndex target = no_index;
    const NodeUse* use = nullptr;
};

bool refuse_use(const NodeUse& use, const std::string& why, Faults& faults) {
    return faults.add(use.pointer, Problem::expression_invalid, why);
}

bool refuse_far_use(const Definition& definition, const FarUse& far, Faults& faults) {
    return refuse_use(*far.use,
                      "`" + far.use->id + "` may not have ended when `" +
                          definition.nodes[far.use->user].id + "` runs: add it to `needs`",
                      faults);
}

// Marks what is downstream of up to 64 nodes by one bit each.
class Sweep {
  public:
    explicit Sweep(const Definition& definition, const std::vector<NodeIndex>& order)
        : definition_(definition), order_(order), marks_(order.size()), position_(order.size()) {
        for (NodeIndex i = 0; i < order.size(); ++i) {
            position_[order[i]] = i;
        }
    }

    [[nodiscard]] NodeIndex position(NodeIndex node) const { return position_[node]; }

    // `uses` is sorted by the target's position and has at most 64 targets. False when the cost
    // was too high.
    bool mark(const FarUse* first, const FarUse* last) {
        std::fill(marks_.begin(), marks_.end(), 0);
        NodeIndex end = 0;
        targets_.clear();
        for (const FarUse* far = first; far != last; ++far) {
            if (targets_.empty() || targets_.back() != far->target) {
                marks_[far->target] |= std::uint64_t{1} << targets_.size();
                targets_.push_back(far->target);
            }
            end = std::max(end, position_[far->use->user]);
        }
        cost_ += marks_.size() / 64;
        for (NodeIndex at = position_[first->target]; at < end; ++at) {
            const std::uint64_t mark = marks_[order_[at]];
            const auto& dependents = definition_.nodes[order_[at]].dependents;
            cost_ += 1 + (mark == 0 ? 0 : dependents.size());
            if (mark != 0) {
                for (const NodeIndex dependent : dependents) {
                    marks_[dependent] |= mark;
                }
            }
        }
        return cost_ <= uses_cost_max;
    }

    [[nodiscard]] bool is_upstream(const FarUse& far) const {
        const auto bit = std::find(targets_.begin(), targets_.end(), far.target);
        return (marks_[far.use->user] >> static_cast<unsigned>(bit - targets_.begin()) & 1U) != 0;
    }

  private:
    const Definition& definition_;
    const std::vector<NodeIndex>& order_;
    std::vector<std::uint64_t> marks_;
    std::vector<NodeIndex> position_;  // of each node in the order
    std::vector<NodeIndex> targets_;
    std::size_t cost_ = 0;
};

bool check_far_uses(const Definition& definition,
                    const std::vector<NodeIndex>& order,
                    std::vector<FarUse>& far_uses,
                    Faults& faults) {
    constexpr std::size_t targets_max = 64;
    Sweep sweep(definition, order);
    std::sort(far_uses.begin(), far_uses.end(), [&](const FarUse& a, const FarUse& b) {
        const NodeIndex x = sweep.position(a.target);
        const NodeIndex y = sweep.position(b.target);
        return x != y ? x < y : a.use < b.use;
    });
    std::size_t at = 0;
    bool is_read = true;
    while (at < far_uses.size()) {
        std::size_t end = at;
        std::size_t targets = 0;
        while (end < far_uses.size()) {
            targets += end == at || far_uses[end].target != far_uses[end - 1].target ? 1U : 0U;
            if (targets > targets_max) {
                break;
            }
            ++end;
        }
        if (!sweep.mark(far_uses.data() + at, far_uses.data() + end)) {
            return faults.add(far_uses[at].use->pointer, Problem::dag_too_large,
                              "too many expressions read nodes that are not in `needs`");
        }
        for (; at < end; ++at) {
            is_read = (sweep.is_upstream(far_uses[at]) ||
                       refuse_far_use(definition, far_uses[at], faults)) &&
                      is_read;
        }
    }
    return is_read;
}

}  // namespace

bool check_uses(const Definition& definition,
                const std::vector<NodeUse>& uses,
                GraphBuilder& graph,
                Faults& faults) {
    std::vector<FarUse> far_uses;
    bool is_read = true;
    for (std::size_t i = 0; i < uses.size() && !faults.is_full(); ++i) {
        const NodeUse& use = uses[i];
        const NodeIndex target = graph.find(use.id);
        if (target == no_index) {
            is_read = refuse_use(use,
                                 "there is no node `" + quoted(use.id) + "`" +
                                     graph.suggestion_for(use.id),
                                 faults);
            continue;
        }
        if (use.user == no_index) {
            continue;
        }
        const NodeDef& user = definition.nodes[use.user];
        const bool is_main = !definition.nodes[target].is_finally;
        const bool is_needed = std::binary_search(user.needs.begin(), user.needs.end(), target);
        if (target == use.user) {
            is_read = refuse_use(use, "`" + use.id + "` cannot read itself", faults);
            continue;
        }
        if (is_needed || (user.is_finally && is_main)) {
            continue;
        }
        if (user.is_finally == is_main) {
            is_read = refuse_use(use, "`" + use.id + "` is a finally node: it runs later", faults);
            continue;
        }
        far_uses.push_back({target, &use});
    }
    return all_read({is_read, check_far_uses(definition, graph.order(), far_uses, faults)});
}

}  // namespace attacca::core
