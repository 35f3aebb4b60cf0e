// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "base/check.h"
#include "core/job/hash_index.h"
#include "core/job/ids.h"

// Finds the slot of a live job by its id: each record looks its job up several times.

namespace attacca::core {

class JobIndex {
  public:
    // Precondition: the id is not there.
    void add(const JobId& id, std::uint32_t slot) {
        ATTACCA_CHECK(slots_.add(hash_of(id), slot, HashIndex::anywhere));
    }
    // Precondition: it is there.
    void remove(const JobId& id, std::uint32_t slot) {
        ATTACCA_CHECK(slots_.remove(hash_of(id), slot));
    }
    // The slot for which `is_it` holds among those that may be the id's; no_index when none is.
    template <typename IsIt>
    [[nodiscard]] std::uint32_t find(const JobId& id, IsIt&& is_it) const {
        return slots_.find(hash_of(id), is_it);
    }

  private:
    // The random half of the id, which the server draws; the other one is mostly its time.
    [[nodiscard]] static std::uint32_t hash_of(const JobId& id) {
        constexpr std::uint64_t odd = 0x9E3779B97F4A7C15ULL;  // Knuth's multiplicative hashing
        return static_cast<std::uint32_t>((id.uuid.half(8) * odd) >> 32U);
    }

    HashIndex slots_;
};

}  // namespace attacca::core
