// SPDX-License-Identifier: Apache-2.0
#include "core/job/job_index.h"

#include <utility>

#include "base/check.h"

namespace attacca::core {

void JobIndex::add(const JobId& id, std::uint32_t slot) {
    ATTACCA_CHECK(slot != no_index);
    if (2 * (used_ + 1) > entries_.size()) {
        grow();
    }
    put({hash_of(id), slot});
    ++used_;
}

void JobIndex::put(Entry entry) {
    std::size_t at = home_of(entry.hash);
    while (entries_[at].slot != no_index) {
        at = after(at);
    }
    entries_[at] = entry;
}

void JobIndex::grow() {
    constexpr std::size_t entries_min = 16;
    const std::size_t size = entries_.empty() ? entries_min : 2 * entries_.size();
    const std::vector<Entry> former = std::exchange(entries_, std::vector<Entry>(size));
    for (const Entry& entry : former) {
        if (entry.slot != no_index) {
            put(entry);
        }
    }
}

void JobIndex::remove(const JobId& id, std::uint32_t slot) {
    ATTACCA_CHECK(used_ > 0);
    const std::uint32_t hash = hash_of(id);
    std::size_t hole = home_of(hash);
    while (entries_[hole].slot != slot) {
        ATTACCA_CHECK(entries_[hole].slot != no_index);
        hole = after(hole);
    }
    // What stands behind the hole moves up where it still lies at or behind its home, so that no
    // search ends too early and no mark of what was deleted is left.
    const std::size_t mask = entries_.size() - 1;
    for (std::size_t at = after(hole); entries_[at].slot != no_index; at = after(at)) {
        const std::size_t distance = (at - home_of(entries_[at].hash)) & mask;
        if (distance >= ((at - hole) & mask)) {
            entries_[hole] = entries_[at];
            hole = at;
        }
    }
    entries_[hole] = {};
    --used_;
}

}  // namespace attacca::core
