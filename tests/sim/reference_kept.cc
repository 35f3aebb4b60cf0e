// SPDX-License-Identifier: Apache-2.0
#include "reference.h"

// What a job that begins again keeps of the one before, told by the words of the guide: nodes stand
// in an order in which each comes after its needs, so one pass sees all that a node stands on.

namespace attacca::sim {
namespace {

using core::NodeState;

// What a node needs, and what that needs, without the node.
std::vector<bool> all_below(const Blueprint& blueprint, std::uint32_t top) {
    std::vector<bool> below(blueprint.nodes.size(), false);
    for (std::uint32_t i = top + 1; i-- > 0;) {
        if (i == top || below[i]) {
            for (const std::uint32_t need : blueprint.nodes[i].needs) {
                below[need] = true;
            }
        }
    }
    return below;
}

// By main node: it or something below it neither succeeded nor was left out by its own will.
std::vector<bool> spoilt(const RefJob& job) {
    std::vector<bool> all(job.blueprint->nodes.size(), false);
    for (std::uint32_t i = 0; i < job.blueprint->main_count; ++i) {
        const RefInstance& instance = job.instances[i];
        all[i] = instance.state != NodeState::succeeded && !instance.is_skipped_by_if;
        for (const std::uint32_t need : job.blueprint->nodes[i].needs) {
            all[i] = all[i] || all[need];
        }
    }
    return all;
}

}  // namespace

std::vector<bool> kept_nodes(const RefJob& before) {
    const Blueprint& blueprint = *before.blueprint;
    const std::vector<bool> bad = spoilt(before);
    std::vector<bool> kept(blueprint.nodes.size(), false);
    std::uint32_t last = core::no_index;
    for (std::uint32_t i = 0; i < blueprint.main_count; ++i) {
        kept[i] = before.recovery == core::OnFailure::retry_job && !bad[i];
        const bool is_passed = blueprint.nodes[i].kind == core::NodeKind::checkpoint &&
                               before.instances[i].state == NodeState::succeeded && !bad[i];
        if (is_passed && (last == core::no_index ||
                          before.instances[i].ended_at >= before.instances[last].ended_at)) {
            last = i;
        }
    }
    if (before.recovery == core::OnFailure::rollback_state && last != core::no_index) {
        kept = all_below(blueprint, last);
        kept[last] = true;
    }
    return kept;
}

void ref_keep(RefJob& job, const RefJob& before) {
    const auto keep = [](RefInstance& own, const RefInstance& former) {
        own.state = former.state;
        own.is_skipped_by_if = former.is_skipped_by_if;
        own.has_fallen_back = former.has_fallen_back;
        own.value = former.value;
    };
    const std::vector<bool> kept = kept_nodes(before);
    for (std::uint32_t i = 0; i < job.blueprint->main_count; ++i) {
        if (!kept[i]) {
            continue;
        }
        keep(job.instances[i], before.instances[i]);
        for (const RefMap& former : before.maps) {
            if (former.node != i) {
                continue;
            }
            RefMap map{i, static_cast<std::uint32_t>(job.instances.size()), former.count,
                       former.count};
            for (std::uint32_t item = 0; item < former.count; ++item) {
                RefInstance& own = job.instances.emplace_back();
                own.node = i;
                own.item = item;
                keep(own, before.instances[former.first + item]);
            }
            job.maps.push_back(map);
        }
    }
}

}  // namespace attacca::sim
