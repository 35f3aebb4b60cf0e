// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

// The only source of chance in the simulator: SplitMix64 (Steele, Lea, Flood 2014). One word of
// state, the same numbers on every machine. Never draw twice within one expression: the order of
// evaluation belongs to the compiler.

namespace attacca::sim {

[[nodiscard]] constexpr std::uint64_t mixed(std::uint64_t value) {
    value = (value ^ (value >> 30U)) * 0xBF58476D1CE4E5B9ULL;
    value = (value ^ (value >> 27U)) * 0x94D049BB133111EBULL;
    return value ^ (value >> 31U);
}

class Prng {
  public:
    explicit Prng(std::uint64_t seed) : state_(seed) {}

    [[nodiscard]] std::uint64_t draw() {
        state_ += 0x9E3779B97F4A7C15ULL;
        return mixed(state_);
    }
    // 0 … bound-1; 0 for a bound of 0.
    [[nodiscard]] std::uint32_t below(std::uint32_t bound) {
        return static_cast<std::uint32_t>(((draw() >> 32U) * bound) >> 32U);
    }
    // Both ends included.
    [[nodiscard]] std::int64_t between(std::int64_t low, std::int64_t high) {
        const auto width = static_cast<std::uint32_t>(high - low + 1);
        return low + static_cast<std::int64_t>(below(width));
    }
    [[nodiscard]] bool chance(std::uint32_t per_thousand) { return below(1000) < per_thousand; }

  private:
    std::uint64_t state_;
};

}  // namespace attacca::sim
