// SPDX-License-Identifier: Apache-2.0
#include "core/job/hash_index.h"

#include <algorithm>
#include <utility>

#include "base/check.h"

namespace attacca::core {

bool HashIndex::add(std::uint32_t hash, std::uint32_t number, std::size_t reach) {
    ATTACCA_CHECK(number != no_index);
    if (2 * (used_ + 1) > entries_.size()) {
        grow();
    }
    const bool is_added = put({hash, number}, reach);
    used_ += is_added ? 1U : 0U;
    return is_added;
}

bool HashIndex::put(Entry entry, std::size_t reach) {
    std::size_t at = home_of(entry.hash);
    std::size_t distance = 0;
    while (entries_[at].number != no_index) {
        if (distance == reach) {
            return false;
        }
        ++distance;
        at = after(at);
    }
    entries_[at] = entry;
    reach_ = std::max(reach_, distance);
    return true;
}

void HashIndex::grow() {
    constexpr std::size_t entries_min = 16;
    const std::size_t size = entries_.empty() ? entries_min : 2 * entries_.size();
    const std::vector<Entry> former = std::exchange(entries_, std::vector<Entry>(size));
    reach_ = 0;
    for (const Entry& entry : former) {
        if (entry.number != no_index) {
            ATTACCA_CHECK(put(entry, anywhere));
        }
    }
}

bool HashIndex::remove(std::uint32_t hash, std::uint32_t number) {
    std::size_t hole = place_of(hash, [&](std::uint32_t other) { return other == number; });
    if (hole == anywhere) {
        return false;
    }
    // What stands behind the hole moves up where it still lies at or behind its home, so that no
    // search ends too early and no mark of what was deleted is left. Nothing comes from beyond the
    // reach.
    const std::size_t mask = entries_.size() - 1;
    for (std::size_t at = after(hole);
         entries_[at].number != no_index && ((at - hole) & mask) <= reach_; at = after(at)) {
        const std::size_t distance = (at - home_of(entries_[at].hash)) & mask;
        if (distance >= ((at - hole) & mask)) {
            entries_[hole] = entries_[at];
            hole = at;
        }
    }
    entries_[hole] = {};
    --used_;
    return true;
}

}  // namespace attacca::core
