// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/job/ids.h"

// Finds the slot of a live job by its id, in one or two steps however many there are: a tree of a
// million ids is twenty cache misses deep, and each record looks its job up several times.
//
// A table with open addressing that keeps 32 bits of a hash beside each slot. It is only ever
// asked, never walked, so its order decides nothing: equal input gives equal records all the same.

namespace attacca::core {

class JobIndex {
  public:
    // Precondition: the id is not there.
    void add(const JobId& id, std::uint32_t slot);
    // Precondition: it is there.
    void remove(const JobId& id, std::uint32_t slot);
    // The slot for which `is_it` holds among those that may be the id's; no_index when none is.
    template <typename IsIt>
    [[nodiscard]] std::uint32_t find(const JobId& id, IsIt&& is_it) const {
        if (entries_.empty()) {
            return no_index;
        }
        const std::uint32_t hash = hash_of(id);
        for (std::size_t at = home_of(hash); entries_[at].slot != no_index; at = after(at)) {
            if (entries_[at].hash == hash && is_it(entries_[at].slot)) {
                return entries_[at].slot;
            }
        }
        return no_index;
    }

  private:
    struct Entry {
        std::uint32_t hash = 0;
        std::uint32_t slot = no_index;  // no_index: nothing is here
    };

    // The random half of the id; the other one is mostly its time.
    [[nodiscard]] static std::uint32_t hash_of(const JobId& id) {
        constexpr std::uint64_t odd = 0x9E3779B97F4A7C15ULL;  // Knuth's multiplicative hashing
        return static_cast<std::uint32_t>((id.uuid.half(8) * odd) >> 32U);
    }
    [[nodiscard]] std::size_t home_of(std::uint32_t hash) const {
        return hash & (entries_.size() - 1);
    }
    [[nodiscard]] std::size_t after(std::size_t at) const {
        return (at + 1) & (entries_.size() - 1);
    }
    void grow();
    void put(Entry entry);

    std::vector<Entry> entries_;  // a power of two of them, at most half of them in use
    std::size_t used_ = 0;
};

}  // namespace attacca::core
