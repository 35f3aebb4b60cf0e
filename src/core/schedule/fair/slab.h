// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

// Elements by number, in blocks: growing copies nothing, so no single addition is slow, and a
// reference stays good while others are added.

namespace attacca::core::fair {

template <typename T, unsigned block_bits>
class Slab {
  public:
    [[nodiscard]] T& operator[](std::uint32_t index) {
        return (*blocks_[index >> block_bits])[index & mask];
    }
    [[nodiscard]] const T& operator[](std::uint32_t index) const {
        return (*blocks_[index >> block_bits])[index & mask];
    }
    [[nodiscard]] std::uint32_t size() const { return size_; }

    // The number of a new element.
    std::uint32_t add() {
        if ((size_ & mask) == 0 && (size_ >> block_bits) == blocks_.size()) {
            blocks_.push_back(std::make_unique<Block>());
        }
        return size_++;
    }

  private:
    static constexpr std::uint32_t mask = (1U << block_bits) - 1;
    using Block = std::array<T, 1U << block_bits>;

    std::vector<std::unique_ptr<Block>> blocks_;
    std::uint32_t size_ = 0;
};

}  // namespace attacca::core::fair
