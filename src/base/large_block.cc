// SPDX-License-Identifier: Apache-2.0
#include "base/large_block.h"

#include <sys/mman.h>

#include <new>

namespace attacca {

void FreeLargeBlock::operator()(void* block) const {
    ::operator delete(block, std::align_val_t{large_block_bytes});
}

LargeBlock new_large_block(Paging paging) {
    LargeBlock block(::operator new(large_block_bytes, std::align_val_t{large_block_bytes}));
    if (paging == Paging::large) {
        // A wish: where it is not granted all is the same, but slower.
        (void)::madvise(block.get(), large_block_bytes, MADV_HUGEPAGE);
    }
    return block;
}

}  // namespace attacca
