// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/bytes.h"

// Which digests are named, in memory that is bounded however many there are: two bytes for each of
// as many as are expected, and never more than 16 MiB. What was added is always found. Some of
// what was not is found as well (1 of 400, as long as there are no more than expected): another
// `salt` finds others, so that what stays this time goes the next.

namespace attacca::engine {

class MarkFilter {
  public:
    static constexpr std::uint64_t bits_min = std::uint64_t{1} << 16U;
    static constexpr std::uint64_t bits_max = std::uint64_t{1} << 27U;

    MarkFilter(std::uint64_t expected, std::uint64_t salt)
        : mask_(std::bit_ceil(std::clamp(std::min(expected, bits_max) * bits_of_one, bits_min,
                                         bits_max)) -
                1),
          salt_(salt),
          words_((mask_ + 1) / word_bits) {}

    void add(const Sha256& digest) {
        for (const std::uint64_t bit : bits_of(digest)) {
            words_[bit / word_bits] |= std::uint64_t{1} << bit % word_bits;
        }
    }
    [[nodiscard]] bool may_hold(const Sha256& digest) const {
        const std::array<std::uint64_t, 4> bits = bits_of(digest);
        return std::all_of(bits.begin(), bits.end(), [this](std::uint64_t bit) {
            return (words_[bit / word_bits] >> bit % word_bits & 1U) != 0;
        });
    }
    [[nodiscard]] std::size_t bytes() const { return words_.size() * sizeof(words_[0]); }

  private:
    static constexpr std::uint64_t bits_of_one = 16;
    static constexpr std::uint64_t word_bits = 64;

    // Each quarter of a digest, mixed with the salt (the finish of MurmurHash3), is a place.
    [[nodiscard]] std::array<std::uint64_t, 4> bits_of(const Sha256& digest) const {
        std::array<std::uint64_t, 4> bits{};
        for (std::size_t i = 0; i < bits.size(); ++i) {
            std::uint64_t word = salt_ + i;
            for (std::size_t byte = 0; byte < 8; ++byte) {
                word ^= std::uint64_t{digest.bytes[8 * i + byte]} << 8 * byte;
            }
            word = (word ^ word >> 33U) * 0xFF51'AFD7'ED55'8CCDU;
            word = (word ^ word >> 33U) * 0xC4CE'B9FE'1A85'EC53U;
            bits[i] = (word ^ word >> 33U) & mask_;
        }
        return bits;
    }

    std::uint64_t mask_;  // one less than the number of bits, a power of two
    std::uint64_t salt_;
    std::vector<std::uint64_t> words_;
};

}  // namespace attacca::engine
