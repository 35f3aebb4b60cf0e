// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cstdint>
#include <memory>
#include <type_traits>
#include <vector>

#include "base/large_block.h"

// Elements by number, in blocks: growing copies nothing, so no single addition is slow, and a
// reference stays good while others are added. The first block takes no more memory than its
// elements do; who needs more of them gets them in large pages.

namespace attacca::core::fair {

template <typename T>
class Slab {
  public:
    [[nodiscard]] T& operator[](std::uint32_t index) { return *at(index); }
    [[nodiscard]] const T& operator[](std::uint32_t index) const { return *at(index); }
    [[nodiscard]] std::uint32_t size() const { return size_; }

    // The number of a new element.
    std::uint32_t add() {
        if ((size_ >> bits) == blocks_.size()) {
            blocks_.push_back(new_large_block(size_ == 0 ? Paging::small : Paging::large));
        }
        std::construct_at(at(size_));
        return size_++;
    }

  private:
    // Nothing is destroyed but with the whole.
    static_assert(std::is_trivially_destructible_v<T> && std::has_single_bit(sizeof(T)));
    static constexpr std::uint32_t mask = large_block_bytes / sizeof(T) - 1;
    static constexpr unsigned bits = static_cast<unsigned>(std::countr_one(mask));

    [[nodiscard]] T* at(std::uint32_t index) const {
        return static_cast<T*>(blocks_[index >> bits].get()) + (index & mask);
    }

    std::vector<LargeBlock> blocks_;
    std::uint32_t size_ = 0;
};

}  // namespace attacca::core::fair
