// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

// Virtual slot time: microseconds of a held slot, divided by the weight of who held it.
//
// One microsecond of a flow of weight w is 2^10/w virtual units; what the division leaves over is
// carried, so that no charge is lost however small. Instants are compared by the sign of their
// difference: the number may overflow, there are no epochs, no floating point, no NaN.

namespace attacca::core::fair {

using Virtual = std::uint64_t;
__extension__ using Wide = unsigned __int128;
__extension__ using SignedWide = __int128;

inline constexpr std::uint32_t weight_default = 1000;
inline constexpr std::uint32_t weight_max = 1'000'000;

// Virtual units of one microsecond at weight 1.
inline constexpr std::uint64_t unit_scale = 1024;

// 2^42/w: a cost in microseconds times this, shifted right by 32, is the cost in virtual units.
[[nodiscard]] constexpr std::uint64_t inverse_of(std::uint32_t weight) {
    return (std::uint64_t{1} << 42U) / weight;
}

// How far `a` is ahead of `b`; negative when it is behind.
[[nodiscard]] constexpr std::int64_t ahead(Virtual a, Virtual b) {
    return static_cast<std::int64_t>(a - b);
}

[[nodiscard]] constexpr Virtual later(Virtual a, Virtual b) { return ahead(a, b) >= 0 ? a : b; }

// The virtual length of `us` microseconds of one slot; the remainder is dropped.
[[nodiscard]] constexpr std::uint64_t virtual_of(std::uint64_t us, std::uint64_t inverse) {
    return static_cast<std::uint64_t>((Wide{us} * inverse) >> 32U);
}

// A position in virtual time with the remainder of its charges.
struct Service {
    Virtual v = 0;
    std::uint32_t rest = 0;

    constexpr void charge(std::uint64_t us, std::uint64_t inverse) {
        const Wide sum = Wide{us} * inverse + rest;
        v += static_cast<std::uint64_t>(sum >> 32U);
        rest = static_cast<std::uint32_t>(sum);
    }
    constexpr void refund(std::uint64_t us, std::uint64_t inverse) {
        const Wide whole = (Wide{v} << 32U) | rest;
        const Wide left = whole - Wide{us} * inverse;
        v = static_cast<std::uint64_t>(left >> 32U);
        rest = static_cast<std::uint32_t>(left);
    }
    constexpr void move_to(Virtual to) {
        v = to;
        rest = 0;
    }
};

// The position that keeps the lag behind (or ahead of) `clock` the same in slot time when the
// weight changes from `before` to `after`.
[[nodiscard]] constexpr Virtual reweighted(Virtual v, Virtual clock, std::uint32_t before,
                                           std::uint32_t after) {
    const SignedWide lag = SignedWide{ahead(v, clock)} * before / after;
    return clock + static_cast<Virtual>(static_cast<std::int64_t>(lag));
}

}  // namespace attacca::core::fair
