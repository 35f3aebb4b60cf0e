// SPDX-License-Identifier: Apache-2.0
#include "core/job/job.h"

namespace attacca::core {

const MapRun* Job::map_of(NodeIndex node) const {
    for (const MapRun& run : maps) {
        if (run.node == node) {
            return &run;
        }
    }
    return nullptr;
}

MapRun* Job::map_of(NodeIndex node) {
    for (MapRun& run : maps) {
        if (run.node == node) {
            return &run;
        }
    }
    return nullptr;
}

InstanceIndex Job::instance_of(NodeIndex node, std::optional<std::uint32_t> item) const {
    if (node >= definition->nodes.size()) {
        return no_index;
    }
    if (!item) {
        return node;
    }
    const MapRun* run = map_of(node);
    if (run == nullptr || *item >= run->count) {
        return no_index;
    }
    return run->first + *item;
}

}  // namespace attacca::core
