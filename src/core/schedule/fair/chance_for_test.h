// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

// Chance for tests: SplitMix64 from a seed. One draw per expression: their order is the compiler's.

namespace attacca::core::fair {

class Chance {
  public:
    explicit Chance(std::uint64_t seed) : state_(seed) {}

    std::uint64_t draw() {
        state_ += 0x9E3779B97F4A7C15ULL;
        std::uint64_t x = state_;
        x = (x ^ (x >> 30U)) * 0xBF58476D1CE4E5B9ULL;
        x = (x ^ (x >> 27U)) * 0x94D049BB133111EBULL;
        return x ^ (x >> 31U);
    }
    // 0 … bound - 1
    std::uint32_t below(std::uint32_t bound) {
        return static_cast<std::uint32_t>(((draw() >> 32U) * bound) >> 32U);
    }
    // Both ends included.
    std::int64_t between(std::int64_t low, std::int64_t high) {
        const auto width = static_cast<std::uint64_t>(high - low + 1);
        return low + static_cast<std::int64_t>(draw() % width);
    }

  private:
    std::uint64_t state_;
};

}  // namespace attacca::core::fair
