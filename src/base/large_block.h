// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>

// Memory in blocks of 2 MiB, for arrays that are reached at random and may become large. In one
// page such a block has one entry in the processor's tables, instead of 512 that are mostly not
// there: under a hypervisor that is a third of the time of a random access.

namespace attacca {

inline constexpr std::size_t large_block_bytes = std::size_t{2} << 20U;

struct FreeLargeBlock {
    void operator()(void* block) const;
};
using LargeBlock = std::unique_ptr<void, FreeLargeBlock>;

enum class Paging : bool {
    small,  // takes what is touched of it
    large,  // takes all of it with the first touch, where the system has such pages
};

// Aligned to its size; what stands in it is not known.
[[nodiscard]] LargeBlock new_large_block(Paging paging);

}  // namespace attacca
