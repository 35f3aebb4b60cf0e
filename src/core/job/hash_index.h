// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "core/job/ids.h"

// Finds a number by a hash, in one or two steps however many there are: a tree of a million is
// twenty cache misses deep.
//
// A table with open addressing that keeps 32 bits of the hash beside each number. It is only ever
// asked, never walked, so its order decides nothing: equal input gives equal records all the same.

namespace attacca::core {

class HashIndex {
  public:
    static constexpr std::size_t anywhere = std::numeric_limits<std::size_t>::max();

    // False, and it is not there, when it would stand more than `reach` places from its home: so
    // far a search may have to go. Precondition: the pair is not there; number != no_index.
    [[nodiscard]] bool add(std::uint32_t hash, std::uint32_t number, std::size_t reach);
    // False when it is not there.
    [[nodiscard]] bool remove(std::uint32_t hash, std::uint32_t number);
    // The number for which `is_it` holds among those that have this hash; no_index when none is.
    template <typename IsIt>
    [[nodiscard]] std::uint32_t find(std::uint32_t hash, IsIt&& is_it) const {
        const std::size_t at = place_of(hash, is_it);
        return at == anywhere ? no_index : entries_[at].number;
    }
    // Such a hash is asked for soon: what will be looked at is brought into the cache.
    void expect(std::uint32_t hash) const {
        if (!entries_.empty()) {
            __builtin_prefetch(&entries_[home_of(hash)]);
        }
    }

  private:
    struct Entry {
        std::uint32_t hash = 0;
        std::uint32_t number = no_index;  // no_index: nothing is here
    };

    template <typename IsIt>
    [[nodiscard]] std::size_t place_of(std::uint32_t hash, IsIt&& is_it) const {
        if (entries_.empty()) {
            return anywhere;
        }
        std::size_t at = home_of(hash);
        for (std::size_t left = reach_ + 1; left > 0 && entries_[at].number != no_index; --left) {
            if (entries_[at].hash == hash && is_it(entries_[at].number)) {
                return at;
            }
            at = after(at);
        }
        return anywhere;
    }
    [[nodiscard]] std::size_t home_of(std::uint32_t hash) const {
        return hash & (entries_.size() - 1);
    }
    [[nodiscard]] std::size_t after(std::size_t at) const {
        return (at + 1) & (entries_.size() - 1);
    }
    void grow();
    [[nodiscard]] bool put(Entry entry, std::size_t reach);

    std::vector<Entry> entries_;  // a power of two of them, at most half of them in use
    std::size_t used_ = 0;
    std::size_t reach_ = 0;       // no entry stands farther from its home
};

}  // namespace attacca::core
